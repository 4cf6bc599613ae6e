"""Bronze tables: immutable Parquet files per table and load, sorted by record id; mostly one, of large tables several.

A load is written under temporary names in the tables' folders. Sealing syncs and renames them; a
writer that is given up, or whose process dies, leaves only temporary files, which `sweep` removes.
"""

import contextlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.lake.bronze_part import RECORD_ID, TEMPORARY, Part, make_durable
from linernotes.ports.landing import ArrowRows, ArrowSchema
from linernotes.ports.loads import Load, LoadFile

if TYPE_CHECKING:  # pyarrow takes 50 MB, and who brings whole files goes without
    from linernotes.lake.bronze_table import TableWriter

BUFFER_BYTES = 16 << 20
"""Rows waiting to be written, over all tables of a writer."""
COLUMN_CHUNKS_PER_FILE = 1_024
"""What a Parquet writer knows of each column of each row group stays in memory until its file ends: 870 bytes."""
_WRITING = ".writing"


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
        import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

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
        self._tables: dict[str, TableWriter] = {}
        self._added: dict[str, Part] = {}
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
        import pyarrow as pa  # noqa: PLC0415 - heavy

        from linernotes.lake.bronze_table import TableWriter  # noqa: PLC0415 - heavy

        if table not in self._tables:
            with _translated(self._root / table):
                self._tables[table] = TableWriter(
                    self._temporary(table),
                    pa.schema(schema),
                    load_id=self._load_id,
                    row_groups_per_file=max(1, self._column_chunks_per_file // (1 + len(pa.schema(schema)))),
                )

    def write(self, table: str, rows: ArrowRows) -> None:
        """Add rows with `record_id` as their first column; `load_id` is put before it.

        Raises:
            FatalError: The disk is full, or the file cannot be written.
        """
        import pyarrow as pa  # noqa: PLC0415 - heavy

        batch = rows if isinstance(rows, pa.RecordBatch) else pa.record_batch(rows)
        self.declare(table, batch.schema)
        with _translated(self._root / table):
            self._tables[table].add(batch)
            while sum(one.waiting_bytes for one in self._tables.values()) > self._buffer_bytes:
                max(self._tables.values(), key=lambda one: one.waiting_bytes).flush()

    def add_file(self, table: str, fill: Callable[[Path], int]) -> int:
        """Have a table's file written whole by somebody else, and answer how many rows it has.

        Args:
            table: A table that nothing else of this load writes.
            fill: Writes Parquet to the path that it is given, `load_id` and `record_id` as the first columns, sorted
                by record id; answers the number of rows.

        Raises:
            FatalError: The folder cannot be written.
        """
        with _translated(self._root / table):
            part = self._added[table] = Part(self._temporary(table))
            part.row_count = fill(part.path)
        return part.row_count

    def seal(self) -> tuple[LoadFile, ...]:
        """Make the files durable under their final names, and answer what they are.

        Raises:
            FatalError: The disk is full, or a file cannot be written.
        """
        for table in self._tables.values():
            with _translated(table.path):
                table.finish(self._scratch)
        for part in self._added.values():
            with _translated(part.path):
                make_durable(part.path)
        parts = {name: [part] for name, part in self._added.items()}
        parts |= {name: table.parts for name, table in self._tables.items()}
        sealed: list[LoadFile] = []
        try:
            for name in sorted(parts):
                for number, part in enumerate(parts[name], 1):
                    sealed.append(self._publish(name, number, part))
        except BaseException:
            for file in sealed:
                (self._root / file.path).unlink(missing_ok=True)
            raise
        return tuple(sealed)

    def _temporary(self, table: str) -> Path:
        folder = self._root / table
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f".{self._load_id}.{self._token}{TEMPORARY}"

    def _publish(self, name: str, number: int, part: Part) -> LoadFile:
        final = part.path.with_name(f"{self._load_id}{'' if number == 1 else f'-{number}'}.parquet")
        with _translated(final):
            failpoints.hit("bronze.rename.before")
            part.path.replace(final)
            failpoints.hit("bronze.rename.after")
            _sync_folder(final.parent)
            size_bytes = final.stat().st_size
        path = final.relative_to(self._root).as_posix()
        return LoadFile(table=name, path=path, row_count=part.row_count, size_bytes=size_bytes)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; systems whose folders cannot be opened do that by themselves."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_temporary(root: Path, token: str) -> int:
    files = list(root.glob(f"*/.*.{token}*{TEMPORARY}"))
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
