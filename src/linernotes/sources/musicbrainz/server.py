"""Two ways to have a PostgreSQL server run a query and give its rows to the engine, in one transaction.

DuckDB's postgres extension takes rows as binary COPY, those of one table over two connections; where it cannot be
loaded, psycopg's server-side cursor brings the same rows at a seventh of the rate. Both see one moment, however long
they read.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import duckdb
import psycopg

_ROWS_AT_A_TIME = 20_000
_FROM = re.compile(r"\bFROM ")
_ARROW_TYPES = {16: "bool", 20: "int64", 21: "int16", 23: "int32", 1184: "timestamp"}
"""By the number that PostgreSQL has for a type (https://www.postgresql.org/docs/current/catalog-pg-type.html)."""

Connect = Callable[[Path], AbstractContextManager[duckdb.DuckDBPyConnection]]
"""Opens an engine with bounded memory that spills into a folder."""


class Server(Protocol):
    connection: duckdb.DuckDBPyConnection
    """The engine."""
    is_parallel: bool
    """Whether several threads bring the rows of a table faster than one."""

    def rows(self, sql: str) -> str:
        """A SELECT for the engine that gives the rows of a query."""
        ...

    def rows_of_table(self, sql: str) -> str:
        """The same of a query that does nothing but name columns of one table."""
        ...


class Extension:
    """Rows by the postgres extension."""

    is_parallel = True

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, sql: str) -> str:
        """Have the server run the query when the engine asks for the rows."""
        return f"SELECT * FROM postgres_query('source', {literal(sql)})"

    def rows_of_table(self, sql: str) -> str:
        """Have the engine read the pages of the table, several connections beside each other in one snapshot."""
        return _FROM.sub("FROM source.", sql)


class Cursor:
    """Rows by a server-side cursor, through a file."""

    is_parallel = False

    def __init__(self, connection: duckdb.DuckDBPyConnection, server: psycopg.Connection, folder: Path) -> None:
        self.connection = connection
        self._server = server
        self._folder = folder
        self._numbers = count(1)
        self._path = folder / "cursor-0.parquet"

    def rows(self, sql: str) -> str:
        """Bring the rows into a file, in place of that of the query before."""
        self._path.unlink(missing_ok=True)
        path = self._path = self._folder / f"cursor-{next(self._numbers)}.parquet"
        with self._server.cursor(name="linernotes") as cursor:
            cursor.execute(sql)
            self._write(cursor, path)
        return f"SELECT * FROM read_parquet({literal(str(path))})"

    rows_of_table = rows

    def _write(self, cursor: psycopg.ServerCursor, path: Path) -> None:
        import pyarrow as pa  # noqa: PLC0415 - 50 MB that the extension does without
        import pyarrow.parquet as pq  # noqa: PLC0415 - the same

        columns = cursor.description or ()
        names = [_ARROW_TYPES.get(column.type_code, "string") for column in columns]
        types = [pa.timestamp("us", tz="UTC") if name == "timestamp" else pa.type_for_alias(name) for name in names]
        schema = pa.schema([(column.name, kind) for column, kind in zip(columns, types, strict=True)])
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as file:
            while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
                values = [
                    [None if value is None else str(value) for value in column] if kind == pa.string() else column
                    for column, kind in zip(zip(*rows, strict=True), types, strict=True)
                ]
                arrays = [pa.array(column, kind) for column, kind in zip(values, types, strict=True)]
                file.write_table(pa.Table.from_arrays(arrays, schema=schema))


@contextlib.contextmanager
def by_extension(dsn: str, connect: Connect, spill: Path) -> Iterator[Server]:
    """A transaction through the extension, for the block.

    Raises:
        duckdb.Error: The extension cannot be loaded, or the server does not let us in.
    """
    with connect(spill) as connection:
        connection.execute("LOAD postgres_scanner")
        connection.execute(f"ATTACH {literal(dsn)} AS source (TYPE postgres, READ_ONLY)")
        connection.execute("BEGIN")  # repeatable read, as the extension opens it
        try:
            yield Extension(connection)
        finally:
            # A transaction that is open when the connection goes aborts the process, if the server is gone by then.
            with contextlib.suppress(duckdb.Error):
                connection.execute("ROLLBACK")


@contextlib.contextmanager
def by_cursor(dsn: str, connect: Connect, spill: Path) -> Iterator[Server]:
    """A transaction through a cursor, for the block.

    Raises:
        psycopg.Error: The server does not let us in.
    """
    spill.mkdir(parents=True, exist_ok=True)
    with (
        psycopg.connect(dsn, options="-c timezone=UTC") as server,
        connect(spill) as connection,
        TemporaryDirectory(dir=spill) as folder,
    ):
        server.read_only = True
        server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield Cursor(connection, server, Path(folder))


def literal(text: str) -> str:
    """An SQL string that means exactly this text."""
    return "'" + text.replace("'", "''") + "'"
