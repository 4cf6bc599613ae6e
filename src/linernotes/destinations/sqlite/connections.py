"""Opening SQLite files, and saying in our words what SQLite has against it.

DuckDB brings an SQLite of its own. Two SQLite libraries in one process must never have the same file open: closing it
in one drops the locks of the other (https://www.sqlite.org/howtocorrupt.html, 2.2.1). So DuckDB only ever writes a file
that nobody knows yet; everything else goes through here.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from linernotes.errors import FatalError, LinernotesError, TransientError, WrongUsageError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_PRIMARY_CODE = 0xFF  # the low byte of an extended result code: https://www.sqlite.org/rescode.html


def quoted(identifier: str) -> str:
    """An SQL identifier that means exactly this name."""
    return '"' + identifier.replace('"', '""') + '"'


def listed(identifiers: Sequence[str], prefix: str = "") -> str:
    """Identifiers as a list of columns, each with a prefix such as `n.`."""
    return ", ".join(prefix + quoted(identifier) for identifier in identifiers)


@contextmanager
def opened(path: Path, mode: str = "ro", *, wait_seconds: float = 5) -> Iterator[sqlite3.Connection]:
    """A connection in autocommit mode, for the block.

    A foreign file may carry triggers and views. They run, because full-text tables are kept up to date that way; the
    connection has no functions of its own, so they can do nothing but SQL on that file.

    Args:
        path: The file.
        mode: `ro`, `rw`, or `rwc` to create it.
        wait_seconds: How long a statement waits for somebody else's lock.

    Raises:
        WrongUsageError: It is no SQLite file.
        TransientError: It is locked.
        FatalError: It cannot be read or written, the disk is full, or the file is damaged.
    """
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait_seconds, isolation_level=None
        )
        with closing(connection):
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the file is opened only now
            yield connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the file system about `path`, as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _our(error, path) from error
    except OSError as error:
        raise FatalError(
            f"cannot write {error.filename or path}: {error.strerror}; free space or change rights"
        ) from error


def attach(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Attach a file for reading, under a name."""
    connection.execute(f"ATTACH DATABASE ? AS {quoted(name)}", [f"{path.absolute().as_uri()}?mode=ro"])


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else's lock is the reason."""
    return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE) in _BUSY


def _our(error: sqlite3.Error, path: Path) -> LinernotesError:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in _BUSY:
        return TransientError(f"{path} is locked by another program; nothing has changed, try again when it is done")
    if code == sqlite3.SQLITE_NOTADB:
        return WrongUsageError(f"{path} is not an SQLite file; name one that is")
    if code in _REFUSED:
        return FatalError(f"cannot open {path} ({error}); check that the file exists and the rights of its folder")
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return FatalError(f"cannot write {path} ({error}); free space on its disk, then run the same command again")
    if code == sqlite3.SQLITE_CORRUPT:
        return FatalError(f"{path} is damaged ({error}); stage it again, or roll back to a backup")
    return FatalError(f"{path}: {error}")
