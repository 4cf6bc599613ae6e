"""Looking for what is wrong with a staged copy of somebody else's file."""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from linernotes.destinations.sqlite.connections import listed, quoted
from linernotes.destinations.sqlite.inspection import EXAMPLES, check_dates, check_integrity, measure_fall
from linernotes.destinations.sqlite.mirror_tables import MirroredTable
from linernotes.domain.validation import Check, Measurement

IDENTIFIERS = {"uuid", "discogs_id", "mbid", "musicbrainz_id", "spotify_id", "deezer_id"}
"""Columns of theirs that name one thing each. An ISRC does not: several recordings share one."""
ORPHANS = (
    (Check.WITHOUT_ARTIST, "albums", "artist_id", "artists"),
    (Check.WITHOUT_ALBUM, "songs", "album_id", "albums"),
)
"""Check, our view, its reference, and the view referred to."""


def measure_mirror(
    connection: sqlite3.Connection, tables: Sequence[MirroredTable], *, today: date, production: str
) -> list[Measurement]:
    """Every check of a staged copy, whose production file is attached under the name `production`."""
    damages = check_integrity(connection)
    if damages.count:
        return [damages]
    found = list(_check_foreign_keys(connection, production))
    for check, table, query in orphan_checks(tables):
        found.append(_measured(connection, check, table, query))
    for table in tables:
        for column in identifier_columns(table):
            found.append(_measured(connection, Check.DUPLICATE, table, duplicate_sql(table, column)))
        year = table.column("year")
        if year:
            found.append(check_dates(connection, table.name, quoted(year), today))
    rows = {table.name: count_table(connection, table) for table in tables}
    return [*found, *measure_fall(rows, {table.name: count_table(connection, table, production) for table in tables})]


def orphan_checks(tables: Sequence[MirroredTable]) -> Iterator[tuple[Check, MirroredTable, str]]:
    """Checks that make sense for a file: both tables and the column between them are filled. One row per orphan."""
    by_view = {table.view: table for table in tables}
    for check, view, reference, parent_view in ORPHANS:
        table, parent = by_view.get(view), by_view.get(parent_view)
        column = table.column(reference) if table else None
        if table and parent and column:
            yield (
                check,
                table,
                f"SELECT {listed(table.key)} FROM main.{quoted(table.name)} WHERE {quoted(column)} IS NULL"
                f" OR {quoted(column)} NOT IN (SELECT {quoted(parent.key[0])} FROM main.{quoted(parent.name)})",
            )


def identifier_columns(table: MirroredTable) -> list[str]:
    """Columns of theirs in which no value may stand twice, but the key."""
    return [name for name in table.columns if name.lower() in IDENTIFIERS and table.key != (name,)]


def duplicate_sql(table: MirroredTable, column: str) -> str:
    """Keys of the rows that share a value with another."""
    name, identifier = f"main.{quoted(table.name)}", quoted(column)
    return (
        f"SELECT {listed(table.key)} FROM {name} WHERE {identifier} IN"
        f" (SELECT {identifier} FROM {name} WHERE {identifier} IS NOT NULL GROUP BY {identifier} HAVING count(*) > 1)"
    )


def refused_measurements(refused: Mapping[str, tuple[int, Sequence[str]]]) -> Iterator[Measurement]:
    """What a rule of the file did not admit when it was staged, by table."""
    for table, (count, examples) in refused.items():
        yield Measurement(check=Check.REFUSED, table=table, count=count, examples=tuple(examples))


def count_dangling(connection: sqlite3.Connection, schema: str) -> Counter[tuple[str, str]]:
    """References that lead nowhere, by table and the table they should lead to."""
    rows = connection.execute(f"PRAGMA {schema}.foreign_key_check")
    return Counter((table, parent) for table, _, parent, _ in rows)


def _check_foreign_keys(connection: sqlite3.Connection, production: str) -> Iterator[Measurement]:
    """What dangles that did not dangle in production: that is what the staging did."""
    before = count_dangling(connection, production)
    for (table, parent), count in count_dangling(connection, "main").items():
        more = count - before[table, parent]
        if more > 0:
            example = f"{more:,} more rows of {table} than in production name no row of {parent}"
            yield Measurement(check=Check.FOREIGN_KEY, table=table, count=more, examples=(example,))


def _measured(connection: sqlite3.Connection, check: Check, table: MirroredTable, query: str) -> Measurement:
    count = int(connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0])
    rows = connection.execute(f"{query} LIMIT {EXAMPLES}") if count else ()
    examples = tuple(f"{table.name} {'/'.join(str(part) for part in row)}" for row in rows)
    return Measurement(check=check, table=table.name, count=count, examples=examples)


def count_table(connection: sqlite3.Connection, table: MirroredTable, schema: str = "main") -> int:
    """Rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {schema}.{quoted(table.name)}").fetchone()[0])
