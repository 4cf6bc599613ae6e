"""Rows of the engine by the names of their columns."""

from collections.abc import Iterator
from typing import Any

import duckdb

_ROWS_AT_A_TIME = 500


def named_rows(result: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """The rows of what was executed last, by column, some at a time."""
    names = [column[0] for column in result.description or ()]
    while rows := result.fetchmany(_ROWS_AT_A_TIME):
        yield from (dict(zip(names, row, strict=True)) for row in rows)
