"""Mending a staged copy of somebody else's file: duplicates become one row, orphans go, every change is listed.

Rule: of rows with the same identifier the one with most values stays, the first by key of equals
(`domain.validation.choose_survivor`); what referred to the others refers to it.
"""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby

from linernotes.destinations.sqlite.connections import listed, quoted
from linernotes.destinations.sqlite.mirror_inspection import identifier_columns, orphan_checks
from linernotes.destinations.sqlite.mirror_tables import REFERENCES, MirroredTable
from linernotes.domain.validation import Check, choose_survivor
from linernotes.ports.destinations import Repair

_ORPHAN_REASONS = {Check.WITHOUT_ARTIST: "its artist is not there", Check.WITHOUT_ALBUM: "its album is not there"}


def repair_mirror(connection: sqlite3.Connection, tables: Sequence[MirroredTable]) -> list[Repair]:
    """Mend the file of an open transaction, duplicates first; in the order of reference, so once is enough."""
    repairs = [repair for table in tables for repair in _join_duplicates(connection, table, tables)]
    for check, table, query in orphan_checks(tables):
        keys = connection.execute(query).fetchall()
        connection.executemany(_delete_sql(table), keys)
        repairs += [
            Repair(table=table.name, key=_text(key), action="removed", reason=_ORPHAN_REASONS[check]) for key in keys
        ]
    return repairs


def _join_duplicates(
    connection: sqlite3.Connection, table: MirroredTable, tables: Sequence[MirroredTable]
) -> Iterator[Repair]:
    for column in identifier_columns(table):
        rows = connection.execute(_duplicates_sql(table, column)).fetchall()
        for value, group in groupby(rows, key=lambda row: row[0]):
            members = list(group)
            stays = members[choose_survivor([row[1] for row in members])][2:]
            for key in (row[2:] for row in members if row[2:] != stays):
                yield from _move_references(connection, table, tables, gone=key, stays=stays)
                connection.execute(_delete_sql(table), key)
                reason = f"{column} {value} is that of {_text(stays)} too, which stays"
                yield Repair(table=table.name, key=_text(key), action="removed", reason=reason)


def _move_references(
    connection: sqlite3.Connection,
    table: MirroredTable,
    tables: Sequence[MirroredTable],
    *,
    gone: Sequence[object],
    stays: Sequence[object],
) -> Iterator[Repair]:
    """Let what referred to one row refer to another."""
    for other in tables:
        for theirs, ours in other.filled.items():
            if REFERENCES.get(ours) != table.view:
                continue
            name, column = f"main.{quoted(other.name)}", quoted(theirs)
            moved = connection.execute(
                f"SELECT {listed(other.key)} FROM {name} WHERE {column} = ?", gone[:1]
            ).fetchall()
            connection.execute(f"UPDATE {name} SET {column} = ? WHERE {column} = ?", [stays[0], gone[0]])
            reason = f"{theirs} {gone[0]} became {stays[0]}"
            yield from (Repair(table=other.name, key=_text(key), action="moved", reason=reason) for key in moved)


def _duplicates_sql(table: MirroredTable, column: str) -> str:
    """Value, number of columns with a value, and key of every row that shares its value, by value and key."""
    name, identifier = f"main.{quoted(table.name)}", quoted(column)
    filled = " + ".join(f"({quoted(each)} IS NOT NULL)" for each in table.columns)
    return (
        f"SELECT {identifier}, {filled}, {listed(table.key)} FROM {name} WHERE {identifier} IN"
        f" (SELECT {identifier} FROM {name} WHERE {identifier} IS NOT NULL GROUP BY {identifier} HAVING count(*) > 1)"
        f" ORDER BY {identifier}, {listed(table.key)}"
    )


def _delete_sql(table: MirroredTable) -> str:
    same = " AND ".join(f"{quoted(name)} = ?" for name in table.key)
    return f"DELETE FROM main.{quoted(table.name)} WHERE {same}"


def _text(key: Sequence[object]) -> str:
    return "/".join(str(part) for part in key)
