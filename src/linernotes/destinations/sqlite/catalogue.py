"""Making a catalogue file from the lake.

DuckDB writes the rows into plain tables, sorted by key, so that pages are full; then indexes, full text and views are
made by SQLite. The file is nobody's until it is renamed, so nothing of this is journalled.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb

from linernotes.destinations.sqlite.connections import opened
from linernotes.destinations.sqlite.files import sync
from linernotes.destinations.sqlite.lake_scope import LakeAt, count_withheld, scoped
from linernotes.destinations.sqlite.tables import TABLES, shape, statement
from linernotes.errors import FatalError
from linernotes.ports.destinations import StageRequest
from linernotes.ports.progress import Progress

CC0 = "CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/)"
_CACHE_KIB = 65_536  # index sorting and full text; more did not help at 2.7M rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a catalogue file holds, in rows by table."""

    rows: Mapping[str, int]
    withheld: Mapping[str, int]
    """Left out for their licence."""


def make_catalogue(
    path: Path, request: StageRequest, *, lake: LakeAt, progress: Progress, is_searchable: bool = True
) -> Made:
    """Write the catalogue that was asked for to a new file.

    Raises:
        FatalError: The disk is full, or the lake cannot be read.
        WrongUsageError: The scope needs a source that does not exist yet.
    """
    path.unlink(missing_ok=True)
    with opened(path, "rwc") as connection:
        _hurry(connection)
        connection.executescript(statement("schema.sql"))
    with scoped(lake, request) as duck:
        rows = _load(duck, path, progress)
        withheld = count_withheld(duck, rows) if request.scope.is_cc0 else {}
    progress.step("staging: indexes, full text and statistics")
    with opened(path, "rw") as connection:
        _hurry(connection)
        for name in ("indexes.sql", "views.sql", "search.sql")[: 3 if is_searchable else 2]:
            connection.executescript(statement(name))
        _finish(connection, request, rows)
    sync(path)
    return Made(rows=rows, withheld=withheld)


def _load(duck: duckdb.DuckDBPyConnection, path: Path, progress: Progress) -> dict[str, int]:
    """Fill every table in the order of `TABLES`, in one transaction: the disk is waited for once."""
    target = "'" + str(path.absolute()).replace("'", "''") + "'"
    duck.execute(f"ATTACH {target} AS catalogue (TYPE sqlite, JOURNAL_MODE 'OFF')")
    rows = {}
    try:
        duck.execute("BEGIN")
        duck.execute("INSERT INTO catalogue.load BY NAME SELECT id, uuid, source FROM published_load ORDER BY id")
        with progress.task("staging", total=len(TABLES), unit="tables") as task:
            for table in TABLES:
                filled = duck.execute(f"INSERT INTO catalogue.{table} BY NAME {statement(f'rows/{table}.sql')}")
                rows[table] = int(filled.fetchall()[0][0])
                task.advance()
        duck.execute("COMMIT")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        is_full = any(word in reason.lower() for word in ("disk", "full", "no space"))
        hint = "; free space on its disk, then run the same command again" if is_full else ""
        raise FatalError(f"cannot write {path}: {reason}{hint}") from error
    finally:
        _detach(duck)
    return rows


def _detach(duck: duckdb.DuckDBPyConnection) -> None:
    try:
        duck.execute("DETACH catalogue")
    except duckdb.Error:  # after a failed write the file goes with the connection; the first error is told
        return


def _hurry(connection: sqlite3.Connection) -> None:
    """Neither journal nor waiting for the disk: the file goes where anything goes wrong, and is synced at the end."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def _finish(connection: sqlite3.Connection, request: StageRequest, rows: Mapping[str, int]) -> None:
    """Say in the file what it holds."""
    connection.execute(
        "INSERT INTO publication (id, snapshot_id, scope, created_at, shape, counts, licence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            str(request.publication_id),
            request.snapshot_id,
            request.scope.text,
            request.staged_at.astimezone(UTC).isoformat(timespec="seconds"),
            shape(),
            json.dumps(rows),
            _licence(connection, request),
        ],
    )
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode = DELETE")


def _licence(connection: sqlite3.Connection, request: StageRequest) -> str:
    """A line on whose data it is and on what terms, for each who has a part in it."""
    query = "SELECT source FROM load UNION SELECT provider FROM enriched_value WHERE provider <> 'person' ORDER BY 1"
    lines = [CC0] if request.scope.is_cc0 else []
    for (who,) in connection.execute(query):
        terms = request.terms.get(who)
        said = f"{terms.licence} ({terms.url})" if terms else "terms unknown"
        lines.append(f"{who}: {said}")
    return "\n".join(lines)
