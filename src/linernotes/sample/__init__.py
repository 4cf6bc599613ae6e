"""The bundled sample: two successive Discogs months, small enough to read (see discogs/README.md)."""

import gzip
import hashlib
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
