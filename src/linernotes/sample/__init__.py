"""The bundled sample: two months of Discogs and of MusicBrainz, small enough to read (see their README.md)."""

import bz2
import gzip
import hashlib
import io
import tarfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

MONTHS = ("2024-11", "2024-12")
"""The last month of the old era and the first of the new."""


def write_dumps(folder: Path, *, months: Sequence[str] = MONTHS) -> None:
    """Write the sample as Discogs hands out its dumps: `.xml.gz` files and a CHECKSUM file for each month.

    The same bytes each time: the gzip headers carry no time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for month in months:
        checksums = []
        for source in sorted(files(__name__).joinpath("discogs", month).iterdir(), key=lambda entry: entry.name):
            name = f"{source.name}.gz"
            content = gzip.compress(source.read_bytes(), mtime=0)
            (folder / name).write_bytes(content)
            checksums.append(f"{hashlib.sha256(content).hexdigest()} *{name}\n")
        stamp = f"{month.replace('-', '')}01"
        (folder / f"discogs_{stamp}_CHECKSUM.txt").write_text("".join(checksums), encoding="ascii")


DUMPS = ("2024-11-02", "2024-12-04")
"""Days of the MusicBrainz dumps; of the second only the tables stand here that are not those of the first."""
_SCHEMA_SEQUENCE = 31
_DERIVED = "tag"
"""Tables of this ending are in `mbdump-derived`."""


def write_musicbrainz(folder: Path, *, days: Sequence[str] = DUMPS) -> Sequence[Sequence[Path]]:
    """Write the sample as MusicBrainz hands out its dumps, and answer the two archives of each day.

    The same bytes each time: the archives carry no time of their own.
    """
    first, *_ = tables = [_tables(day) for day in DUMPS]
    written = []
    for day, own in zip(DUMPS, tables, strict=True):
        if day in days:
            place = folder / f"{day.replace('-', '')}-001500"
            place.mkdir(parents=True, exist_ok=True)
            contents = first | own
            derived = {name for name in contents if name.endswith(_DERIVED)}
            written.append(
                [
                    _write_archive(place / "mbdump.tar.bz2", day, contents, sorted(contents.keys() - derived)),
                    _write_archive(place / "mbdump-derived.tar.bz2", day, contents, sorted(derived)),
                ]
            )
    return written


def _tables(day: str) -> dict[str, bytes]:
    return {table.name: table.read_bytes() for table in files(__name__).joinpath("musicbrainz", day).iterdir()}


def _write_archive(path: Path, day: str, contents: dict[str, bytes], names: Sequence[str]) -> Path:
    facts = {
        "TIMESTAMP": f"{day} 00:15:00.000000+00\n",
        "COPYING": "The sample of Linernotes; see its README.\n",
        "README": "A sample in the format of MusicBrainz' dumps.\n",
        "REPLICATION_SEQUENCE": "0\n",
        "SCHEMA_SEQUENCE": f"{_SCHEMA_SEQUENCE}\n",
    }
    members = {name: text.encode() for name, text in facts.items()}
    members |= {f"mbdump/{name}": contents[name] for name in names}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    path.write_bytes(bz2.compress(packed.getvalue()))
    return path
