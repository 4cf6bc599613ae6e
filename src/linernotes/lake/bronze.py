"""Bronze tables: immutable Parquet files per table and load, sorted by record id; mostly one, of large tables several.

A load is written under temporary names in the tables' folders. Sealing syncs and renames them; a
writer that is given up, or whose process dies, leaves only temporary files, which `sweep` removes.
"""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.ports.landing import ArrowRows, ArrowSchema
from linernotes.ports.loads import Load, LoadFile

RECORD_ID = "record_id"
LOAD_ID = "load_id"
ROW_GROUP_ROWS = 122_880
"""DuckDB's own row group size; a look-up of one record reads one of these per table."""
BUFFER_BYTES = 16 << 20
"""Rows waiting to be written, over all tables of a writer."""
COLUMN_CHUNKS_PER_FILE = 1_024
"""What a Parquet writer knows of each column of each row group stays in memory until its file ends: 870 bytes."""
_REPETITIVE = 0.5
_SAMPLE_ROWS = 8192
"""A column is worth a dictionary if at most half of its first values are distinct."""
_SORT_MEMORY = "200MB"
_WRITING = ".writing"
_TEMPORARY = ".tmp"


class BronzeTables:
    """The tables in `<root>/<table>/<load_id>.parquet`, further files of a load in `<load_id>-2.parquet` and so on."""

    def __init__(
        self, root: Path, *, buffer_bytes: int = BUFFER_BYTES, column_chunks_per_file: int = COLUMN_CHUNKS_PER_FILE
    ) -> None:
        self._root = root
        self._buffer_bytes = buffer_bytes
        self._column_chunks_per_file = column_chunks_per_file

    def path_of(self, file: LoadFile) -> Path:
        """Where a file of a load is."""
        return self._root / file.path

    def writer(self, load_id: uuid.UUID) -> "BronzeWriter":
        """Begin to write the files of a load; leaving the block without `seal` removes them.

        Raises:
            FatalError: The folder cannot be written.
        """
        with _translated(self._root):
            return BronzeWriter(
                self._root,
                load_id,
                buffer_bytes=self._buffer_bytes,
                column_chunks_per_file=self._column_chunks_per_file,
            )

    def record(self, load: Load, record_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The rows of one record as received, by table; tables without rows of it are left out."""
        found = {}
        for file in load.files:
            rows = pq.read_table(self.path_of(file), filters=[(RECORD_ID, "=", record_id)]).to_pylist()
            if rows:
                found[file.table] = rows
        return found

    def sweep(self) -> int:
        """Remove what writers whose process is gone have left, and answer how many files that were."""
        removed = 0
        for lock_file in sorted((self._root / _WRITING).glob("*.lock")):
            lock = FileLock(lock_file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            removed += _remove_temporary(self._root, lock_file.stem)
            lock.release()
            lock_file.unlink(missing_ok=True)
        return removed


class BronzeWriter:
    """Writes the files of one load."""

    def __init__(self, root: Path, load_id: uuid.UUID, *, buffer_bytes: int, column_chunks_per_file: int) -> None:
        self._root = root
        self._load_id = str(load_id)
        self._token = uuid.uuid4().hex
        self._scratch = root / _WRITING / self._token
        self._buffer_bytes = buffer_bytes
        self._column_chunks_per_file = column_chunks_per_file
        self._tables: dict[str, _TableWriter] = {}
        self._scratch.mkdir(parents=True)
        self._lock = FileLock(self._scratch.with_suffix(".lock"))
        self._lock.acquire(timeout=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for table in self._tables.values():
            with contextlib.suppress(OSError):
                table.close()
        _remove_temporary(self._root, self._token)
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def declare(self, table: str, schema: ArrowSchema) -> None:
        """Make sure that the load has a file for a table, be it without rows."""
        if table not in self._tables:
            folder = self._root / table
            with _translated(folder):
                folder.mkdir(parents=True, exist_ok=True)
                self._tables[table] = _TableWriter(
                    folder / f".{self._load_id}.{self._token}{_TEMPORARY}",
                    pa.schema(schema),
                    load_id=self._load_id,
                    row_groups_per_file=max(1, self._column_chunks_per_file // (1 + len(pa.schema(schema)))),
                )

    def write(self, table: str, rows: ArrowRows) -> None:
        """Add rows with `record_id` as their first column; `load_id` is put before it.

        Raises:
            FatalError: The disk is full, or the file cannot be written.
        """
        batch = rows if isinstance(rows, pa.RecordBatch) else pa.record_batch(rows)
        self.declare(table, batch.schema)
        with _translated(self._root / table):
            self._tables[table].add(batch)
            while sum(one.waiting_bytes for one in self._tables.values()) > self._buffer_bytes:
                max(self._tables.values(), key=lambda one: one.waiting_bytes).flush()

    def seal(self) -> tuple[LoadFile, ...]:
        """Make the files durable under their final names, and answer what they are.

        Raises:
            FatalError: The disk is full, or a file cannot be written.
        """
        for table in self._tables.values():
            with _translated(table.path):
                table.finish(self._scratch)
        sealed: list[LoadFile] = []
        try:
            for name, table in sorted(self._tables.items()):
                for number, part in enumerate(table.parts, 1):
                    sealed.append(self._publish(name, number, part))
        except BaseException:
            for file in sealed:
                (self._root / file.path).unlink(missing_ok=True)
            raise
        return tuple(sealed)

    def _publish(self, name: str, number: int, part: "_Part") -> LoadFile:
        final = part.path.with_name(f"{self._load_id}{'' if number == 1 else f'-{number}'}.parquet")
        with _translated(final):
            failpoints.hit("bronze.rename.before")
            part.path.replace(final)
            failpoints.hit("bronze.rename.after")
            _sync_folder(final.parent)
            size_bytes = final.stat().st_size
        path = final.relative_to(self._root).as_posix()
        return LoadFile(table=name, path=path, row_count=part.row_count, size_bytes=size_bytes)


@dataclass(slots=True)
class _Part:
    """One file of a table."""

    path: Path
    row_count: int = 0


class _TableWriter:
    """The Parquet files of one table being written, row group by row group."""

    def __init__(self, path: Path, schema: pa.Schema, *, load_id: str, row_groups_per_file: int) -> None:
        self.path = path
        self.parts: list[_Part] = []
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
            self.parts = [_Part(self.parts[0].path, sum(part.row_count for part in self.parts))]
        for part in self.parts:
            with part.path.open("rb") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """End the file that is being written."""
        if self._writer:
            self._writer.close()
            self._writer = None

    def _begin_part(self) -> None:
        number = len(self.parts)
        self.parts.append(_Part(self.path.with_suffix(f".{number}{_TEMPORARY}") if number else self.path))
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


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; systems whose folders cannot be opened do that by themselves."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_temporary(root: Path, token: str) -> int:
    files = list(root.glob(f"*/.*.{token}*{_TEMPORARY}"))
    for file in files:
        file.unlink(missing_ok=True)
    shutil.rmtree(root / _WRITING / token, ignore_errors=True)
    return len(files)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what the system says into one clear line."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FatalError(f"cannot write bronze at {path}: {reason}") from error
