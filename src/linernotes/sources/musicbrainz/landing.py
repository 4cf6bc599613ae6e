"""Landing: one entity of MusicBrainz into bronze, whole or what is new, changed and gone since the load before.

The rows of each extract go to a file first. From them every record gets a hash over all its rows in all tables, and
the comparison with the hashes of the load before tells which records to land. Nothing is taken from `last_updated`:
it is the time when a transaction began, tells nothing of what was deleted, and half of the tables have none.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

import duckdb
import pyarrow as pa

from linernotes.errors import FatalError
from linernotes.ports.landing import Bronze, BronzeWriter, Landed
from linernotes.ports.loads import LoadKind
from linernotes.ports.progress import Progress
from linernotes.sources.musicbrainz.extracts import Extract, available, extracts

SOURCE = "musicbrainz"
_BATCH_ROWS = 20_000
_HASH_RANGE = 2**64
_TYPES = {"record_id": "BIGINT", "SMALLINT": "INTEGER", "UUID": "VARCHAR"}
"""What a column becomes, by its name or by its type."""
_COUNTS = """
    SELECT
        count(*) AS record_count,
        count(*) FILTER (WHERE p.record_id IS NULL) AS new_count,
        count(*) FILTER (WHERE p.record_hash IS DISTINCT FROM n.record_hash) AS landed_count
    FROM record_hash AS n
    LEFT JOIN previous_hash AS p USING (record_id)
"""


class Origin(Protocol):
    """Where MusicBrainz' tables are."""

    tables: frozenset[str]
    """Those that are there."""
    is_part: bool
    """Whether it shows only some records, so that absence says nothing."""
    connection: duckdb.DuckDBPyConnection
    """Where its queries run, and with its memory limit all else."""

    def select(self, extract: Extract) -> str:
        """An SQL SELECT for `connection` that gives the rows of an extract."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in `connection` into an error of ours."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBrainzLander:
    """Lands the entities of one origin."""

    bronze: Bronze
    origin: Origin
    scratch: Path
    """A folder for what is read, emptied after every entity."""

    @property
    def entities(self) -> Sequence[str]:
        """What can be landed, in order."""
        return tuple(available(self.origin.tables))

    def land(self, entity: str, *, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress) -> Landed:
        """Write the records of one entity to bronze: all of them, or those new or changed since the load before.

        Args:
            entity: One of `entities`.
            load_id: Names the files and stands in every row.
            previous_hashes: The record hashes that the load before left, in order; without any, everything lands.
            progress: Told the tables done.

        Raises:
            FatalError: The origin cannot be used, or bronze cannot be written.
            TransientError: The origin did not answer.
        """
        queries = available(self.origin.tables)[entity]
        with self._clean_scratch(), self.bronze.writer(load_id) as writer, self.origin.translated():
            landing = _Landing(self.origin, queries, scratch=self.scratch, previous=previous_hashes)
            with progress.task(f"{entity}s into bronze", total=2 * len(queries), unit="tables") as task:
                for query in queries:
                    landing.fetch(query)
                    task.advance()
                landing.compare()
                for query in queries:
                    landing.write(query, writer)
                    task.advance()
            landing.write_hashes(entity, writer)
            return landing.outcome(entity, writer)

    @contextmanager
    def _clean_scratch(self) -> Iterator[None]:
        try:
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch.mkdir(parents=True)
        except OSError as error:
            raise FatalError(f"cannot write {self.scratch}: {error.strerror}") from error
        try:
            yield
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)


class _Landing:
    """One entity on its way."""

    def __init__(self, origin: Origin, queries: Sequence[Extract], *, scratch: Path, previous: Sequence[Path]) -> None:
        self._origin = origin
        self._connection = origin.connection
        self._queries = queries
        self._scratch = scratch
        self._previous = previous
        self._orphans: dict[str, int] = {}
        self._counts: Mapping[str, int] = {}

    def fetch(self, extract: Extract) -> None:
        """Bring the rows of an extract into a file of their own."""
        rows = self._origin.select(extract)
        columns = self._connection.execute(f"DESCRIBE {rows}").fetchall()
        typed = ", ".join(
            f'"{name}"::{_TYPES.get(name, _TYPES.get(kind, kind))} AS "{name}"' for name, kind, *_ in columns
        )
        file = _literal(self._file(extract.name))
        self._connection.execute(f"COPY (SELECT {typed} FROM ({rows})) TO {file} (FORMAT parquet, COMPRESSION zstd)")

    def compare(self) -> None:
        """Tell which records are new, changed or gone."""
        execute = self._connection.execute
        root = self._rows(self._queries[0])
        hashed = " UNION ALL ".join(
            f"SELECT record_id, hash('{query.name}', t)::HUGEINT AS row_hash FROM {self._rows(query)} AS t"
            for query in self._queries
        )
        record_hashes = _literal(self._file("record_hash"))
        execute(f"""
            COPY (
                SELECT record_id, (sum(row_hash) % {_HASH_RANGE})::UBIGINT AS record_hash
                FROM ({hashed}) SEMI JOIN {root} USING (record_id) GROUP BY record_id ORDER BY record_id
            ) TO {record_hashes} (FORMAT parquet)
        """)
        execute(f"CREATE OR REPLACE TEMP VIEW record_hash AS FROM read_parquet({record_hashes})")
        nothing = "SELECT 0::BIGINT AS record_id, 0::UBIGINT AS record_hash WHERE false"
        files = ", ".join(_literal(path) for path in self._previous)
        before = f"SELECT record_id, record_hash FROM read_parquet([{files}])" if files else nothing
        execute(f"CREATE OR REPLACE TEMP VIEW previous_hash AS {before}")
        counted = execute(_COUNTS)
        row = counted.fetchall()[0]
        self._counts = dict(zip((column[0] for column in counted.description or ()), row, strict=True))
        for query in self._queries[1:]:
            found = execute(f"SELECT count(*) FROM {self._rows(query)} ANTI JOIN {root} USING (record_id)")
            if orphans := found.fetchall()[0][0]:
                self._orphans[query.bronze_table] = orphans

    def write(self, extract: Extract, writer: BronzeWriter) -> None:
        """Write the rows of the records to land, in order."""
        changed = "SELECT record_id FROM record_hash ANTI JOIN previous_hash USING (record_id, record_hash)"
        rows = f"SELECT * FROM {self._rows(extract)} SEMI JOIN ({changed}) USING (record_id) ORDER BY ALL"
        self._write(extract.bronze_table, rows, writer)

    def write_hashes(self, entity: str, writer: BronzeWriter) -> None:
        """Keep what the next load is compared with, and say which records are gone."""
        gone = "SELECT record_id FROM previous_hash ANTI JOIN record_hash USING (record_id)"
        table = f"{SOURCE}_{entity}"
        if self._origin.is_part:
            kept = "SELECT * FROM previous_hash ANTI JOIN record_hash USING (record_id) UNION ALL FROM record_hash"
            self._write(f"{table}_hash", f"FROM ({kept}) ORDER BY record_id", writer)
            return
        self._write(f"{table}_hash", "FROM record_hash ORDER BY record_id", writer)
        if self._previous:
            self._counts = {**self._counts, "gone_count": self._write(f"{table}_gone", f"{gone} ORDER BY ALL", writer)}

    def outcome(self, entity: str, writer: BronzeWriter) -> Landed:
        """What came of it; the files stand under their names now."""
        silent = [extract.bronze_table for extract in extracts()[entity] if extract not in self._queries]
        is_increment = bool(self._previous) or self._origin.is_part
        return Landed(
            kind=LoadKind.INCREMENT if is_increment else LoadKind.COMPLETE,
            files=writer.seal(),
            record_count=self._counts["record_count"],
            landed_count=self._counts["landed_count"],
            new_count=self._counts["new_count"],
            gone_count=self._counts.get("gone_count", 0),
            is_silent_about=tuple(silent),
            report={"orphans": self._orphans},
        )

    def _write(self, table: str, rows: str, writer: BronzeWriter) -> int:
        reader = self._connection.execute(rows).to_arrow_reader(_BATCH_ROWS)
        writer.declare(table, reader.schema)
        count = 0
        for batch in reader:
            writer.write(table, batch)
            count += batch.num_rows
        pa.default_memory_pool().release_unused()
        return count

    def _rows(self, extract: Extract) -> str:
        return f"read_parquet({_literal(self._file(extract.name))})"

    def _file(self, name: str) -> Path:
        return self._scratch / f"{name}.parquet"


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
