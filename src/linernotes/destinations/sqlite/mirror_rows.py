"""Bringing rows into somebody else's tables by touching only what differs.

`source` always names tables with the same names and columns as the production file: rows made from our catalogue, a
staged copy of the file, or a backup of it.
"""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linernotes.destinations.sqlite.connections import listed, quoted
from linernotes.destinations.sqlite.mirror_tables import REFERENCES, MirroredTable
from linernotes.ports.destinations import TableChange

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Rows that a rule of their table does not admit."""

    count: int
    examples: tuple[str, ...]


def make_rows(connection: sqlite3.Connection, tables: Sequence[MirroredTable], *, catalogue: str, into: str) -> None:
    """Make `into.<table>` from the views of our catalogue, with the references and numbers of the production file.

    Args:
        connection: `main` is the production file, or a copy of it.
        tables: What to fill, in the order of reference.
        catalogue: Name of the attached catalogue.
        into: Name of an attached, empty database.
    """
    theirs = {table.view: table for table in tables}
    for table in tables:
        for statement in rows_sql(table, theirs, catalogue=catalogue, into=into):
            connection.execute(statement)


def rows_sql(table: MirroredTable, theirs: Mapping[str, MirroredTable], *, catalogue: str, into: str) -> Sequence[str]:
    """Statements that make `temp.keys_<view>` (our id, their key) and `into.<table>`."""
    rows, view = f"{into}.{quoted(table.name)}", f"{catalogue}.{table.view}"
    columns = copied_columns(table)
    values = [_value_sql(table.filled[name], theirs) if name in table.filled else "k.theirs" for name in columns]
    return (
        f"CREATE TEMP TABLE keys_{table.view} (ours INTEGER PRIMARY KEY, theirs)",
        f"INSERT INTO temp.keys_{table.view} {_keys_sql(table, view)}",
        f"CREATE TABLE {rows} AS SELECT {listed(columns)} FROM main.{quoted(table.name)} WHERE 0",
        f"CREATE UNIQUE INDEX {into}.{quoted('key of ' + table.name)} ON {quoted(table.name)} ({listed(table.key)})",
        f"INSERT OR IGNORE INTO {rows} SELECT {', '.join(values)} FROM {view} AS v"
        f" INNER JOIN temp.keys_{table.view} AS k ON v.id = k.ours ORDER BY v.id",
    )


def copied_columns(table: MirroredTable) -> tuple[str, ...]:
    """The columns that a new row gets from us: what we fill, and its number."""
    return (*table.key, *table.filled) if table.is_numbered else tuple(table.filled)


def apply(
    connection: sqlite3.Connection,
    table: MirroredTable,
    *,
    source: str,
    inserted: Sequence[str],
    or_ignore: bool = False,
) -> TableChange:
    """Delete, update and insert what differs, and nothing else; columns that we do not fill keep their values.

    Args:
        connection: `main` is changed.
        table: What to fill.
        source: Name of the database that holds the rows.
        inserted: Columns that a new row takes from there.
        or_ignore: Leave out rows that a rule of the table does not admit, instead of failing.
    """
    removed = connection.execute(delete_sql(table, source)).rowcount
    changed = 0
    for statement in update_sql(table, source, or_ignore=or_ignore):
        changed = connection.execute(statement).rowcount
    added = connection.execute(insert_sql(table, source, inserted, or_ignore=or_ignore)).rowcount
    return TableChange(added=added, changed=changed, removed=removed)


def delete_sql(table: MirroredTable, source: str) -> str:
    """Remove the rows that the source does not have."""
    key = listed(table.key)
    return (
        f"DELETE FROM main.{quoted(table.name)} WHERE ({key}) NOT IN (SELECT {key} FROM {source}.{quoted(table.name)})"
    )


def insert_sql(table: MirroredTable, source: str, inserted: Sequence[str], *, or_ignore: bool) -> str:
    """Add the rows that only the source has."""
    name = quoted(table.name)
    return (
        f"INSERT{' OR IGNORE' if or_ignore else ''} INTO main.{name} ({listed(inserted)})"
        f" SELECT {listed(inserted, 's.')} FROM {source}.{name} AS s"
        f" WHERE ({listed(table.key, 's.')}) NOT IN (SELECT {listed(table.key)} FROM main.{name})"
    )


def update_sql(table: MirroredTable, source: str, *, or_ignore: bool) -> Sequence[str]:
    """Change the rows whose values differ; the last statement's row count is theirs.

    Where another rule than the key makes values unique, two rows may trade them. Then the changed rows are taken out
    together and put in again, instead of being updated one by one.
    """
    values, otherwise = _values(table), " OR IGNORE" if or_ignore else ""
    if not values:
        return ()
    target, matched = f"main.{quoted(table.name)}", f"{_same_key(table)} AND ({_differing(table)})"
    from_source = f"{source}.{quoted(table.name)} AS s"
    if not table.is_unique_besides:
        assigned = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in values)
        return (f"UPDATE{otherwise} {target} AS t SET {assigned} FROM {from_source} WHERE {matched}",)
    kept = ", ".join(f"{'s' if name in values else 't'}.{quoted(name)}" for name in table.columns)
    key, columns = listed(table.key), listed(table.columns)
    return (
        "DROP TABLE IF EXISTS temp.changed",
        f"CREATE TEMP TABLE changed AS SELECT {kept} FROM {target} AS t INNER JOIN {from_source} ON {matched}",
        f"DELETE FROM {target} WHERE ({key}) IN (SELECT {key} FROM temp.changed)",
        f"INSERT{otherwise} INTO {target} ({columns}) SELECT {columns} FROM temp.changed",
    )


def count_differences(connection: sqlite3.Connection, table: MirroredTable, *, source: str) -> TableChange:
    """What `apply` would do."""
    rows, target, key = f"{source}.{quoted(table.name)}", f"main.{quoted(table.name)}", listed(table.key)
    differing = (
        f"SELECT count(*) FROM {target} AS t INNER JOIN {rows} AS s ON {_same_key(table)} WHERE {_differing(table)}"
    )
    return TableChange(
        added=_number(connection, f"SELECT count(*) FROM {rows} WHERE ({key}) NOT IN (SELECT {key} FROM {target})"),
        changed=_number(connection, differing),
        removed=_number(connection, f"SELECT count(*) FROM {target} WHERE ({key}) NOT IN (SELECT {key} FROM {rows})"),
    )


def find_refused(connection: sqlite3.Connection, table: MirroredTable, *, source: str) -> Refused:
    """Rows of the source that `main` does not hold as they are."""
    found = (
        f"FROM {source}.{quoted(table.name)} AS s LEFT JOIN main.{quoted(table.name)} AS t ON {_same_key(table)}"
        f" WHERE t.{quoted(table.key[0])} IS NULL OR {_differing(table)}"
    )
    count = _number(connection, f"SELECT count(*) {found}")
    told = connection.execute(f"SELECT {listed(list(table.filled), 's.')} {found} LIMIT {EXAMPLES}") if count else ()
    examples = (", ".join(f"{name} {value}" for name, value in zip(table.filled, row, strict=True)) for row in told)
    return Refused(count=count, examples=tuple(f"{table.name}: {example}" for example in examples))


def _keys_sql(table: MirroredTable, view: str) -> str:
    """Our id and their key of every row; a new row of a numbered table takes the next number of theirs."""
    if not table.is_numbered:
        return f"SELECT id, {quoted(table.filled[table.key[0]])} FROM {view}"
    name, key = f"main.{quoted(table.name)}", quoted(table.key[0])
    identity = quoted(table.identity or "")
    return (
        f"SELECT v.id, coalesce(t.number, (SELECT coalesce(max({key}), 0) FROM {name})"
        " + row_number() OVER (PARTITION BY t.number IS NULL ORDER BY v.id))"
        f" FROM {view} AS v LEFT JOIN (SELECT {identity} AS ours, min({key}) AS number FROM {name} GROUP BY 1) AS t"
        " ON v.id = t.ours"
    )


def _value_sql(ours: str, theirs: Mapping[str, MirroredTable]) -> str:
    """One of our columns; a reference as the key that the row referred to has over there."""
    if REFERENCES.get(ours) in theirs:
        return f"(SELECT r.theirs FROM temp.keys_{REFERENCES[ours]} AS r WHERE r.ours = v.{ours})"
    return f"v.{ours}"


def _values(table: MirroredTable) -> list[str]:
    return [name for name in table.filled if name not in table.key]


def _same_key(table: MirroredTable) -> str:
    return " AND ".join(f"t.{quoted(name)} = s.{quoted(name)}" for name in table.key)


def _differing(table: MirroredTable) -> str:
    return " OR ".join(["0", *(f"t.{quoted(name)} IS NOT s.{quoted(name)}" for name in _values(table))])


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
