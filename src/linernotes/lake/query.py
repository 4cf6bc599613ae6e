"""Read-only SQL over bronze, silver and gold."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from linernotes.errors import WrongUsageError
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine, literal
from linernotes.lake.incoming import bronze_views
from linernotes.lake.project import declared_bronze
from linernotes.ports.loads import Load

ONE_SELECT = "liner query takes one SELECT; nothing can be changed through it"
ALLOWED_FUNCTIONS = frozenset(
    {
        "current_snapshot", "duckdb_columns", "duckdb_functions", "duckdb_schemas", "duckdb_tables", "duckdb_views",
        "ducklake_table_changes", "ducklake_table_deletions", "ducklake_table_insertions", "generate_series",
        "histogram", "histogram_values", "json_each", "json_tree", "range", "repeat", "snapshots", "unnest",
    }
)  # fmt: skip
"""Functions that may stand where a table stands. Others read any SQLite file, delete files of the lake or run SQL of
their own (`sqlite_scan`, `ducklake_cleanup_old_files`, `query`), and no setting of DuckDB forbids them."""
_INTERNAL = "__ducklake"
"""Prefix of the databases that hold DuckLake's own tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeReader:
    """Answers questions; it cannot change anything nor read files outside bronze and lake."""

    engine: Engine
    bronze: Path

    @contextlib.contextmanager
    def ask(
        self, sql: str, loads: Sequence[Load], *, snapshot: int | datetime | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run one SELECT; the rows are fetched from the connection inside the block.

        Raises:
            WrongUsageError: It is not one reading statement, it asks for something else than bronze, silver and
                gold, or DuckDB refuses it.
            FatalError: A file of bronze or of the lake is lost or damaged.
        """
        with self._open(loads, snapshot) as connection:
            try:
                with self._damage_told():
                    _refuse_all_but_reading(connection, sql)
                    yield connection.execute(sql)
            except duckdb.Error as error:
                raise WrongUsageError(str(error).split("\n\nLINE", 1)[0]) from None

    @contextlib.contextmanager
    def _open(self, loads: Sequence[Load], snapshot: int | datetime | None) -> Iterator[duckdb.DuckDBPyConnection]:
        has_lake = self.engine.exists
        opened = self.engine.connect(snapshot=snapshot) if has_lake else duckdb.connect(config=self.engine.new_config())
        with opened as connection:
            connection.execute("ATTACH ':memory:' AS bronze")
            with self._damage_told():
                for statement in bronze_views(declared_bronze(), loads, self.bronze):
                    connection.execute(statement)
            folders = ", ".join(literal(str(folder.absolute())) for folder in (self.bronze, self.engine.data))
            connection.execute(f"SET allowed_directories = [{folders}]")
            connection.execute("SET enable_external_access = false")
            if has_lake:
                connection.execute("USE lake")
            connection.execute("SET lock_configuration = true")
            yield connection

    def _damage_told(self) -> contextlib.AbstractContextManager[None]:
        return damage_told(lake=self.engine.folder, bronze=self.bronze)


def _refuse_all_but_reading(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Look at the statement as DuckDB parses it: one SELECT, from tables and from functions that only read.

    Raises:
        WrongUsageError: It is something else.
    """
    if len(connection.extract_statements(sql)) != 1:
        raise WrongUsageError(ONE_SELECT)
    # EXPLAIN ANALYZE would run what it explains; only a SELECT can be taken apart like this.
    parsed = json.loads(connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])
    if parsed["error"]:
        raise WrongUsageError(ONE_SELECT)
    for node in _nodes(parsed["statements"]):
        if node.get("type") == "TABLE_FUNCTION":
            _refuse_function(node["function"]["function_name"].lower())
        elif node.get("type") == "BASE_TABLE":
            _refuse_table(node["table_name"].lower(), (node["catalog_name"].lower(), node["schema_name"].lower()))


def _refuse_function(name: str) -> None:
    if name not in ALLOWED_FUNCTIONS:
        raise WrongUsageError(f"liner query cannot read from {name}(); it reads the tables of bronze, silver and gold")


def _refuse_table(name: str, parents: Sequence[str]) -> None:
    """A name with a point or slash would be taken for a file, DuckDB's own views tell passwords of the catalog."""
    is_internal = name.startswith("duckdb_") and name not in ALLOWED_FUNCTIONS
    if is_internal or any(parent.startswith(_INTERNAL) for parent in parents) or "/" in name or "." in name:
        raise WrongUsageError(f"liner query cannot read {name}; it reads the tables of bronze, silver and gold")


def _nodes(parsed: Any) -> Iterator[dict[str, Any]]:
    """Every node of a parsed statement, however deep."""
    if isinstance(parsed, dict):
        yield parsed
        parsed = list(parsed.values())
    if isinstance(parsed, list):
        for part in parsed:
            yield from _nodes(part)
