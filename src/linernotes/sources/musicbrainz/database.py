"""A MusicBrainz database, seen in one transaction: which tables it has, and the extracts as it runs them."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import psycopg
from psycopg import conninfo

from linernotes.errors import FatalError, LinernotesError, WrongUsageError
from linernotes.sources.musicbrainz.extracts import ENTITIES
from linernotes.sources.musicbrainz.schema import COLUMNS, SCHEMA_SEQUENCE
from linernotes.sources.musicbrainz.server import Connect, Server, by_cursor, by_extension, literal
from linernotes.wire.retrying import AttemptError

_TABLES = re.compile(rf"\b(FROM|JOIN) ({'|'.join(COLUMNS)}|replication_control)\b")
_OF_TABLE = re.compile(rf"(--.*\s+)*SELECT\s+\w+( AS \w+)?(,\s+\w+( AS \w+)?)*\s+FROM ({'|'.join(COLUMNS)})\s*")
_PASSING = re.compile(
    r"terminating connection|server closed the connection|connection .*(refused|reset|lost)|Connection refused"
    r"|could not (connect|receive data|serialize)|starting up|shutting down|in recovery|conflict with recovery"
    r"|No route to host|timed? ?out|too many (clients|connections)|connection to server .* failed: No such file"
    r"|no connection to the server|SSL (error|SYSCALL)|deadlock detected",
    re.IGNORECASE,
)
"""What another attempt may mend."""
_FACTS = """
    SELECT
        now() AS taken_at,
        (
            SELECT string_agg(t.relname, ' ')
            FROM pg_class AS t
            INNER JOIN pg_namespace AS n ON t.relnamespace = n.oid
            WHERE n.nspname = {schema} AND t.relkind IN ('r', 'v', 'm', 'p', 'f')
        ) AS tables
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """Where a MusicBrainz database is."""

    dsn: str
    """As libpq reads it: a URL or key=value pairs; it can hold a password and is never shown."""
    schema: str = "musicbrainz"

    @property
    def shown(self) -> str:
        """Server and database, without secrets.

        Raises:
            WrongUsageError: It is no address.
        """
        try:
            parts = conninfo.conninfo_to_dict(self.dsn)
        except psycopg.Error:
            raise WrongUsageError(
                "--database is no address of PostgreSQL; write it as postgresql://user@host/musicbrainz_db"
            ) from None
        host = parts.get("host") or "local socket"
        return f"{parts.get('dbname') or parts.get('user') or 'database'} at {host}"


class DatabaseOrigin:
    """One transaction on the database."""

    def __init__(self, address: DatabaseAddress, server: Server) -> None:
        """See the database as it is now; use `open_database`."""
        self.connection = server.connection
        self._server = server
        self._address = address
        self.taken_at, self.tables = self._facts()
        missing = sorted(set(ENTITIES) - self.tables)
        if missing:
            raise FatalError(
                f"{address.shown} has no table {address.schema}.{missing[0]}: is it a database of MusicBrainz, and"
                " --schema right?"
            )
        if "replication_control" in self.tables:
            self._check_sequence()

    def select(self, sql: str) -> str:
        """The rows of the query: run by the server, or of the table itself where the query only names its columns."""
        bring = self._server.rows_of_table if _OF_TABLE.fullmatch(sql) else self._server.rows
        return bring(self._qualified(sql))

    def is_parallel(self, sql: str) -> bool:
        """Whether the rows come straight from the pages of one table."""
        return self._server.is_parallel and _OF_TABLE.fullmatch(sql) is not None

    def _qualified(self, sql: str) -> str:
        """The same query with the schema before its tables."""
        schema = self._address.schema.replace('"', '""')
        return _TABLES.sub(lambda found: f'{found[1]} "{schema}".{found[2]}', sql)

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Say what went wrong on the server."""
        with translated(self._address):
            yield

    def _facts(self) -> tuple[datetime, frozenset[str]]:
        facts = _FACTS.format(schema=literal(self._address.schema))
        row = self.connection.execute(self._server.rows(facts)).fetchall()[0]
        return row[0], frozenset((row[1] or "").split())

    def _check_sequence(self) -> None:
        sql = self._qualified("SELECT current_schema_sequence FROM replication_control")
        for (sequence,) in self.connection.execute(self._server.rows(sql)).fetchall():
            if sequence != SCHEMA_SEQUENCE:
                raise FatalError(
                    f"{self._address.shown} has schema {sequence}, and this version of Linernotes knows"
                    f" {SCHEMA_SEQUENCE}: take a version that knows the other"
                )


@contextlib.contextmanager
def open_database(
    address: DatabaseAddress, connect: Connect, spill: Path, *, with_cursor: bool = False
) -> Iterator[DatabaseOrigin]:
    """See the database as it is now, for the block.

    Args:
        address: Where it is.
        connect: Opens the engine.
        spill: A folder for what does not fit into memory.
        with_cursor: Read through a cursor, a seventh as fast, where the extension cannot be loaded.

    Raises:
        AttemptError: The server does not answer, or not now.
        WrongUsageError: The address is none.
        FatalError: The server does not let us in, or has no MusicBrainz.
    """
    opened = (by_cursor if with_cursor else by_extension)(address.dsn, connect, spill)
    with contextlib.ExitStack() as stack:
        with translated(address):
            origin = DatabaseOrigin(address, stack.enter_context(opened))
        yield origin


@contextlib.contextmanager
def translated(address: DatabaseAddress) -> Iterator[None]:
    """Turn what the engine and the server say into one clear line, without what is secret in the address."""
    try:
        yield
    except LinernotesError:
        raise
    except (duckdb.Error, psycopg.Error) as error:
        reason = _reason(str(error), address)
        what = f"{address.shown}: {reason}"
        if _PASSING.search(str(error)):
            raise AttemptError(what) from None
        if "permission denied" in reason:
            raise FatalError(f"{what}; the user needs SELECT on the tables of schema {address.schema}") from None
        raise FatalError(what) from None


def _reason(text: str, address: DatabaseAddress) -> str:
    """What the server says, in one line; the engine puts the address before it and the query behind."""
    text = text.replace(address.dsn, "the database")
    found = re.search(r"(?:FATAL|ERROR): +(.*)", text) or re.search(r"failed: (.*)", text)
    return (found.group(1) if found else text.splitlines()[0]).strip()
