"""What goes wrong with a ledger: one clear line each, and nothing committed is lost."""

import os
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import StatementError

from linernotes.errors import FatalError, LinernotesError, TransientError
from linernotes.ledger.opening import Ledger
from linernotes.ports.loads import Load, LoadKind
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.runs import RunStatus
from tests.postgres import PrivatePostgres

UNKNOWN = UUID("9c1c1d3e-5b8a-4a53-8f0d-52a0c1f7a001")
NOBODY = 65534
PASSWORD = "s3cret"


def start_run(ledger: Ledger) -> None:
    ledger.runs.start("pull", code_version="1", settings={})


@pytest.fixture
def sqlite_ledger(make_ledger: Callable[[str], str], open_here: Callable[..., Ledger]) -> Ledger:
    return open_here(make_ledger("sqlite"), wait_seconds=0.1)


@pytest.fixture
def postgres_url(make_ledger: Callable[[str], str]) -> str:
    return make_ledger("postgres")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that an unprivileged user can get to."""
    folder = Path(tempfile.mkdtemp(prefix="ln-home-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Do the block as somebody whom permissions hold back, if the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


class TestFiles:
    def test_a_new_ledger_in_a_read_only_home_is_refused(self, home: Path, open_here: Callable[..., Ledger]) -> None:
        home.chmod(0o555)
        with unprivileged(), pytest.raises(FatalError, match=r"cannot write .*writable, or choose another --home"):
            open_here(f"sqlite:///{home / 'ledger.db'}")

    def test_a_home_that_becomes_read_only_keeps_what_was_committed(
        self, home: Path, open_here: Callable[..., Ledger]
    ) -> None:
        url = f"sqlite:///{home / 'ledger.db'}"
        ledger = open_here(url)
        start_run(ledger)
        ledger.close()
        home.chmod(0o555)
        (home / "ledger.db").chmod(0o444)
        with unprivileged(), pytest.raises(FatalError, match=r"cannot write the ledger .*ledger\.db .*another --home"):
            start_run(open_here(url))
        home.chmod(0o755)
        (home / "ledger.db").chmod(0o644)
        assert len(open_here(url).runs.latest()) == 1

    def test_a_read_only_home_keeps_a_ledger_from_being_migrated(
        self, ledger_file: Path, home: Path, open_here: Callable[..., Ledger]
    ) -> None:
        path = shutil.copyfile(ledger_file, home / "ledger.db")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        home.chmod(0o555)
        with unprivileged(), pytest.raises(FatalError, match=r"cannot write .*/locks \(Permission denied\); .*--home"):
            open_here(f"sqlite:///{path}")

    def test_a_home_that_does_not_exist_is_named(self, tmp_path: Path, open_here: Callable[..., Ledger]) -> None:
        with pytest.raises(FatalError, match=r"cannot write the ledger .*nowhere/ledger\.db"):
            open_here(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}")

    def test_a_file_that_is_no_database_is_called_damaged(
        self, tmp_path: Path, open_here: Callable[..., Ledger]
    ) -> None:
        path = tmp_path / "ledger.db"
        path.write_bytes(b"<html>not a database</html>" * 100)
        with pytest.raises(FatalError, match=r"is damaged \(file is not a database\); move it away .*backups"):
            open_here(f"sqlite:///{path}")
        assert path.read_bytes().startswith(b"<html>")

    def test_a_ledger_with_damaged_pages_says_so_when_they_are_read(
        self, make_ledger: Callable[[str], str], tmp_path: Path, open_here: Callable[..., Ledger]
    ) -> None:
        url = make_ledger("sqlite")
        content = (tmp_path / "ledger.db").read_bytes()
        (tmp_path / "ledger.db").write_bytes(content[:8192] + b"\x55" * (len(content) - 8192))
        with pytest.raises(FatalError, match="is damaged"):
            start_run(open_here(url))

    def test_a_full_disk_is_named_and_what_was_committed_stays(
        self, sqlite_ledger: Ledger, make_record: Callable[..., QuarantinedRecord]
    ) -> None:
        start_run(sqlite_ledger)
        with full_disk(sqlite_ledger), pytest.raises(FatalError, match="no space left for the ledger") as error:
            sqlite_ledger.quarantine.add([make_record(body=bytes(10_000_000))])
        assert error.value.exit_status == 1
        assert len(sqlite_ledger.runs.latest()) == 1
        assert sqlite_ledger.quarantine.add([make_record(body=bytes(10_000_000))]) == 1

    def test_a_writer_waits_for_the_lock_only_so_long(self, sqlite_ledger: Ledger) -> None:
        with closing(sqlite3.connect(sqlite_ledger.place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(TransientError, match=r"locked by another process, for 0\.1 s .*try again") as error:
                start_run(sqlite_ledger)
            assert sqlite_ledger.runs.latest() == []
            other.execute("ROLLBACK")
        assert error.value.exit_status == 75
        start_run(sqlite_ledger)

    def test_an_exclusive_lock_keeps_even_the_door_closed(
        self, make_ledger: Callable[[str], str], tmp_path: Path, open_here: Callable[..., Ledger]
    ) -> None:
        url = make_ledger("sqlite")
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(TransientError, match="locked by another process"):
                open_here(url, wait_seconds=0.1)


class TestServers:
    def test_a_server_that_does_not_answer_may_answer_later(self, open_here: Callable[..., Ledger]) -> None:
        with pytest.raises(TransientError, match=r"cannot reach the ledger postgresql://me:\*\*\*@127\.0\.0\.1:1/db"):
            open_here(f"postgresql://me:{PASSWORD}@127.0.0.1:1/db")

    @pytest.mark.parametrize(
        ("database", "user", "reason"),
        [("nothere", "linernotes", 'database "nothere"'), ("postgres", "stranger", 'role "stranger"')],
    )
    def test_a_server_that_refuses_us_will_refuse_us_again(
        self, postgres: PrivatePostgres, open_here: Callable[..., Ledger], database: str, user: str, reason: str
    ) -> None:
        with pytest.raises(FatalError, match=f"the server refuses the ledger .*{reason} does not exist"):
            open_here(postgres.url(database, user=user, password=PASSWORD))

    def test_a_user_without_rights_is_told_so(
        self, postgres: PrivatePostgres, postgres_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("CREATE ROLE reader LOGIN")
        try:
            with pytest.raises(FatalError, match=r"refuses the ledger .*permission denied"):
                start_run(open_here(postgres_url.replace("linernotes@", "reader@")))
        finally:
            with psycopg.connect(postgres.url(), autocommit=True) as connection:
                connection.execute("DROP ROLE reader")

    def test_a_lost_connection_fails_one_transaction_and_is_replaced(
        self, postgres_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        ledger = open_here(postgres_url)

        def write_over_a_connection_that_breaks() -> None:
            with ledger._store.writing() as connection, psycopg.connect(postgres_url, autocommit=True) as other:
                pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
                connection.exec_driver_sql("SELECT 1")

        with pytest.raises(TransientError, match="cannot reach the ledger"):
            write_over_a_connection_that_breaks()
        start_run(ledger)

    def test_a_lock_is_waited_for_only_so_long(self, postgres_url: str, open_here: Callable[..., Ledger]) -> None:
        ledger = open_here(postgres_url, wait_seconds=0.1)
        with psycopg.connect(postgres_url) as other:
            other.execute("LOCK TABLE run")
            with pytest.raises(TransientError, match=r"locked by another process, for 0\.1 s"):
                start_run(ledger)
        start_run(ledger)

    def test_a_read_only_database_is_named(self, postgres_url: str, open_here: Callable[..., Ledger]) -> None:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        with pytest.raises(FatalError, match=r"cannot write the ledger .*read-only"):
            start_run(open_here(postgres_url))


class TestRows:
    def test_a_load_of_a_run_that_does_not_exist_is_refused(self, stored_ledger: Ledger) -> None:
        load = Load(
            load_id=UNKNOWN,
            source="discogs",
            entity="artist",
            version=date(2020, 8, 1),
            kind=LoadKind.COMPLETE,
            is_verified=True,
            file_name="a.xml.gz",
            file_sha256=None,
            record_count=1,
            landed_count=1,
            run_id=UNKNOWN,
        )
        with pytest.raises(FatalError, match="refuses a row that contradicts others"):
            stored_ledger.loads.commit(load)
        assert stored_ledger.loads.find() == []

    def test_text_that_a_database_cannot_store_is_stored_with_marks_in_its_place(
        self, stored_ledger: Ledger, make_record: Callable[..., QuarantinedRecord]
    ) -> None:
        record = make_record(detail="NUL \0 and half a pair \ud800", record_id="\0")
        stored_ledger.quarantine.add([record])
        assert stored_ledger.quarantine.find() == [
            replace(record, detail="NUL \ufffd and half a pair ?", record_id="\ufffd")
        ]

    def test_settings_of_every_kind_are_stored_readably(self, stored_ledger: Ledger) -> None:
        settings = {
            "home": Path("/h"),
            "at": datetime(2026, 3, 1, tzinfo=UTC),
            "on": date(2026, 3, 1),
            "id": UNKNOWN,
            "only": {"b", "a"},
            "status": RunStatus.RUNNING,
            "discogs": MappingProxyType({"attempts": 5}),
            "odd": "\0\ud800",
        }
        assert stored_ledger.runs.start("pull", code_version="1", settings=settings).settings == {
            "home": "/h",
            "at": "2026-03-01T00:00:00+00:00",
            "on": "2026-03-01",
            "id": str(UNKNOWN),
            "only": ["a", "b"],
            "status": "running",
            "discogs": {"attempts": 5},
            "odd": "\0\ud800",
        }

    def test_a_time_without_time_zone_is_a_mistake_of_the_caller(
        self, stored_ledger: Ledger, make_record: Callable[..., QuarantinedRecord]
    ) -> None:
        with pytest.raises(StatementError, match="a time without time zone: 2026-03-01"):
            stored_ledger.quarantine.add([make_record(created_at=datetime(2026, 3, 1))])  # noqa: DTZ001 - what is tested

    def test_times_come_back_in_utc_whatever_the_server_s_time_zone_is(self, stored_ledger: Ledger) -> None:
        start_run(stored_ledger)
        assert stored_ledger.runs.latest()[0].started_at.tzinfo is UTC


class TestSecrets:
    def test_a_password_is_neither_in_the_ledger_s_name_nor_in_what_goes_wrong(
        self, postgres: PrivatePostgres, postgres_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        ledger = open_here(postgres_url.replace("linernotes@", f"linernotes:{PASSWORD}@"))
        assert "linernotes:***@" in ledger.place
        errors = [
            _error_of(lambda: open_here(f"postgresql://me:{PASSWORD}@127.0.0.1:1/db")),
            _error_of(lambda: open_here(postgres.url("nothere", password=PASSWORD))),
            _error_of(lambda: open_here(f"postgresql://me@127.0.0.1:1/db?password={PASSWORD}")),
        ]
        shown = [repr(ledger), str(ledger), *("".join(traceback.format_exception(error)) for error in errors)]
        assert [text for text in shown if PASSWORD in text] == []


@pytest.fixture
def make_record() -> Callable[..., QuarantinedRecord]:
    record = QuarantinedRecord(
        quarantine_id=UNKNOWN,
        load_id=UNKNOWN,
        source="discogs",
        entity="artist",
        record_id="1",
        reason="invalid_utf8",
        detail="",
        body=b"",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    return lambda **changes: replace(record, **changes)


@contextmanager
def full_disk(ledger: Ledger) -> Iterator[None]:
    """Let the ledger's file grow no further, which SQLite reports as it does a full disk."""
    engine = ledger._store.engine

    def stop_growth(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    engine.dispose()
    event.listen(engine, "connect", stop_growth)
    yield
    event.remove(engine, "connect", stop_growth)
    engine.dispose()


def _error_of(action: Callable[[], object]) -> LinernotesError:
    with pytest.raises(LinernotesError) as caught:
        action()
    return caught.value
