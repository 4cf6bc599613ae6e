"""Snapshots of the lake: which there are, who made them, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from linernotes.lake.engine import literal, quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One committed state of the lake."""

    snapshot_id: int
    committed_at: datetime
    run_id: str | None
    """The run whose commit it is, from the commit message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCount:
    """How many rows of a table changed, by kind."""

    inserted: int
    updated: int
    deleted: int


def current_snapshot(connection: duckdb.DuckDBPyConnection) -> int:
    """The newest snapshot that the connection sees."""
    return int(connection.execute("FROM lake.current_snapshot()").fetchall()[0][0])


def built_relations(connection: duckdb.DuckDBPyConnection) -> frozenset[tuple[str, str]]:
    """Schema and name of every table and view of the lake."""
    there = (
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'lake'"
        " UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'lake'"
    )
    return frozenset(connection.execute(there).fetchall())


def list_snapshots(connection: duckdb.DuckDBPyConnection) -> Sequence[Snapshot]:
    """Every snapshot that has not expired, oldest first."""
    rows = connection.execute(
        "SELECT snapshot_id, snapshot_time, commit_extra_info->>'run_id' FROM lake.snapshots() ORDER BY snapshot_id"
    ).fetchall()
    return [Snapshot(snapshot_id=row[0], committed_at=row[1], run_id=row[2]) for row in rows]


def count_changes(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, *, after: int, until: int
) -> ChangeCount:
    """What the change feed says of a table for the snapshots in `(after, until]`."""
    if until <= after:
        return ChangeCount(inserted=0, updated=0, deleted=0)
    feed = f"ducklake_table_changes('lake', {literal(schema)}, {literal(table)}, {after + 1:d}, {until:d})"
    rows = dict(connection.execute(f"SELECT change_type, count(*) FROM {feed} GROUP BY ALL").fetchall())
    return ChangeCount(
        inserted=rows.get("insert", 0),
        updated=rows.get("update_postimage", 0),
        deleted=rows.get("delete", 0),
    )


def count_rows(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    """How many rows a table has."""
    return int(connection.execute(f"SELECT count(*) FROM lake.{quote(schema)}.{quote(table)}").fetchall()[0][0])
