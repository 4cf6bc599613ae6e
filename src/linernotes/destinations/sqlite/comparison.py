"""What differs between two generations of the catalogue: rows added, changed and removed, by table.

Both are sorted by the same keys, so one walk over each new table with look-ups in the old one answers everything.
"""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from linernotes.destinations.sqlite.connections import attach, opened, quoted
from linernotes.destinations.sqlite.tables import LOADS, PARENTS, TABLES, key_of
from linernotes.ports.destinations import TableChange


def compare(new: Path | None, old: Path | None) -> Mapping[str, TableChange]:
    """The way from the catalogue in `old` to the one in `new`, where there are such."""
    if new is None:
        return {table: TableChange(removed=change.added) for table, change in compare(old, None).items()} if old else {}
    with opened(new) as connection:
        if old is None:
            return {table: TableChange(added=_count(connection, "main", table)) for table in TABLES}
        attach(connection, old, "old")
        is_same_load = _find_same_load(connection)
        return {table: _compare(connection, table, is_same_load) for table in TABLES}


def _compare(connection: sqlite3.Connection, table: str, is_same_load: str) -> TableChange:
    old_columns = _columns(connection, "old", table)
    if not old_columns:
        return TableChange(added=_count(connection, "main", table))
    columns = [name for name in _columns(connection, "main", table) if name in old_columns]
    added = changed = 0
    for key in _keys(table):
        query = comparison_sql(table, key, columns, is_same_load=is_same_load)
        more_added, more_changed = connection.execute(query).fetchone()
        added, changed = added + more_added, changed + more_changed
    kept = _count(connection, "main", table) - added
    return TableChange(added=added, changed=changed, removed=_count(connection, "old", table) - kept)


def comparison_sql(table: str, key: tuple[str, ...], columns: list[str], *, is_same_load: str) -> str:
    """Count the rows of `main.<table>` that `old.<table>` does not have, and those that it has with other values.

    Args:
        table: Its name.
        key: Columns that tell rows apart. The last is never NULL; rows where another is NULL are left out.
        columns: What both tables have.
        is_same_load: A condition over `n.{column}` and `o.{column}`, the loads of a row and of its former self.
    """
    same_key = " AND ".join(f"o.{quoted(name)} = n.{quoted(name)}" for name in key)
    differing = [
        f"NOT {is_same_load.format(column=name)}" if name in LOADS else f"n.{quoted(name)} IS NOT o.{quoted(name)}"
        for name in columns
        if name not in key
    ]
    missing = f"o.{quoted(key[-1])} IS NULL"
    belongs = " AND ".join(f"n.{quoted(name)} IS NOT NULL" for name in key)
    return (
        f"SELECT coalesce(sum({missing}), 0), coalesce(sum(NOT {missing} AND ({' OR '.join(differing)})), 0)"
        f" FROM main.{quoted(table)} AS n LEFT JOIN old.{quoted(table)} AS o ON {same_key} WHERE {belongs}"
    )


def _find_same_load(connection: sqlite3.Connection) -> str:
    """Loads are numbered by age, so after a load was withdrawn the same one can have another number."""
    moved = "SELECT count(*) FROM main.load AS n INNER JOIN old.load AS o USING (id) WHERE n.uuid <> o.uuid"
    if not connection.execute(moved).fetchone()[0]:
        return "(n.{column} = o.{column})"
    of_row = "SELECT l.uuid FROM main.load AS l WHERE l.id = n.{column}"
    of_former = "SELECT l.uuid FROM old.load AS l WHERE l.id = o.{column}"
    return f"(({of_row}) = ({of_former}))"


def _keys(table: str) -> list[tuple[str, ...]]:
    """The primary key; for a table with several parents one key per parent."""
    if table in PARENTS:
        return [(parent, "position") for parent in PARENTS[table]]
    return [key_of(table)]


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> list[str]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?, ?)", [table, schema])
    return [name for (name,) in rows]


def _count(connection: sqlite3.Connection, schema: str, table: str) -> int:
    count = connection.execute(f"SELECT count(*) FROM {schema}.{quoted(table)}").fetchone()[0]
    return int(count)
