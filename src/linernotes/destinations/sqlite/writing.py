"""Changing somebody else's file while others read it.

In WAL mode readers notice nothing. In rollback-journal mode SQLite keeps readers out only while it writes the changed
pages back, at COMMIT; so nothing is written before it (changes stay in memory, up to `_SPILL_PAGES`), and the commit
is short. A reader needs a busy timeout that covers it; every common driver has one (Python's: 5 s). A commit that does
not get the file within `lock_seconds` is undone and tried again later, because while it waits new readers wait too.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linernotes import failpoints
from linernotes.destinations.sqlite.connections import attach, opened
from linernotes.destinations.sqlite.mirror_inspection import count_dangling
from linernotes.destinations.sqlite.mirror_rows import (
    apply,
    copied_columns,
    count_differences,
    find_refused,
    make_rows,
)
from linernotes.destinations.sqlite.mirror_tables import Mapped, MirroredTable, read_tables
from linernotes.errors import FatalError, TransientError
from linernotes.ports.destinations import TableChange

_SPILL_PAGES = 65_536
"""Changed pages kept in memory: 256 MB of 4 KiB pages. Beyond that SQLite locks readers out before the commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to try for a file that others use."""

    sleep: Callable[[float], None]
    attempts: int = 20
    lock_seconds: float = 2
    """Per attempt; below the 5 s that readers wait by default."""
    pause_seconds: float = 0.5

    @property
    def reading_seconds(self) -> float:
        """How long to wait for a lock only to read: nobody is kept waiting by that."""
        return self.attempts * (self.lock_seconds + self.pause_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What became of a staged copy."""

    refused: Mapping[str, tuple[int, tuple[str, ...]]]


def fill_copy(copy: Path, catalogue: Path, scratch: Path, mapping: Mapped) -> Filled:
    """Bring our rows into a copy of the production file; rows that its rules do not admit are left out and counted."""
    scratch.unlink(missing_ok=True)
    with opened(scratch, "rwc") as connection:
        connection.execute("VACUUM")  # makes the file
    with opened(copy, "rw") as connection:
        attach(connection, catalogue, "catalogue")
        connection.execute("ATTACH DATABASE ? AS made", [str(scratch)])
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", "made.journal_mode = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        tables = read_tables(connection, mapping)
        make_rows(connection, tables, catalogue="catalogue", into="made")
        connection.execute("BEGIN")
        for table in tables:
            apply(connection, table, source="made", inserted=copied_columns(table), or_ignore=True)
        refused = {table.name: find_refused(connection, table, source="made") for table in tables}
        connection.execute("COMMIT")
    return Filled(refused={name: (found.count, found.examples) for name, found in refused.items() if found.count})


def find_changes(production: Path, source: Path, mapping: Mapped, *, patience: Patience) -> Mapping[str, TableChange]:
    """What `write_rows` would do.

    Raises:
        FatalError: The source has not all that we fill.
    """
    with opened(production, wait_seconds=patience.reading_seconds) as connection:
        attach(connection, source, "source")
        tables = _read_fitting(connection, source, mapping)
        return {table.name: count_differences(connection, table, source="source") for table in tables}


def write_rows(
    production: Path, source: Path, mapping: Mapped, *, failpoint: str, patience: Patience
) -> Mapping[str, TableChange]:
    """Make the tables that we fill say what `source` says, in one transaction.

    Args:
        production: Changed in place.
        source: A staged copy or a backup.
        mapping: What we fill.
        failpoint: Its name without `.before` and `.after`.
        patience: For readers and other writers.

    Raises:
        TransientError: Others kept the file for too long; nothing has changed.
        FatalError: The rows no longer fit the file; nothing has changed.
    """
    for attempt in range(patience.attempts):
        try:
            with opened(production, "rw", wait_seconds=patience.lock_seconds) as connection:
                return _write(connection, source, mapping, failpoint)
        except TransientError:
            if attempt + 1 == patience.attempts:
                raise
            patience.sleep(patience.pause_seconds)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _write(connection: sqlite3.Connection, source: Path, mapping: Mapped, failpoint: str) -> Mapping[str, TableChange]:
    """One attempt; closing the connection undoes whatever was not committed."""
    attach(connection, source, "source")
    connection.execute("PRAGMA foreign_keys = OFF")  # a cascade would reach tables that are not ours; checked below
    connection.execute(f"PRAGMA main.cache_spill = {_SPILL_PAGES}")
    connection.execute("BEGIN IMMEDIATE")
    changes = {}
    for table in _read_fitting(connection, source, mapping):
        theirs = _columns(connection, "source", table.name)
        inserted = [name for name in table.columns if name in theirs]
        changes[table.name] = apply(connection, table, source="source", inserted=inserted)
    _check_references(connection)
    failpoints.hit(f"{failpoint}.before")
    connection.execute("COMMIT")
    failpoints.hit(f"{failpoint}.after")
    return changes


def _check_references(connection: sqlite3.Connection) -> None:
    """Nothing may dangle that did not dangle in what was validated."""
    known = count_dangling(connection, "source")
    for (table, parent), count in count_dangling(connection, "main").items():
        if count > known[table, parent]:
            raise FatalError(
                f"{count - known[table, parent]} rows of {table} refer to rows of {parent} that would go, "
                "which they did not when this was staged; nothing has changed, run liner stage"
            )


def _read_fitting(connection: sqlite3.Connection, source: Path, mapping: Mapped) -> Sequence[MirroredTable]:
    """The tables that we fill, all of whose filled columns the source has."""
    tables = read_tables(connection, mapping)
    for table in tables:
        missing = sorted({*table.key, *table.filled} - _columns(connection, "source", table.name))
        if missing:
            raise FatalError(
                f"{source.name} has no column {table.name}.{missing[0]}: it is of another shape; run liner stage"
            )
    return tables


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> set[str]:
    query = "SELECT name FROM pragma_table_xinfo(?, ?) WHERE hidden = 0"
    return {name for (name,) in connection.execute(query, [table, schema])}
