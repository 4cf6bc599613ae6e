"""The schema of the ledger: made, migrated up and down, checked at the door."""

import multiprocessing
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, inspect

import linernotes.ledger.migrations
from linernotes.errors import FatalError, TransientError
from linernotes.ledger.engine import Store
from linernotes.ledger.opening import Ledger, open_ledger
from linernotes.ledger.place import find_place
from linernotes.ledger.schema import HEAD, VERSION_TABLE, bring_up, migrate
from linernotes.ledger.tables import METADATA
from linernotes.ports.runs import RunStatus
from tests.fakes.clock import FakeClock


@pytest.fixture
def open_store() -> Iterator[Callable[..., Store]]:
    opened: list[Store] = []

    def make(url: str, *, wait_seconds: float = 5) -> Store:
        opened.append(Store(find_place(url, wait_seconds=wait_seconds, code_version="1.2.3")))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def tables(store: Store) -> set[str]:
    with store.reading() as connection:
        return set(inspect(connection).get_table_names())


def describe(connection: Connection) -> dict[str, object]:
    """Everything about every table that the database can tell."""
    look = inspect(connection)
    return {
        table: {
            "columns": {(each["name"], str(each["type"]), each["nullable"]) for each in look.get_columns(table)},
            "key": look.get_pk_constraint(table),
            "foreign keys": sorted(map(str, look.get_foreign_keys(table))),
            "unique": sorted(map(str, look.get_unique_constraints(table))),
            "checks": sorted(map(str, look.get_check_constraints(table))),
            "indexes": sorted(map(str, look.get_indexes(table))),
        }
        for table in METADATA.tables
    }


class TestMigrations:
    def test_up_down_and_up_again_end_at_the_tables_of_the_code(
        self, empty_url: str, open_store: Callable[..., Store]
    ) -> None:
        store = open_store(empty_url)
        bring_up(store)
        migrate(store, "base")
        assert tables(store) == {VERSION_TABLE}
        bring_up(store)
        with store.reading() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            assert compare_metadata(context, METADATA) == []
            assert context.get_current_revision() == HEAD

    def test_the_migrations_make_what_the_code_would_make_names_and_checks_included(
        self, empty_url: str, open_store: Callable[..., Store]
    ) -> None:
        store = open_store(empty_url)
        bring_up(store)
        with store.reading() as connection:
            migrated = describe(connection)
        migrate(store, "base")
        with store.writing() as connection:
            METADATA.create_all(connection)
        with store.reading() as connection:
            assert describe(connection) == migrated

    def test_the_newest_revision_is_the_one_that_the_code_asks_for(self) -> None:
        script = ScriptDirectory(str(Path(linernotes.ledger.migrations.__file__).parent))
        assert script.get_heads() == [HEAD]

    def test_a_migration_that_fails_changes_nothing(self, empty_url: str, open_store: Callable[..., Store]) -> None:
        store = open_store(empty_url)
        bring_up(store)
        migrate(store, "base")
        with store.writing() as connection:
            METADATA.tables["quarantine"].create(connection)
        with pytest.raises(FatalError, match=r"quarantine.* already exists"):
            bring_up(store)
        assert tables(store) == {VERSION_TABLE, "quarantine"}

    def test_a_migration_that_leaves_a_row_without_what_it_refers_to_is_taken_back(
        self, make_ledger: Callable[[str], str], tmp_path: Path, open_store: Callable[..., Store]
    ) -> None:
        store = open_store(make_ledger("sqlite"))
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as connection:
            connection.execute("INSERT INTO consumption VALUES ('artist@1', 'no load', 'no run')")
        with pytest.raises(FatalError, match="would lose references; nothing was changed"):
            migrate(store, "head")


class TestOpening:
    def test_two_first_starts_at_once_do_not_collide(self, empty_url: str) -> None:
        context = multiprocessing.get_context("fork")
        answers = context.SimpleQueue()
        starters = [context.Process(target=_open_and_run, args=(empty_url, answers)) for _ in range(4)]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join()
        assert [answers.get() for _ in starters] == ["opened"] * 4

    def test_opening_again_keeps_what_is_there(self, empty_url: str, open_here: Callable[..., Ledger]) -> None:
        run = open_here(empty_url).runs.start("pull", code_version="1", settings={})
        assert open_here(empty_url).runs.latest() == [run]

    def test_a_ledger_of_a_newer_version_is_refused_with_the_next_step(
        self, ledger_url: str, open_store: Callable[..., Store], open_here: Callable[..., Ledger]
    ) -> None:
        with open_store(ledger_url).writing() as connection:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        with pytest.raises(
            FatalError, match=r"newer version \(9999\) than Linernotes 1.2.3 .*install the newer"
        ) as error:
            open_here(ledger_url)
        assert error.value.exit_status == 1

    def test_a_database_of_somebody_else_is_refused_and_left_as_it_is(
        self, empty_url: str, open_store: Callable[..., Store], open_here: Callable[..., Ledger]
    ) -> None:
        store = open_store(empty_url)
        with store.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE run (distance INTEGER)")
        with pytest.raises(FatalError, match="is no ledger: it holds run"):
            open_here(empty_url)
        assert tables(store) == {"run"}

    def test_a_team_s_database_may_hold_other_things(
        self, new_database: Callable[..., str], open_store: Callable[..., Store], open_here: Callable[..., Ledger]
    ) -> None:
        url = new_database()
        with open_store(url).writing() as connection:
            connection.exec_driver_sql("CREATE TABLE ducklake_table (id INTEGER)")
        assert open_here(url).runs.latest() == []

    def test_a_ledger_taken_from_a_backup_is_in_wal_mode_again(
        self, make_ledger: Callable[[str], str], tmp_path: Path, open_here: Callable[..., Ledger]
    ) -> None:
        url = make_ledger("sqlite")
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        open_here(url)
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]

    def test_a_migration_that_another_process_does_not_end_is_waited_for_only_so_long(
        self, sqlite_url: str, open_store: Callable[..., Store]
    ) -> None:
        store = open_store(sqlite_url, wait_seconds=0.1)
        lock = store.place.path.parent / "locks" / "new.lock"
        lock.parent.mkdir()
        with FileLock(lock), pytest.raises(TransientError, match=r"has been migrating the ledger .*try again later"):
            bring_up(store)

    def test_opening_a_ledger_that_is_current_loads_no_more_than_it_needs(self, sqlite_url: str) -> None:
        program = """
import sys
from datetime import UTC, datetime
from linernotes.ledger.opening import open_ledger
open_ledger(sys.argv[1], clock=lambda: datetime.now(UTC), code_version="1").close()
heavy = "alembic", "filelock", "mako", "psycopg", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "structlog"
print(*(name for name in heavy if name in sys.modules))
"""
        outputs = [
            subprocess.run(
                [sys.executable, "-c", program, sqlite_url], capture_output=True, text=True, check=True
            ).stdout
            for _ in range(2)
        ]
        assert "alembic" in outputs[0]
        assert outputs[1].strip() == ""


def _open_and_run(url: str, answers: "SimpleQueue[str]") -> None:
    try:
        with open_ledger(url, clock=FakeClock(), code_version="1") as ledger:
            run = ledger.runs.start("pull", code_version="1", settings={})
            ledger.runs.finish(run.run_id, status=RunStatus.SUCCEEDED, counters={})
        answers.put("opened")
    except BaseException as error:
        answers.put(repr(error))
        raise
