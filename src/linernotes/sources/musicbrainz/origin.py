"""What a pull reads MusicBrainz from: the tables of a dump, or a database."""

from contextlib import AbstractContextManager
from typing import Protocol

import duckdb


class Origin(Protocol):
    """Where MusicBrainz' tables are."""

    tables: frozenset[str]
    """Those that are there."""
    connection: duckdb.DuckDBPyConnection
    """Where its queries run, and with its memory limit all else."""

    def select(self, sql: str) -> str:
        """An SQL SELECT for `connection` that gives the rows of a query over MusicBrainz' tables."""
        ...

    def is_parallel(self, sql: str) -> bool:
        """Whether several threads bring the rows of a query faster than one."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in `connection` into an error of ours."""
        ...
