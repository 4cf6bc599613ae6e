"""Snapshots of the lake: which there are, who made them, and what changed between two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from linernotes.lake.engine import literal


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

    inserted: int = 0
    updated: int = 0
    deleted: int = 0


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


def committed_models(connection: duckdb.DuckDBPyConnection, *, after: int) -> frozenset[str]:
    """The models whose commits made the snapshots after one; a model that changed nothing made none."""
    named = "SELECT DISTINCT commit_extra_info->>'model' FROM lake.snapshots() WHERE snapshot_id > ?"
    return frozenset(name for (name,) in connection.execute(named, [after]).fetchall() if name)


def models_of_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> frozenset[str]:
    """The models that a run changed, as far as its commits have not expired."""
    named = "SELECT DISTINCT commit_extra_info->>'model' FROM lake.snapshots() WHERE commit_extra_info->>'run_id' = ?"
    return frozenset(name for (name,) in connection.execute(named, [run_id]).fetchall() if name)


def rows_written(connection: duckdb.DuckDBPyConnection) -> Mapping[tuple[str, str], int]:
    """Rows written to each table since it was created, by schema and name; of one that was just created, all it has."""
    written = """
        SELECT s.schema_name, t.table_name, coalesce(w.record_count, 0)
        FROM __ducklake_metadata_lake.ducklake_table AS t
        INNER JOIN __ducklake_metadata_lake.ducklake_schema AS s ON t.schema_id = s.schema_id
        LEFT JOIN __ducklake_metadata_lake.ducklake_table_stats AS w ON t.table_id = w.table_id
        WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL
    """
    return {(schema, table): count for schema, table, count in connection.execute(written).fetchall()}
