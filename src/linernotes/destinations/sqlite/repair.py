"""Mending a staged catalogue: orphans go with all that belongs to them, repetitions go, every change is listed.

The list comes from triggers that exist for this connection only, so it holds what really happened, cascades included. A
dry run does the same and rolls back.
"""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from linernotes import failpoints
from linernotes.destinations.sqlite.connections import opened, quoted
from linernotes.destinations.sqlite.inspection import check_sql
from linernotes.destinations.sqlite.tables import PARENTS, TABLES, key_of
from linernotes.domain.validation import Check
from linernotes.ports.destinations import Repair

_REPAIRS = (
    (Check.WITHOUT_ARTIST, "release_group", "nobody is credited for it"),
    (Check.WITHOUT_ARTIST, "release", "nobody is credited for it"),
    (Check.REPEATED_IDENTIFIER, "identifier", "the same stands before it on this release"),
)
_UNPLAYED = "DELETE FROM recording WHERE NOT EXISTS (SELECT 1 FROM track AS t WHERE t.recording_id = recording.id)"
_BELONGED = "it belonged to something removed"
_CLEARED = "it named something removed"


def repair_catalogue(path: Path, *, dry_run: bool) -> Sequence[Repair]:
    """Remove orphans and repetitions, and list every row that went or lost a reference."""
    with opened(path, "rw") as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        for sql in _listing_sql(connection):
            connection.execute(sql)
        reasons = {}
        for check, table, reason in _REPAIRS:
            offenders = check_sql(check, table)
            reasons.update({(table, str(key)): reason for key, _ in connection.execute(offenders)})
            connection.execute(
                f"DELETE FROM {quoted(table)} WHERE {_key_sql(table, '')} IN (SELECT key FROM ({offenders}))"
            )
        connection.execute(_UNPLAYED)
        listed = connection.execute("SELECT name, key, action FROM temp.listing ORDER BY rowid").fetchall()
        if listed and not dry_run:
            _conclude(connection)
        else:
            connection.execute("ROLLBACK")
    return [
        Repair(table=table, key=key, action=action, reason=reasons.get((table, key)) or _reason(action))
        for table, key, action in listed
    ]


def _conclude(connection: sqlite3.Connection) -> None:
    """Bring the full text and the row counts up to date, and commit."""
    rows = {table: _count(connection, table) for table in TABLES}
    connection.execute("UPDATE publication SET is_repaired = 1, counts = ?", [json.dumps(rows)])
    connection.execute("INSERT INTO search (search) VALUES ('rebuild')")
    failpoints.hit("repair.commit.before")
    connection.execute("COMMIT")
    failpoints.hit("repair.commit.after")


def _listing_sql(connection: sqlite3.Connection) -> Iterator[str]:
    """Statements that make the list and the triggers that fill it."""
    yield "CREATE TEMP TABLE listing (name TEXT, key TEXT, action TEXT)"
    for table in TABLES:
        yield (
            f"CREATE TEMP TRIGGER {quoted(f'list_{table}')} AFTER DELETE ON main.{quoted(table)}"
            f" BEGIN INSERT INTO listing VALUES ('{table}', {_key_sql(table, 'old.')}, 'removed'); END"
        )
        for column in _clearable(connection, table):
            yield (
                f"CREATE TEMP TRIGGER {quoted(f'list_{table}_{column}')} AFTER UPDATE OF {quoted(column)}"
                f" ON main.{quoted(table)} WHEN new.{quoted(column)} IS NULL"
                f" BEGIN INSERT INTO listing VALUES ('{table}', {_key_sql(table, 'old.')}, 'cleared'); END"
            )


def _clearable(connection: sqlite3.Connection, table: str) -> list[str]:
    """References that are emptied when what they name goes."""
    query = "SELECT \"from\" FROM pragma_foreign_key_list(?) WHERE on_delete = 'SET NULL' ORDER BY id"
    return [column for (column,) in connection.execute(query, [table])]


def _key_sql(table: str, row: str) -> str:
    """What tells a row apart, as one text: `release_id/position` or `id`."""
    if table in PARENTS:
        parent = f"coalesce({', '.join(row + quoted(name) for name in PARENTS[table])})"
        return f"{parent} || '/' || {row}position"
    return " || '/' || ".join(row + quoted(name) for name in key_of(table))


def _reason(action: str) -> str:
    return _CLEARED if action == "cleared" else _BELONGED


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0])
