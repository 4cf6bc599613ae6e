"""One bronze table being written: Parquet files, row group by row group, in bounded memory."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linernotes.lake.bronze_part import RECORD_ID, TEMPORARY, Part, make_durable

LOAD_ID = "load_id"
ROW_GROUP_ROWS = 122_880
"""DuckDB's own row group size; a look-up of one record reads one of these per table."""
_REPETITIVE = 0.5
_SAMPLE_ROWS = 8192
"""A column is worth a dictionary if at most half of its first values are distinct."""
_SORT_MEMORY = "200MB"


class TableWriter:
    """The Parquet files of one table being written, row group by row group."""

    def __init__(self, path: Path, schema: pa.Schema, *, load_id: str, row_groups_per_file: int) -> None:
        self.path = path
        self.parts: list[Part] = []
        self.waiting_bytes = 0
        self._row_groups_per_file = row_groups_per_file
        self._values = schema
        self._schema = pa.schema([pa.field(LOAD_ID, pa.dictionary(pa.int8(), pa.string()), nullable=False), *schema])
        self._load_id = pa.array([load_id])
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._last: int | None = None
        self._is_sorted = True
        self._writer: pq.ParquetWriter | None = None
        self._begin_part()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take rows; write them when a row group is full."""
        if not batch.num_rows:
            return
        self._is_sorted = self._is_sorted and self._follows(batch.column(RECORD_ID))
        self._last = batch.column(RECORD_ID)[-1].as_py()
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self.waiting_bytes += batch.nbytes
        if self._waiting_rows >= ROW_GROUP_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as a row group, in a further file if this one has enough."""
        if self._row_groups >= self._row_groups_per_file:
            self.close()
            self._begin_part()
        table = pa.Table.from_batches(self._waiting, schema=self._values)
        if self._writer is None:
            self._writer = _open(self.parts[-1].path, self._schema, _repetitive(table))
        constant = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), table.num_rows), self._load_id)
        self._writer.write_table(table.add_column(0, self._schema.field(0), constant), row_group_size=ROW_GROUP_ROWS)
        self._row_groups += 1
        self.parts[-1].row_count += table.num_rows
        self._waiting, self._waiting_rows, self.waiting_bytes = [], 0, 0

    def finish(self, scratch: Path) -> None:
        """Write the rest and the footer; sort the rows where they did not come in order."""
        if self._waiting or self._writer is None:
            self.flush()
        self.close()
        if not self._is_sorted:
            indexes = [field.name for field in self._schema if pa.types.is_int32(field.type)]
            _sort([part.path for part in self.parts], [RECORD_ID, *indexes], scratch)
            self.parts = [Part(self.parts[0].path, sum(part.row_count for part in self.parts))]
        for part in self.parts:
            make_durable(part.path)

    def close(self) -> None:
        """End the file that is being written."""
        if self._writer:
            self._writer.close()
            self._writer = None

    def _begin_part(self) -> None:
        number = len(self.parts)
        self.parts.append(Part(self.path.with_suffix(f".{number}{TEMPORARY}") if number else self.path))
        self.parts[-1].path.touch()
        self._row_groups = 0

    def _follows(self, record_ids: pa.Array) -> bool:
        if self._last is not None and record_ids[0].as_py() < self._last:
            return False
        return bool(pc.all(pc.less_equal(record_ids[:-1], record_ids[1:]), min_count=0).as_py())


def _open(path: Path, schema: pa.Schema, repetitive: Sequence[str]) -> pq.ParquetWriter:
    """A writer that keeps dictionaries only where values repeat: a fifth faster, and smaller, than everywhere."""
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[LOAD_ID, *repetitive],
        column_encoding={RECORD_ID: "DELTA_BINARY_PACKED"},
        write_statistics=[RECORD_ID],
        store_schema=False,
    )


def _repetitive(table: pa.Table) -> list[str]:
    sample = table.slice(0, _SAMPLE_ROWS)
    texts = [name for name in sample.column_names if pa.types.is_string(sample[name].type)]
    return [name for name in texts if pc.count_distinct(sample[name]).as_py() <= _REPETITIVE * sample.num_rows]


def _sort(paths: Sequence[Path], keys: Sequence[str], scratch: Path) -> None:
    """Sort the rows of some files on disk, in bounded memory, into the first of them; the others go."""
    import duckdb  # noqa: PLC0415 - only dumps that are out of order need it

    by = ", ".join(f'"{key}"' for key in keys)
    target = scratch / paths[0].name
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _SORT_MEMORY,
        "threads": 1,
        "temp_directory": str(scratch),
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_parquet(?) ORDER BY {by}) TO '{str(target).replace(chr(39), chr(39) * 2)}'"  # noqa: S608 - our own column names
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS})",
            [[str(path) for path in paths]],
        )
    target.replace(paths[0])
    for path in paths[1:]:
        path.unlink()
