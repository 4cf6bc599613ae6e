"""What of the lake is published: the scope as tables of ids, and how much that is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import duckdb

from linernotes.destinations.sqlite.entities import entity_statements
from linernotes.destinations.sqlite.tables import OF_SEVERAL, TABLES, statement
from linernotes.domain.fields import FIELDS
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.destinations import Scope, ScopeKind, StageRequest

LakeAt = Callable[[int], AbstractContextManager[duckdb.DuckDBPyConnection]]
"""Opens DuckDB with the lake of a snapshot attached as `lake`, and the SQLite extension loaded."""


WITH_LICENCE = ("genre", "enriched_value")
"""Tables of which not every row is free."""
_STORED = {"identifier": "source_identifier", "enriched_value": "decision"}
"""Tables of silver under another name; `silver.identifier` also shows what the catalogue has in columns."""


@contextmanager
def scoped(lake: LakeAt, request: StageRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lake of the snapshot that was asked for, with the temporary tables and views that `rows/*.sql` read.

    Raises:
        WrongUsageError: The scope needs a source that does not exist yet.
        FatalError: The lake holds records that the catalogue has no key for, or cannot be read.
    """
    scope, snapshot_id = request.scope, request.snapshot_id
    if scope.kind in {ScopeKind.COLLECTION, ScopeKind.PLAYS}:
        raise WrongUsageError(f"scope {scope.kind.value}: no such source was pulled; use scope all or filter")
    with lake(snapshot_id) as connection, _readable(snapshot_id):
        connection.execute(statement("scope/macros.sql"))
        unfit = connection.execute(statement("scope/unfit.sql")).fetchone()
        if unfit is not None:
            raise FatalError(f"{unfit[0]} has no key in an SQLite catalogue; discard the load that brought it")
        connection.execute(statement("scope/entities.sql"))
        _choose(connection, scope)
        for made in entity_statements():
            connection.execute(made)
        connection.execute(statement("scope/recordings.sql"))
        _name_fields(connection, request)
        connection.execute(statement("scope/decided.sql"))
        connection.execute(statement("loads.sql"))
        yield connection


def count_rows(lake: LakeAt, request: StageRequest) -> Mapping[str, int]:
    """Rows per table of what was asked for.

    For everything the lake's own counts do, which take no time; they include what belongs to records that are gone, and
    say nothing of what is only known of the few that two sources have.

    Raises:
        WrongUsageError: The scope needs a source that does not exist yet.
        FatalError: The lake cannot be read.
    """
    if request.scope.kind is not ScopeKind.ALL:
        with scoped(lake, request) as connection:
            return {table: _count_scoped(connection, table) for table in TABLES}
    with lake(request.snapshot_id) as connection, _readable(request.snapshot_id):
        stored = (table for table in TABLES if table not in OF_SEVERAL)
        return {table: _count(connection, f"lake.silver.{_STORED.get(table, table)}") for table in stored}


def count_withheld(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> Mapping[str, int]:
    """Rows that the scope leaves out for their licence, by table.

    Args:
        connection: As `scoped` gives it.
        rows: What was published, by table.
    """
    connection.execute("SET VARIABLE is_cc0 = false")
    left = {table: _count_scoped(connection, table) - rows[table] for table in WITH_LICENCE}
    return {table: count for table, count in left.items() if count}


@contextmanager
def _readable(snapshot_id: int) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise FatalError(f"cannot read snapshot {snapshot_id} of the lake: {str(error).splitlines()[0]}") from error


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])  # noqa: S608 - our own names


def _count_scoped(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return _count(connection, f"({statement(f'rows/{table}.sql')})")


def _name_fields(connection: duckdb.DuckDBPyConnection, request: StageRequest) -> None:
    """Say which fields can be enriched, in which order, and whose values of them are free."""
    names = list(dict.fromkeys(name.partition(".")[2] for name in FIELDS))
    places = "SELECT unnest(range(1, len($names) + 1)) AS position, unnest($names) AS field"
    connection.execute(f"CREATE TEMP TABLE enriched_field AS {places}", {"names": names})
    free = [f"{who}.{name}" for who, terms in request.terms.items() for name in names if terms.allows_cc0(name)]
    connection.execute("SET VARIABLE free_fields = $free", {"free": free})
    connection.execute("SET VARIABLE is_cc0 = $is_cc0", {"is_cc0": request.scope.is_cc0})


def _choose(connection: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    if scope.kind is ScopeKind.ALL:
        connection.execute(statement("scope/all.sql"))
        return
    connection.execute("CREATE TEMP TABLE scope_release (record BIGINT, id BIGINT)")
    wanted = {
        "genres": _folded(scope.genres),
        "styles": _folded(scope.styles),
        "countries": _folded(scope.countries),
        "labels": _folded(scope.labels),
        "artists": _folded(scope.artists),
        "first_year": scope.first_year,
        "last_year": scope.last_year,
    }
    connection.execute(f"INSERT INTO scope_release {statement('scope/filter.sql')}", wanted)
    connection.execute(statement("scope/around.sql"))


def _folded(values: tuple[str, ...]) -> list[str]:
    return [value.lower() for value in values]
