"""DuckDB connections to the lake, with the extensions that were installed as packages.

DuckDB is pinned, and its extensions come from packages of the same version: nothing is downloaded
when Linernotes runs, and DuckDB checks their signatures as it loads them.
"""

import contextlib
import importlib.util
import itertools
import os
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from linernotes.domain.sizes import parse_size
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.lake.damage import make_anew

EXTENSIONS = ("ducklake", "sqlite_scanner", "postgres_scanner")
SCHEMAS = ("silver", "gold")
BUSY_MILLISECONDS = 30_000
ROW_GROUP = 122_880
"""Rows that DuckDB hands to a thread at a time. With fewer in every table a second thread only waits for the first: one
alone builds the sample in two thirds of the CPU time and three quarters of the time."""
_SPILL = re.compile(r"spill-(?P<host>.+)-(?P<pid>[0-9]+)-[0-9]+")
_connections = itertools.count()
COUNTED_SHARE = 0.65
"""DuckDB takes up to half more than it counts (measured on merges that spill), and dbt 350 MB beside it."""
POOLED_SHARE = 0.9
"""Of what is counted, this share is one pool of blocks; without it freed blocks stay with the system's allocator. A
merge of 6 million rows took 1.15 to 1.20 GB resident with the pool, 1.34 to 1.43 without, in the same time."""


def quote(identifier: str) -> str:
    """An SQL identifier that means exactly this name."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string that means exactly this text, for statements that cannot bind (ATTACH, views, COPY)."""
    return "'" + text.replace("'", "''") + "'"


def link_extensions(folder: Path) -> Path:
    """Make `folder` an extension directory of DuckDB that points at the installed packages, and return it.

    Raises:
        FatalError: An extension package is missing or of another version than DuckDB.
    """
    platform = duckdb.execute("PRAGMA platform").fetchall()[0][0]
    version = f"v{duckdb.__version__}"
    target = folder / version / platform
    target.mkdir(parents=True, exist_ok=True)
    for name in EXTENSIONS:
        package = importlib.util.find_spec(f"duckdb_extension_{name}")
        packaged = (
            Path(package.origin).parent / "extensions" / version / f"{name}.duckdb_extension"
            if package and package.origin
            else None
        )
        if packaged is None or not packaged.is_file():
            raise FatalError(
                f"no extension {name} for DuckDB {version}: install the packages of requirements.lock again"
            )
        link = target / packaged.name
        if not link.exists() or link.resolve() != packaged.resolve():
            fresh = link.with_suffix(f".{os.getpid()}")
            fresh.symlink_to(packaged.resolve())
            fresh.replace(link)
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How to open the lake of a home."""

    folder: Path
    """`lake/` of the home."""
    extensions: Path
    """A folder that `link_extensions` prepared."""
    catalog: str | None = None
    """PostgreSQL connection string of the catalog; None for SQLite in `folder`."""
    memory_limit: str = "1GB"
    """What the process may take for data, at most half as much again in all."""
    threads: int = 2
    """At most; see `spare_threads`."""

    @property
    def data(self) -> Path:
        """Where the lake keeps its Parquet files."""
        return self.folder / "data"

    def new_config(self) -> dict[str, str | bool | int | float | list[str]]:
        """Settings of one connection: bounded memory, no downloads, signatures checked, a folder to spill into.

        No two connections may share that folder: when DuckDB is done, it removes all files of its kind from it.
        """
        return {
            "extension_directory": str(self.extensions),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            **self._memory,
            "threads": str(self.threads),
            "temp_directory": str(self.folder / f"spill-{socket.gethostname()}-{os.getpid()}-{next(_connections)}"),
            "preserve_insertion_order": "false",
        }

    @property
    def _memory(self) -> dict[str, str]:
        try:
            counted = parse_size(self.memory_limit) * COUNTED_SHARE
        except ValueError:
            return {"memory_limit": self.memory_limit}  # DuckDB knows more ways to write a size, such as 50%
        return {
            "memory_limit": f"{round(counted)}B",
            "block_allocator_memory": f"{round(counted * POOLED_SHARE)}B",
        }

    @property
    def catalog_address(self) -> str:
        """What DuckLake attaches to."""
        return f"postgres:{self.catalog}" if self.catalog else f"sqlite:{self.folder / 'catalog.sqlite'}"

    @property
    def exists(self) -> bool:
        """Whether a lake was ever created here; a catalog without tables is of one that was cut off.

        DuckDB looks, and not Python's SQLite: a second SQLite that closes the file takes away the locks that the first
        one has in the same process (https://www.sqlite.org/howtocorrupt.html).

        Raises:
            FatalError: The PostgreSQL server of the catalog does not answer.
        """
        if self.catalog is None and not (self.folder / "catalog.sqlite").is_file():
            return False
        address = self.catalog or str(self.folder / "catalog.sqlite")
        kind = "postgres" if self.catalog else "sqlite"
        with duckdb.connect(":memory:", config=self.new_config()) as connection:
            try:
                connection.execute(
                    f"LOAD {kind}_scanner; ATTACH {literal(address)} AS catalog (TYPE {kind}, READ_ONLY)"
                )
                found = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'ducklake_metadata'"
                return bool(connection.execute(found).fetchall())
            except duckdb.Error as error:
                if self.catalog:
                    raise self._translated(error) from None
                return True  # what is wrong with the file is told when it is opened

    @contextlib.contextmanager
    def create(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection for the block, to a lake that has its schemas. The caller holds the writer lock.

        Raises:
            FatalError: The folder cannot be written, or the lake cannot be opened.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FatalError(f"cannot create the lake in {self.folder}: {error.strerror}") from error
        self._sweep_spill()
        with self.connect(read_only=False) as connection:
            for schema in SCHEMAS:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS lake.{schema}")
            yield connection

    def _sweep_spill(self) -> None:
        """Remove what processes of this machine spilled that were killed."""
        for folder in self.folder.iterdir():
            spill = _SPILL.fullmatch(folder.name)
            if spill and spill["host"] == socket.gethostname() and not _is_running(int(spill["pid"])):
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def connect(
        self, *, read_only: bool = True, snapshot: int | datetime | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the lake attached as `lake`, for the block.

        Args:
            read_only: Writers hold the writer lock and pass False.
            snapshot: The lake as of this snapshot id or time; None is now.

        Raises:
            WrongUsageError: There is no such snapshot, or not any more.
            FatalError: The lake cannot be opened.
            TransientError: The catalog is busy.
        """
        with duckdb.connect(":memory:", config=self.new_config()) as connection:
            self.attach(connection, read_only=read_only, snapshot=snapshot)
            yield connection

    def attach(
        self, connection: duckdb.DuckDBPyConnection, *, read_only: bool, snapshot: int | datetime | None = None
    ) -> None:
        """Attach the lake to a connection as `lake`; arguments and errors as for `connect`."""
        try:
            # a program without a file, such as `python -c`, is taken for a person, for whom bars are drawn
            connection.execute("SET enable_progress_bar = false; LOAD ducklake; LOAD sqlite_scanner")
            if self.catalog:
                connection.execute("LOAD postgres_scanner")
            connection.execute(self._attach(read_only=read_only, snapshot=snapshot))
        except duckdb.Error as error:
            raise self._translated(error) from None

    def spare_threads(self, connection: duckdb.DuckDBPyConnection, row_count: int | None = None) -> None:
        """Go on with one thread where there is no work for several.

        Args:
            connection: With the lake attached.
            row_count: Rows of the largest table that is read; None asks the lake.
        """
        if row_count is None:
            largest = "SELECT coalesce(max(record_count), 0) FROM __ducklake_metadata_lake.ducklake_table_stats"
            row_count = int(connection.execute(largest).fetchall()[0][0])
        if row_count <= ROW_GROUP:
            connection.execute("SET threads = 1")

    def _attach(self, *, read_only: bool, snapshot: int | datetime | None) -> str:
        options = [f"DATA_PATH {literal(f'{self.data}/')}"]
        if not self.catalog:  # measured: with WAL and a busy limit readers never fail beside a writer
            options += ["META_JOURNAL_MODE 'WAL'", f"META_BUSY_TIMEOUT {BUSY_MILLISECONDS}"]
            options.append("OVERRIDE_DATA_PATH true")  # the catalog remembers where the home was before it was moved
        if read_only:
            options.append("READ_ONLY")
        if isinstance(snapshot, datetime):
            options.append(f"SNAPSHOT_TIME {literal(snapshot.isoformat())}")
        elif snapshot is not None:
            options.append(f"SNAPSHOT_VERSION {int(snapshot)}")
        return f"ATTACH {literal('ducklake:' + self.catalog_address)} AS lake ({', '.join(options)})"

    def _translated(self, error: duckdb.Error) -> FatalError | TransientError:
        text = str(error).splitlines()[0]
        if self.catalog:
            text = text.replace(self.catalog, "the catalog")
        if "No snapshot found" in text:
            hint = 'liner query "FROM lake.snapshots()" lists those that have not expired'
            return WrongUsageError(f"{text.partition('Error: ')[2]}; {hint}")
        if "database is locked" in text or "busy" in text:
            return TransientError(f"the lake in {self.folder} is busy ({text}); try again")
        advice = "`liner doctor` tells more" if self.catalog else make_anew(self.folder)
        return FatalError(f"cannot open the lake in {self.folder} ({text}); {advice}")


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
