"""How dbt's connection becomes ours: extensions, functions, and the views of what is to be taken in.

dbt loads this module by name and gives it no arguments, so the builder leaves the preparation here
before it starts dbt.
"""

from collections.abc import Callable

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

_prepare: Callable[[DuckDBPyConnection], None] | None = None


def prepare_with(prepare: Callable[[DuckDBPyConnection], None] | None) -> None:
    """Leave what the next connection of dbt has to go through; None where nothing may be read."""
    global _prepare  # noqa: PLW0603 - dbt offers no other way to hand something to a plugin
    _prepare = prepare


class Plugin(BasePlugin):
    """Called by dbt-duckdb when it opens its one connection."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Load our extensions and create our functions and views."""
        if _prepare is not None:
            _prepare(conn)
