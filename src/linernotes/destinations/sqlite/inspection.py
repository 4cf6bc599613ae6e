"""Looking for what is wrong with a catalogue file: counts and examples, never an opinion."""

# ruff: noqa: S608 - identifiers come from our own files or through quoted(), values are bound

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from linernotes.destinations.sqlite.connections import is_busy, opened, quoted
from linernotes.destinations.sqlite.tables import REFERENCES, statement
from linernotes.domain.validation import Check, Measurement, find_impossible_date

EXAMPLES = 5
_MAPPED_BYTES = 0x7FFF0000  # the most that SQLite maps; each page is looked up many times, in 14 s instead of 43
CHECKS = (
    (Check.WITHOUT_ARTIST, "release_group"),
    (Check.WITHOUT_ARTIST, "release"),
    (Check.WITHOUT_ALBUM, "track"),
    (Check.WITHOUT_TRACK, "release"),
    (Check.DUPLICATE, "artist"),
    (Check.DUPLICATE, "label"),
    (Check.DUPLICATE, "release_group"),
    (Check.DUPLICATE, "release"),
    (Check.REPEATED_IDENTIFIER, "identifier"),
)
"""Each is a file in `checks/`: one row per offender, with a `key` and an `example`."""
_DATES = (("release_group", "printf('%04d', year)"), ("release", "released"))


def measure_catalogue(
    path: Path, *, today: date, rows: Mapping[str, int], production: Mapping[str, int]
) -> list[Measurement]:
    """Every check of a catalogue file.

    Args:
        path: The file.
        today: No release has come out after it.
        rows: Of the file, by table.
        production: Rows of the generation in production; empty where there is none.
    """
    with opened(path) as connection:
        connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
        damages = check_integrity(connection)
        if damages.count:
            return [damages]
        return [
            *check_foreign_keys(connection),
            *(measure_check(connection, check, table) for check, table in CHECKS),
            *(_check_reference(connection, *reference) for reference in REFERENCES),
            *(check_dates(connection, table, text, today) for table, text in _DATES),
            *measure_fall(rows, production),
        ]


def check_sql(check: Check, table: str) -> str:
    """The query of a check: one row per offender."""
    return statement(f"checks/{check.value}.{table}.sql")


def measure_check(connection: sqlite3.Connection, check: Check, table: str) -> Measurement:
    """How many rows a check finds, and the first of them."""
    query = check_sql(check, table)
    count = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
    examples = connection.execute(f"SELECT example FROM ({query}) LIMIT {EXAMPLES}") if count else ()
    return Measurement(check=check, table=table, count=count, examples=tuple(text for (text,) in examples))


def check_integrity(connection: sqlite3.Connection) -> Measurement:
    """Whether SQLite finds the file itself in order."""
    try:
        damages = [text for (text,) in connection.execute("PRAGMA integrity_check(100)") if text != "ok"]
    except sqlite3.DatabaseError as error:  # so damaged that the check itself cannot go on
        if is_busy(error):
            raise
        damages = [str(error)]
    return Measurement(check=Check.INTEGRITY, table="file", count=len(damages), examples=tuple(damages[:EXAMPLES]))


def check_foreign_keys(connection: sqlite3.Connection) -> Iterator[Measurement]:
    """References that lead nowhere, by table."""
    found: dict[str, int] = defaultdict(int)
    examples: dict[str, list[str]] = defaultdict(list)
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        found[table] += 1
        if len(examples[table]) < EXAMPLES:
            row = "a row" if rowid is None else f"row {rowid}"
            examples[table].append(f"{row} of {table} names no row of {parent}")
    for table, count in found.items():
        yield Measurement(check=Check.FOREIGN_KEY, table=table, count=count, examples=tuple(examples[table]))


def check_dates(connection: sqlite3.Connection, table: str, text: str, today: date) -> Measurement:
    """Dates that cannot be; each distinct one is judged once.

    Args:
        connection: To the file.
        table: Its rows have an `id`.
        text: An SQL expression for the date, `YYYY` to `YYYY-MM-DD`.
        today: No release has come out after it.
    """
    query = f"SELECT {text} AS said, count(*), min(rowid) FROM {quoted(table)} GROUP BY said HAVING said IS NOT NULL"
    impossible = [
        (count, f"{table} {key}: {said}, {reason}")
        for said, count, key in connection.execute(query)
        if (reason := find_impossible_date(str(said), today=today))
    ]
    return Measurement(
        check=Check.IMPOSSIBLE_DATE,
        table=table,
        count=sum(count for count, _ in impossible),
        examples=tuple(example for _, example in impossible[:EXAMPLES]),
    )


def measure_fall(rows: Mapping[str, int], production: Mapping[str, int]) -> Iterator[Measurement]:
    """How many rows fewer than production each table has."""
    for table, before in production.items():
        lost = before - rows.get(table, 0)
        if lost > 0:
            example = f"{table}: {before:,} rows in production, {rows.get(table, 0):,} staged"
            yield Measurement(check=Check.FALL, table=table, count=lost, of=before, examples=(example,))


def _check_reference(connection: sqlite3.Connection, table: str, key: str, record_id: str, name: str) -> Measurement:
    missing = f"FROM {quoted(table)} WHERE {quoted(key)} IS NULL AND {quoted(record_id)} IS NOT NULL"
    count = connection.execute(f"SELECT count(*) {missing}").fetchone()[0]
    said = f"{quoted(record_id)} || coalesce(' ' || {quoted(name)}, '')"
    examples = connection.execute(f"SELECT DISTINCT {said} {missing} LIMIT {EXAMPLES}") if count else ()
    return Measurement(
        check=Check.MISSING_REFERENCE, table=table, count=count, examples=tuple(text for (text,) in examples)
    )
