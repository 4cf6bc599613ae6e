"""Blocking: for each record the few of other sources that share rare 5-grams with it, never all pairs."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

NEIGHBOURS = 6
"""Candidates per record."""
LARGEST_FREQUENCY = 60
"""A 5-gram that more records have tells none of them apart."""
RECORDS_PER_SLICE = 50_000
"""Their candidates are looked for at a time, so that memory does not grow with the number of records."""
_SQL = Path(__file__).parent


class GramBlocking:
    """Proposes pairs by the cosine of their 5-grams, rare ones counting more."""

    def __init__(
        self,
        *,
        neighbours: int = NEIGHBOURS,
        records_per_slice: int = RECORDS_PER_SLICE,
        memory_limit: str = "700MB",
        threads: int = 1,
    ) -> None:
        self._neighbours = neighbours
        self._records_per_slice = records_per_slice
        self._memory_limit = memory_limit
        self._threads = threads

    def candidates(self, texts: Sequence[str], sources: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield pairs of records of different sources that may be one thing, in order, the smaller place first."""
        with TemporaryDirectory() as spill, duckdb.connect(config=self._config(spill)) as connection:
            records = pa.table({"record": range(len(texts)), "source": sources, "text": texts})
            connection.register("received", records)
            connection.execute((_SQL / "blocking.sql").read_text(), {"largest_frequency": LARGEST_FREQUENCY})
            find = (_SQL / "blocking_neighbours.sql").read_text()
            for first in range(0, len(texts), self._records_per_slice):
                records_of_slice = {"first": first, "last": first + self._records_per_slice - 1}
                connection.execute(find, {**records_of_slice, "neighbours": self._neighbours})
            pairs = connection.execute("SELECT DISTINCT one, other FROM neighbour ORDER BY one, other")
            while some := pairs.fetchmany(100_000):
                yield from some

    def _config(self, spill: str) -> dict[str, str | bool | int | float | list[str]]:
        return {"memory_limit": self._memory_limit, "threads": str(self._threads), "temp_directory": spill}
