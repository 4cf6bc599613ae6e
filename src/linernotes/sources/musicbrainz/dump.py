"""A MusicBrainz dump as tables: members of its archives are read in a stream, each needed one into a Parquet file."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.ports.progress import Progress, Task
from linernotes.sources.musicbrainz.copy_text import BadLine, CopyReader
from linernotes.sources.musicbrainz.disk import storage_errors
from linernotes.sources.musicbrainz.extracts import columns_read
from linernotes.sources.musicbrainz.schema import COLUMNS, keys_of, type_of
from linernotes.sources.musicbrainz.server import literal
from linernotes.sources.musicbrainz.stamp import TABLE_PREFIX
from linernotes.wire.archive import Stream, open_archive

BAD_LINES_LIMIT = 0.01
"""A table of which more cannot be read is not what we think it is."""
_ROW_GROUP_ROWS = 122_880
_BAD_LINES_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable:
    """One table that was read."""

    name: str
    bad_count: int
    """Rows that cannot be read."""
    bad: tuple[BadLine, ...]
    """The first thousand of them."""


class DumpTables:
    """The tables of one dump, in a folder; one that stands there already is not read again."""

    def __init__(self, archives: Sequence[Path], folder: Path, *, threads: int = 2) -> None:
        """Name the dump.

        Args:
            archives: `mbdump.tar.bz2`, and `mbdump-derived.tar.bz2` for tags.
            folder: Where the tables of this dump and no other go.
            threads: How many decode at a time.
        """
        self._archives = archives
        self._folder = folder
        self._threads = threads

    def read(self, progress: Progress) -> Sequence[ReadTable]:
        """Read every table that an extract asks for.

        Raises:
            FatalError: An archive is damaged, more than a few rows of a table cannot be read, or the disk is full.
        """
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._archives:
                self._read_archive(path, progress)
            return [self._recorded(path) for path in sorted(self._folder.glob("*.json"))]

    def _read_archive(self, path: Path, progress: Progress) -> None:
        with (
            progress.task(f"tables of {path.name}", unit="rows") as task,
            open_archive(path, threads=self._threads) as members,
        ):
            for name, content in members:
                table = name.removeprefix(TABLE_PREFIX)
                if name.startswith(TABLE_PREFIX) and table in COLUMNS and not self._is_read(table):
                    self._read_table(table, content, task)

    def _is_read(self, table: str) -> bool:
        """Whether a table is there with the columns that are wanted now."""
        note = self._note(table)
        return note.exists() and json.loads(note.read_text(encoding="utf-8"))["columns"] == list(columns_read(table))

    def _read_table(self, name: str, content: Stream, task: Task) -> None:
        reader = CopyReader(COLUMNS[name], kept=columns_read(name), type_of=type_of)
        bad: list[BadLine] = []
        bad_count = row_count = 0
        target = self._file(name)
        fresh = target.with_suffix(".tmp")
        with pq.ParquetWriter(fresh, reader.schema, compression="zstd", compression_level=1) as file:
            for rows in reader.read(content):
                file.write_table(rows.table, row_group_size=_ROW_GROUP_ROWS)
                row_count += rows.table.num_rows
                task.advance(rows.table.num_rows)
                bad_count += len(rows.bad)
                bad += rows.bad[: _BAD_LINES_KEPT - len(bad)]
        if bad_count > BAD_LINES_LIMIT * (row_count + bad_count) and bad_count > 1:
            fresh.unlink()
            raise FatalError(
                f"{bad_count:,} of {row_count + bad_count:,} rows of {name} cannot be read, first"
                f" row {bad[0].number}: {bad[0].reason}; is the dump whole? download it again"
            )
        failpoints.hit("dump_table.rename.before")
        fresh.replace(target)
        failpoints.hit("dump_table.rename.after")
        note = {
            "columns": list(columns_read(name)),
            "bad_count": bad_count,
            "bad": [[line.number, line.body.hex(), line.reason] for line in bad],
        }
        noted = self._note(name).with_suffix(".tmp-json")
        noted.write_text(json.dumps(note), encoding="utf-8")
        noted.replace(self._note(name))

    def _recorded(self, note: Path) -> ReadTable:
        read = json.loads(note.read_text(encoding="utf-8"))
        bad = tuple(BadLine(number, bytes.fromhex(body), reason) for number, body, reason in read["bad"])
        return ReadTable(name=note.stem, bad_count=read["bad_count"], bad=bad)

    def _file(self, table: str) -> Path:
        return self._folder / f"{table}.parquet"

    def _note(self, table: str) -> Path:
        """Written last: a table with its note is whole."""
        return self._folder / f"{table}.json"


def checksums(archives: Sequence[Path], progress: Progress) -> Sequence[str]:
    """SHA-256 of each archive.

    Raises:
        FatalError: One cannot be read.
    """
    sums = []
    for path in archives:
        try:
            with (
                path.open("rb") as file,
                progress.task(f"checksum of {path.name}", total=path.stat().st_size, unit="bytes"),
            ):
                sums.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise FatalError(f"cannot read {path}: {error.strerror}") from error
    return sums


def combined(sums: Sequence[str]) -> str:
    """One SHA-256 for all of them in any order, which tells whether a dump was loaded before; of one its own."""
    return sums[0] if len(sums) == 1 else hashlib.sha256("".join(sorted(sums)).encode()).hexdigest()


class DumpOrigin:
    """The tables of a dump that were read, with what changed in them since, for queries."""

    def __init__(
        self,
        tables: Sequence[ReadTable],
        folder: Path,
        connection: duckdb.DuckDBPyConnection,
        *,
        changes: Mapping[str, Path],
    ) -> None:
        """Name the tables, the folder they are in, and by table the file of the rows that changed or are gone."""
        self.tables = frozenset(table.name for table in tables)
        self.connection = connection
        for name in sorted(self.tables):
            rows = f"FROM read_parquet({literal(str(folder / f'{name}.parquet'))})"
            if name in changes:
                changed = f"FROM read_parquet({literal(str(changes[name]))})"
                rows = (
                    f"{rows} ANTI JOIN ({changed}) AS changed USING ({', '.join(keys_of(name))})"
                    f" UNION ALL BY NAME SELECT * EXCLUDE (is_gone) {changed} WHERE NOT is_gone"
                )
            connection.execute(f'CREATE VIEW "{name}" AS {rows}')

    def select(self, sql: str) -> str:
        """The query as it stands: views have the names of MusicBrainz' tables."""
        return sql

    def is_parallel(self, sql: str) -> bool:
        """No: files are read faster than rows are made of them."""
        return False

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Say what went wrong with the files."""
        try:
            yield
        except (duckdb.Error, pa.ArrowException) as error:
            raise FatalError(f"cannot read the tables of the dump: {str(error).splitlines()[0]}") from error
