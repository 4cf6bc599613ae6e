"""Landing: one entity of MusicBrainz into bronze, whole or what is new, changed and gone since the load before.

The rows of each extract go to a file first. From them every record gets a hash over all its rows in all tables, and
the comparison with the hashes of the load before tells which records to land. Nothing is taken from `last_updated`:
it is the time when a transaction began, tells nothing of what was deleted, and half of the tables have none.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from uuid import UUID

import duckdb

from linernotes.ports.landing import Bronze, BronzeWriter, Landed
from linernotes.ports.loads import LoadKind
from linernotes.ports.progress import Progress
from linernotes.sources.musicbrainz.disk import storage_errors
from linernotes.sources.musicbrainz.extracts import Extract, available, extracts
from linernotes.sources.musicbrainz.origin import Origin
from linernotes.sources.musicbrainz.selection import Part
from linernotes.sources.musicbrainz.server import literal

SOURCE = "musicbrainz"
RECORDS_PER_SLICE = 100_000
"""Records that are compared at a time, so that memory does not grow with the number of records."""
_HASH_RANGE = 2**64
_TYPES = {"record_id": "BIGINT", "SMALLINT": "INTEGER", "UUID": "VARCHAR"}
"""What a column becomes, by its name or by its type."""
_PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480)"
_COUNTS = """
    SELECT
        count(*) FILTER (WHERE has_record) AS records,
        count(*) FILTER (WHERE has_record AND before.record_id IS NULL) AS new,
        count(*) FILTER (WHERE has_record AND before.record_hash IS DISTINCT FROM now.record_hash) AS landed,
        coalesce(sum(row_count) FILTER (WHERE NOT has_record), 0)::BIGINT AS orphans
    FROM now LEFT JOIN before USING (record_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBrainzLander:
    """Lands the entities of one origin."""

    bronze: Bronze
    origin: Origin
    part: Part
    scratch: Path
    """A folder for what is read, emptied after every entity."""

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
            landing = _Landing(self.origin, self.part, queries, scratch=self.scratch, previous=previous_hashes)
            with progress.task(f"{entity}s into bronze", total=2 * len(queries), unit="tables") as task:
                for query in queries:
                    landing.fetch(query)
                    task.advance()
                landing.compare()
                for query in queries:
                    landing.write(query, writer, load_id)
                    task.advance()
            landing.write_hashes(entity, writer, load_id)
            return landing.outcome(entity, writer)

    @contextmanager
    def _clean_scratch(self) -> Iterator[None]:
        with storage_errors(self.scratch):
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch.mkdir(parents=True)
        try:
            yield
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)


def bring(connection: duckdb.DuckDBPyConnection, rows: str, path: Path) -> int:
    """Write rows to a file as they come, in two threads, and answer how many; to sort them on the way would take two
    threads 90 MB more than it takes one to sort the file.
    """
    connection.execute("SET threads = 2")
    connection.execute("SET preserve_insertion_order = false")
    count = _copy(connection, rows, path)
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET threads = 1")
    return count


class _Landing:
    """One entity on its way."""

    def __init__(
        self, origin: Origin, part: Part, queries: Sequence[Extract], *, scratch: Path, previous: Sequence[Path]
    ) -> None:
        self._origin = origin
        self._part = part
        self._connection = origin.connection
        self._queries = queries
        self._scratch = scratch
        self._previous = previous
        self._counts: Counter[str] = Counter()
        self._slices = 0

    def fetch(self, extract: Extract) -> None:
        """Bring the rows of an extract into a file of their own, sorted."""
        sql = self._part.narrowed(extract)
        rows = self._origin.select(sql)
        if self._origin.is_parallel(sql):
            arrived = self._file("arrived")
            bring(self._connection, rows, arrived)
            rows = f"SELECT * FROM read_parquet({literal(str(arrived))})"
        columns = self._connection.execute(f"DESCRIBE {rows}").fetchall()
        typed = ", ".join(
            f'"{name}"::{_TYPES.get(name, _TYPES.get(kind, kind))} AS "{name}"' for name, kind, *_ in columns
        )
        self._copy(f"SELECT {typed} FROM ({rows}) ORDER BY ALL", self._file(extract.name))

    def compare(self) -> None:
        """Tell which records are new, changed or gone, one range of ids after the other."""
        found = self._connection.execute(f"SELECT count(*), max(record_id) FROM {self._rows(self._queries[0])}")
        count, largest = found.fetchall()[0]
        self._slices = max(1, ceil(count / RECORDS_PER_SLICE))
        width = (largest or 0) // self._slices + 1
        for number in range(self._slices):
            is_last = number == self._slices - 1
            within = f"record_id >= {number * width}" + ("" if is_last else f" AND record_id < {(number + 1) * width}")
            self._compare_slice(number, within)

    def _compare_slice(self, number: int, within: str) -> None:
        execute = self._connection.execute
        rows = " UNION ALL ".join(
            f"SELECT record_id, hash('{query.name}', t)::HUGEINT AS row_hash, {place == 0} AS is_record"
            f" FROM {self._rows(query)} AS t WHERE {within}"
            for place, query in enumerate(self._queries)
        )
        execute(f"""
            CREATE OR REPLACE TEMP TABLE now AS
            SELECT
                record_id,
                (sum(row_hash) % {_HASH_RANGE})::UBIGINT AS record_hash,
                count(*) AS row_count,
                bool_or(is_record) AS has_record
            FROM ({rows}) GROUP BY record_id
        """)
        before = f"FROM read_parquet({_listed(self._previous)}) WHERE {within}"
        nothing = "FROM (SELECT 0::BIGINT AS record_id, 0::UBIGINT AS record_hash) WHERE false"
        execute(
            "CREATE OR REPLACE TEMP TABLE before AS SELECT record_id, record_hash "
            + (before if self._previous else nothing)
        )
        counted = execute(_COUNTS)
        names = [column[0] for column in counted.description or ()]
        self._counts.update(dict(zip(names, counted.fetchall()[0], strict=True)))
        hashes = "SELECT record_id, record_hash FROM now WHERE has_record"
        changed = (
            "SELECT record_id FROM now ANTI JOIN before USING (record_id, record_hash) WHERE has_record ORDER BY 1"
        )
        gone = "FROM before ANTI JOIN (SELECT record_id FROM now WHERE has_record) AS there USING (record_id)"
        if self._part.is_whole:
            self._copy(f"SELECT record_id {gone} ORDER BY record_id", self._file(f"gone-{number}"))
        else:  # what was not asked for stays as it was
            hashes += f" UNION ALL SELECT record_id, record_hash {gone}"
        self._copy(f"{hashes} ORDER BY record_id", self._file(f"hash-{number}"))
        self._copy(changed, self._file(f"changed-{number}"))

    def write(self, extract: Extract, writer: BronzeWriter, load_id: UUID) -> None:
        """Write the rows of the records to land, sorted: all stand so, of some a join may lose the order."""
        changed = f"SEMI JOIN {self._slices_of('changed')} AS c USING (record_id) ORDER BY ALL"
        rows = f"{self._rows(extract)} AS r {changed if self._previous else ''}"
        self._add(extract.bronze_table, rows, writer, load_id)

    def write_hashes(self, entity: str, writer: BronzeWriter, load_id: UUID) -> None:
        """Keep what the next load is compared with, and say which records are gone."""
        table = f"{SOURCE}_{entity}"
        self._add(f"{table}_hash", self._slices_of("hash"), writer, load_id)
        if self._previous and self._part.is_whole:
            self._counts["gone"] = self._add(f"{table}_gone", self._slices_of("gone"), writer, load_id)

    def outcome(self, entity: str, writer: BronzeWriter) -> Landed:
        """What came of it; the files stand under their names now."""
        silent = [extract.bronze_table for extract in extracts()[entity] if extract not in self._queries]
        return Landed(
            kind=LoadKind.INCREMENT if self._previous else LoadKind.COMPLETE,
            files=writer.seal(),
            record_count=self._counts["records"],
            landed_count=self._counts["landed"],
            new_count=self._counts["new"],
            gone_count=self._counts["gone"],
            is_silent_about=tuple(silent),
            report={"orphans": self._counts["orphans"]},
        )

    def _add(self, table: str, rows: str, writer: BronzeWriter, load_id: UUID) -> int:
        return writer.add_file(table, lambda path: self._copy(f"SELECT '{load_id}' AS load_id, * FROM {rows}", path))

    def _copy(self, select: str, path: Path) -> int:
        """Write rows to a file, and answer how many."""
        return _copy(self._connection, select, path)

    def _rows(self, extract: Extract) -> str:
        return f"read_parquet({literal(str(self._file(extract.name)))})"

    def _slices_of(self, name: str) -> str:
        return f"read_parquet({_listed([self._file(f'{name}-{number}') for number in range(self._slices)])})"

    def _file(self, name: str) -> Path:
        return self._scratch / f"{name}.parquet"


def _copy(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> int:
    return int(connection.execute(f"COPY ({select}) TO {literal(str(path))} {_PARQUET}").fetchall()[0][0])


def _listed(paths: Sequence[Path]) -> str:
    return f"[{', '.join(literal(str(path)) for path in paths)}]"
