"""Blocking: for each record the few of other sources that share rare grams with it, never all pairs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

NEIGHBOURS = 6
"""Candidates per record."""
LARGEST_FREQUENCY = 100
"""A gram that more records have tells none of them apart."""
RAREST_GRAMS = 32
"""Grams of a record that are looked up, so that its work has a bound at any number of records. With 24 F1 is .9969
on the real records instead of .9974, with 48 the same."""
_SIZES = range(5, 10)
"""Characters of a gram. Short ones outlive more errors, but the more records there are, the fewer of them are rare."""
_RARE_SHARE = 0.5
"""Of the texts that rare grams must make up, or the grams become longer: 5 characters are .93 of the real 20,000
records and .69 of generated ones, but .43 of 200,000 (of 6 .56) and .17 of 1,000,000 (of 7 .59)."""
RECORDS_PER_SLICE = 10_000
"""Their candidates are looked for at a time, so that memory does not grow with the number of records; 25,000 at a time
take 0.2 GB more and no less time."""
_RECORDS_AT_ONCE = 100_000
"""Of which Arrow has a copy beside the database's."""
_SQL = Path(__file__).parent


class GramBlocking:
    """Proposes pairs by the cosine of their rarest grams, rare ones counting more."""

    def __init__(
        self,
        *,
        neighbours: int = NEIGHBOURS,
        records_per_slice: int = RECORDS_PER_SLICE,
        memory_limit: str = "500MB",
        threads: int = 1,
    ) -> None:
        self._neighbours = neighbours
        self._records_per_slice = records_per_slice
        self._memory_limit = memory_limit
        self._threads = threads

    def candidates(self, texts: Sequence[str], sources: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield pairs of records of different sources that may be one thing, in order, the smaller place first."""
        with TemporaryDirectory() as spill, duckdb.connect(config=self._config(spill)) as connection:
            _load(connection, texts, sources)
            size = {"size": _gram_size(connection)}
            connection.execute((_SQL / "blocking.sql").read_text(), {**size, "largest_frequency": LARGEST_FREQUENCY})
            self._each_slice(connection, "blocking_rarest.sql", {**size, "grams": RAREST_GRAMS})
            self._each_slice(connection, "blocking_neighbours.sql", {"neighbours": self._neighbours})
            pairs = connection.execute("SELECT DISTINCT one, other FROM neighbour ORDER BY one, other")
            while some := pairs.fetchmany(100_000):
                yield from some

    def _each_slice(self, connection: duckdb.DuckDBPyConnection, file: str, values: Mapping[str, int]) -> None:
        """Run a statement for some records after the other."""
        statement = (_SQL / file).read_text()
        count = connection.table("received").shape[0]
        for first in range(0, count, self._records_per_slice):
            connection.execute(statement, {**values, "first": first, "last": first + self._records_per_slice - 1})

    def _config(self, spill: str) -> dict[str, str | bool | int | float | list[str]]:
        return {"memory_limit": self._memory_limit, "threads": str(self._threads), "temp_directory": spill}


def _load(connection: duckdb.DuckDBPyConnection, texts: Sequence[str], sources: Sequence[str]) -> None:
    """Have the records in the database, sources by number."""
    connection.execute("CREATE TABLE received (record INTEGER, source SMALLINT, text VARCHAR)")
    numbers = {source: number for number, source in enumerate(sorted(set(sources)))}
    for first in range(0, len(texts), _RECORDS_AT_ONCE):
        some = slice(first, first + _RECORDS_AT_ONCE)
        places = range(len(texts))[some]
        records = pa.table(
            {"record": list(places), "source": [numbers[source] for source in sources[some]], "text": texts[some]}
        )
        connection.register("chunk", records)
        connection.execute("INSERT INTO received SELECT record, source, text FROM chunk")
        connection.unregister("chunk")


def _gram_size(connection: duckdb.DuckDBPyConnection) -> int:
    """The shortest size whose grams are rare enough to tell the records apart."""
    measure = (_SQL / "blocking_size.sql").read_text()
    for size in _SIZES:
        found = connection.execute(measure, {"size": size, "largest_frequency": LARGEST_FREQUENCY}).fetchone()
        if found and found[0] >= _RARE_SHARE:
            break
    return size
