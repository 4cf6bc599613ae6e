"""What tests of landing share: dumps from bytes, landed in memory."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from linernotes.ports.landing import Landed
from linernotes.sources.discogs.landing import DiscogsLander, LandingSettings
from tests.fakes.bronze import MemoryBronze, MemoryWriter
from tests.fakes.progress import RecordedProgress

LOAD_ID = UUID("01939c2e-7e4a-7000-8000-000000000001")
NOW = datetime(2024, 12, 1, tzinfo=UTC)


@dataclass(frozen=True)
class InMemory:
    """What a landing left."""

    landed: Landed
    writer: MemoryWriter
    progress: RecordedProgress

    @property
    def tables(self) -> dict[str, pa.Table]:
        """Rows by table, hashes and gone records left out; tables without rows too."""
        names = [name for name in self.writer.tables if not name.endswith(("_hash", "_gone"))]
        return {name: rows for name in names if (rows := self.writer.rows(name)).num_rows}

    @property
    def ids(self) -> list[int]:
        """Ids of the records landed."""
        (table,) = (name for name in self.writer.schemas if name.count("_") == 1)
        found: list[int] = self.writer.rows(table)["record_id"].to_pylist()
        return found

    @property
    def gone(self) -> list[int]:
        """Ids of the records that are gone."""
        tables = [name for name in self.writer.schemas if name.endswith("_gone")]
        return [record_id for name in tables for record_id in self.writer.rows(name)["record_id"].to_pylist()]


def zipped(folder: Path, entity: str, records: Sequence[bytes]) -> Path:
    """A dump file of these records."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"discogs_20241201_{entity}s.xml.gz"
    root = f"{entity}s".encode()
    path.write_bytes(gzip.compress(b"<%s>\n%s\n</%s>\n" % (root, b"\n".join(records), root), 1, mtime=0))
    return path


def land(
    path: Path,
    entity: str,
    *,
    previous: InMemory | None = None,
    settings: LandingSettings | None = None,
    bronze: MemoryBronze | None = None,
) -> InMemory:
    """Land a file in memory, compared with what was landed before."""
    bronze, progress = bronze or MemoryBronze(), RecordedProgress()
    hashes = [path.with_name(f"previous-{number}.parquet") for number in (1, 2)] if previous else []
    if previous:
        rows = previous.writer.rows(f"discogs_{entity}_hash")
        half = len(rows) // 2
        for file, part in zip(hashes, (rows.slice(0, half), rows.slice(half)), strict=True):
            pq.write_table(part, file, row_group_size=7)
    lander = DiscogsLander(bronze, now=lambda: NOW, settings=settings)
    landed = lander.land(path, entity=entity, load_id=LOAD_ID, previous_hashes=hashes, progress=progress)
    return InMemory(landed, bronze.writers[-1], progress)
