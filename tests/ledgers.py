"""Ledgers for tests: on a SQLite file, on a private PostgreSQL, in memory."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linernotes.ledger.opening import Ledger, open_ledger
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.postgres import PrivatePostgres

ENGINES = ("sqlite", "postgres")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def ledger_template(postgres: PrivatePostgres) -> str:
    """A database with the tables of the ledger, to make copies of."""
    name = postgres.create_database()
    open_ledger(postgres.url(name), clock=FakeClock(), code_version="test").close()
    return name


@pytest.fixture(scope="session")
def ledger_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of the ledger, to make copies of."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    open_ledger(f"sqlite:///{path}", clock=FakeClock(), code_version="test").close()
    return path


@pytest.fixture
def make_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Make a ledger on an engine and answer its address."""

    def make(engine: str) -> str:
        if engine == "sqlite":
            path = shutil.copyfile(request.getfixturevalue("ledger_file"), tmp_path / "ledger.db")
            return f"sqlite:///{path}"
        new_database = request.getfixturevalue("new_database")
        return str(new_database(template=request.getfixturevalue("ledger_template")))

    return make


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, make_ledger: Callable[[str], str]) -> str:
    """The address of a ledger, on each engine."""
    return make_ledger(request.param)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a ledger on SQLite that does not exist yet."""
    return f"sqlite:///{tmp_path / 'new.db'}"


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without anything in it, on each engine."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("new_database")())


@pytest.fixture
def open_here(clock: FakeClock) -> Iterator[Callable[..., Ledger]]:
    """`open_ledger`, with the test's clock; what it opened is closed at the end."""
    opened: list[Ledger] = []

    def make(url: str, **settings: float) -> Ledger:
        opened.append(open_ledger(url, clock=clock, code_version="1.2.3", **settings))
        return opened[-1]

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture
def stored_ledger(ledger_url: str, open_here: Callable[..., Ledger]) -> Ledger:
    """An open ledger, on each engine."""
    return open_here(ledger_url)


@pytest.fixture(params=[*ENGINES, "memory"])
def ledger(
    request: pytest.FixtureRequest,
    clock: FakeClock,
    make_ledger: Callable[[str], str],
    open_here: Callable[..., Ledger],
) -> Ledger | FakeLedger:
    """An open ledger, on each engine and in memory: all keep the same promises."""
    return FakeLedger(clock) if request.param == "memory" else open_here(make_ledger(request.param))
