"""Bronze that stays in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from linernotes.ports.landing import ArrowRows, ArrowSchema
from linernotes.ports.loads import LoadFile


@dataclass
class MemoryWriter:
    """The tables of one load."""

    tables: dict[str, list[pa.RecordBatch]] = field(default_factory=dict)
    schemas: dict[str, pa.Schema] = field(default_factory=dict)
    is_sealed: bool = False

    def declare(self, table: str, schema: ArrowSchema) -> None:
        self.schemas.setdefault(table, pa.schema(schema))
        self.tables.setdefault(table, [])

    def write(self, table: str, rows: ArrowRows) -> None:
        batch = pa.record_batch(rows)
        batch.validate(full=True)
        self.declare(table, batch.schema)
        self.tables[table].append(batch)

    def add_file(self, table: str, fill: Callable[[Path], int]) -> int:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "table.parquet"
            count = fill(path)
            rows = pq.read_table(path).drop_columns(["load_id"])
        self.schemas[table], self.tables[table] = rows.schema, rows.to_batches()
        return count

    def seal(self) -> tuple[LoadFile, ...]:
        self.is_sealed = True
        return tuple(
            LoadFile(table=name, path=f"{name}/load.parquet", row_count=self.rows(name).num_rows, size_bytes=0)
            for name in sorted(self.tables)
        )

    def rows(self, table: str) -> pa.Table:
        """Everything written to a table, sorted as the file would be."""
        rows = pa.Table.from_batches(self.tables[table], schema=self.schemas[table])
        return rows.sort_by([(item.name, "ascending") for item in rows.schema if not pa.types.is_string(item.type)])


@dataclass
class MemoryBronze:
    """Hands out one writer after the other."""

    writers: list[MemoryWriter] = field(default_factory=list)

    @contextmanager
    def writer(self, load_id: UUID) -> Iterator[MemoryWriter]:
        self.writers.append(MemoryWriter())
        yield self.writers[-1]
