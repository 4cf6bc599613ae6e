"""Writers take turns, readers never fail."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linernotes.errors import TransientError
from linernotes.lake.engine import Engine, link_extensions
from linernotes.lake.lock import writer_lock
from tests.lake_kit import LakeHome, record, small_project
from tests.postgres import PrivatePostgres

PROJECT = Path(__file__).parents[2]
WRITERS, COMMITS = 4, 25


def start_writer(engine: Engine, lock: str) -> "subprocess.Popen[str]":
    arguments = [engine.folder, engine.extensions, lock, COMMITS, engine.catalog or ""]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.lake_writer", *map(str, arguments)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_four_processes_commit_and_readers_between_them_never_fail(tmp_path: Path) -> None:
    engine = Engine(folder=tmp_path / "lake", extensions=link_extensions(tmp_path / "extensions"))
    with engine.create() as connection:
        connection.execute("CREATE TABLE lake.silver.written (writer INTEGER, number INTEGER)")

    writers = [start_writer(engine, str(tmp_path / "lake.lock")) for _ in range(WRITERS)]
    seen = [0]
    while any(writer.poll() is None for writer in writers):
        with engine.connect() as connection:
            seen += [connection.execute("SELECT count(*) FROM lake.silver.written").fetchall()[0][0] for _ in range(20)]
    said = [writer.communicate()[0] for writer in writers]

    assert [(writer.returncode, text) for writer, text in zip(writers, said, strict=True) if writer.returncode] == []
    assert seen == sorted(seen)
    with engine.connect() as connection:
        per_writer = connection.execute("SELECT count(*) FROM lake.silver.written GROUP BY writer").fetchall()
    assert per_writer == [(COMMITS,)] * WRITERS


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A lock that somebody holds."""
    path = tmp_path / "locks" / "lake.lock"
    with writer_lock(path, wait_seconds=0, say=print):
        yield path


def test_a_writer_that_waits_too_long_is_told_to_come_back(held: Path) -> None:
    said: list[str] = []
    with pytest.raises(TransientError) as raised, writer_lock(held, wait_seconds=0.3, say=said.append):
        pass
    assert raised.value.exit_status == 75
    assert str(raised.value).startswith("another liner has been writing the lake")
    assert said == ["another liner is writing the lake; waiting up to 0 s"]


def test_a_writer_waits_for_the_one_before_and_says_so(tmp_path: Path) -> None:
    path, said = tmp_path / "lake.lock", []
    is_taken, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(path, wait_seconds=0, say=print):
            is_taken.set()
            may_go.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    is_taken.wait()

    def told(message: str) -> None:
        said.append(message)
        may_go.set()

    with writer_lock(path, wait_seconds=60, say=told):
        assert said == ["another liner is writing the lake; waiting up to 60 s"]
    holder.join()


def test_a_free_lock_is_taken_without_a_word(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with writer_lock(tmp_path / "lake.lock", wait_seconds=5, say=said.append):
            pass
    assert said == []


def test_a_killed_writer_leaves_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "lake.lock"
    code = (
        "import sys, time; from pathlib import Path; from linernotes.lake.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1]), wait_seconds=0, say=print): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        writer.kill()
        writer.wait()
    with writer_lock(path, wait_seconds=5, say=print):
        pass


@pytest.fixture
def shared_home(tmp_path: Path, new_database: Callable[..., str]) -> LakeHome:
    """A home whose catalog is in PostgreSQL."""
    return LakeHome(tmp_path, catalog=new_database(), project=small_project(tmp_path / "project"))


def test_a_catalog_in_postgresql_needs_no_lock(shared_home: LakeHome) -> None:
    engine = shared_home.engine
    with engine.create() as connection:
        connection.execute("CREATE TABLE lake.silver.written (writer INTEGER, number INTEGER)")
    writers = [start_writer(engine, "-") for _ in range(2)]
    said = [writer.communicate()[0] for writer in writers]
    assert [text for writer, text in zip(writers, said, strict=True) if writer.returncode] == []
    with engine.connect() as connection:
        assert connection.execute("SELECT count(*) FROM lake.silver.written").fetchall() == [(2 * COMMITS,)]


def test_a_lake_whose_catalog_is_in_postgresql_is_built_like_any_other(shared_home: LakeHome) -> None:
    assert not shared_home.engine.exists
    shared_home.load("2026-01-01", record("release", 1, title="one", track=[{"title": "a"}, {"title": "b"}]))
    first = shared_home.build()
    shared_home.load("2026-02-01", record("release", 1, title="changed", track=[{"title": "a"}]))
    second = shared_home.build()

    assert (first.is_complete, second.is_complete) == (True, True)
    assert {model.name: (model.updated, model.deleted) for model in second.models if model.updated + model.deleted} == {
        "release": (1, 0),
        "track": (0, 1),
    }
    assert shared_home.ask("SELECT title FROM silver.release") == [("changed",)]
    assert shared_home.ask("SELECT title FROM silver.release", snapshot=first.snapshot_id) == [("one",)]


def test_the_address_of_a_catalog_is_in_no_message(tmp_path: Path, postgres: PrivatePostgres) -> None:
    engine = Engine(
        folder=tmp_path,
        extensions=link_extensions(tmp_path / "extensions"),
        catalog=postgres.url("nowhere", user="somebody", password="hunter2"),
    )
    with pytest.raises(Exception, match="cannot open the lake") as raised, engine.connect():
        pass
    assert "hunter2" not in str(raised.value)
