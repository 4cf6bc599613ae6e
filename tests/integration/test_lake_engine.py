"""The engine: pinned, signed, bounded, and able to open what is there."""

import contextlib
import importlib.metadata
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest

from linernotes.errors import FatalError, WrongUsageError
from linernotes.lake.engine import EXTENSIONS, ROW_GROUP, Engine, link_extensions

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
PACKAGES = ("duckdb", *(f"duckdb-extension-{name.replace('_', '-')}" for name in EXTENSIONS))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(folder=tmp_path / "lake", extensions=link_extensions(tmp_path / "extensions"))


def extension_file(engine: Engine, name: str) -> Path:
    return next(engine.extensions.rglob(f"{name}.duckdb_extension"))


@pytest.mark.parametrize("package", PACKAGES)
def test_duckdb_and_its_extensions_are_pinned_to_one_version(package: str) -> None:
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    assert f"{package}==1.5.5" in declared
    assert importlib.metadata.version(package) == "1.5.5"


def test_extensions_are_those_that_were_installed_as_packages(engine: Engine) -> None:
    assert {extension_file(engine, name).resolve().parts[-5:-2] for name in EXTENSIONS} <= {
        ("site-packages", f"duckdb_extension_{name}", "extensions") for name in EXTENSIONS
    }


def test_linking_again_changes_nothing(engine: Engine) -> None:
    before = extension_file(engine, "ducklake").lstat()
    link_extensions(engine.extensions)
    assert extension_file(engine, "ducklake").lstat() == before


def test_a_link_that_leads_elsewhere_is_put_right(engine: Engine) -> None:
    link = extension_file(engine, "ducklake")
    installed = link.resolve()
    link.unlink()
    link.symlink_to("/nowhere")
    link_extensions(engine.extensions)
    assert link.resolve() == installed


def test_an_extension_with_a_flipped_bit_is_refused(engine: Engine) -> None:
    link = extension_file(engine, "ducklake")
    content = bytearray(link.resolve().read_bytes())
    content[len(content) // 2] ^= 1
    link.unlink()
    link.write_bytes(content)
    with pytest.raises(FatalError, match="signature"), engine.create():
        pass


def test_a_missing_extension_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linernotes.lake.engine.EXTENSIONS", ("ducklake", "spatial"))
    with pytest.raises(FatalError, match=r"no extension spatial for DuckDB v1\.5\.5"):
        link_extensions(tmp_path)


@pytest.mark.parametrize(
    ("row_count", "told", "threads"),
    [(10, None, 1), (ROW_GROUP, None, 1), (ROW_GROUP + 1, None, 2), (10, ROW_GROUP + 1, 2), (ROW_GROUP + 1, 10, 1)],
)
def test_what_is_small_is_done_by_one_thread(engine: Engine, row_count: int, told: int | None, threads: int) -> None:
    with engine.create() as connection:
        connection.execute(f"CREATE TABLE lake.silver.track AS FROM range({row_count})")
        engine.spare_threads(connection, told)
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(threads,)]


def test_an_empty_lake_is_small(engine: Engine) -> None:
    with engine.create() as connection:
        engine.spare_threads(connection)
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(1,)]


def test_nothing_is_downloaded(engine: Engine) -> None:
    with duckdb.connect(config=engine.new_config()) as connection:
        settings = dict(
            connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions'"
                " OR name = 'allow_unsigned_extensions'"
            ).fetchall()
        )
    assert settings == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_unsigned_extensions": "false",
    }


def test_memory_and_threads_are_those_that_were_set(tmp_path: Path, engine: Engine) -> None:
    small = Engine(folder=engine.folder, extensions=engine.extensions, memory_limit="100MB", threads=1)
    with small.create() as connection:
        limit, threads = connection.execute(
            "SELECT current_setting('memory_limit'), current_setting('threads')"
        ).fetchall()[0]
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute("SELECT list(range) FROM range(100_000_000)")
    assert (limit, threads) == ("61.9 MiB", 1)  # 65 MB: the rest is for what DuckDB does not count


def test_what_does_not_fit_into_memory_is_spilled_beside_the_lake(engine: Engine) -> None:
    small = Engine(folder=engine.folder, extensions=engine.extensions, memory_limit="75MB", threads=1)
    with small.create() as connection:
        counted = connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT hash(range)::VARCHAR || repeat('x', 40) FROM range(1_500_000))"
        ).fetchall()
    assert counted == [(1_500_000,)]


def test_who_spills_is_not_disturbed_by_another_that_is_done(engine: Engine) -> None:
    small = Engine(folder=engine.folder, extensions=engine.extensions, memory_limit="75MB", threads=1)
    spilled = "CREATE TEMP TABLE spilled AS SELECT range, md5(range::VARCHAR) AS text FROM range(2_000_000)"
    with small.create() as one:
        one.execute(spilled)
        with small.connect() as other:
            other.execute(spilled)
            assert len(list(engine.folder.glob("spill-*"))) == 2
        assert one.execute("SELECT sum(length(text)) FROM spilled").fetchall() == [(64_000_000,)]
    assert list(engine.folder.glob("spill-*")) == []


def test_what_a_killed_process_spilled_is_removed_by_the_next_writer(engine: Engine) -> None:
    with engine.create():
        pass
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folders = {
        name: engine.folder / f"spill-{name}"
        for name in (
            f"{socket.gethostname()}-{ended.pid}-0",
            f"{socket.gethostname()}-{os.getpid()}-999",
            "elsewhere-1-0",
        )
    }
    for folder in folders.values():
        folder.mkdir()
    with engine.create():
        assert [folder.exists() for folder in folders.values()] == [False, True, True]


def test_a_lake_is_created_once_with_its_schemas(engine: Engine) -> None:
    assert not engine.exists
    with engine.create() as connection:
        first = connection.execute("FROM lake.current_snapshot()").fetchall()
    with engine.create() as connection:
        assert connection.execute("FROM lake.current_snapshot()").fetchall() == first
        schemas = connection.execute("SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'lake'").fetchall()
    assert {("silver",), ("gold",)} <= set(schemas)
    assert engine.exists


def test_a_lake_whose_creation_was_cut_off_is_created_again(engine: Engine) -> None:
    engine.folder.mkdir()
    with contextlib.closing(sqlite3.connect(engine.folder / "catalog.sqlite")) as catalog:
        catalog.execute("PRAGMA journal_mode = WAL")  # what is there before the first commit
    assert (engine.folder / "catalog.sqlite").stat().st_size > 0
    assert not engine.exists
    with engine.create() as connection:
        assert connection.execute("FROM lake.current_snapshot()").fetchall()
    assert engine.exists


def test_a_lake_that_was_moved_opens_as_before(engine: Engine, tmp_path: Path) -> None:
    with engine.create() as connection:
        connection.execute("CREATE TABLE lake.silver.artist AS SELECT range AS record_id FROM range(1000)")
    shutil.move(engine.folder, tmp_path / "moved")
    moved = Engine(folder=tmp_path / "moved", extensions=engine.extensions)
    with moved.connect() as connection:
        assert connection.execute("SELECT count(*) FROM lake.silver.artist").fetchall() == [(1000,)]


def test_a_reader_cannot_write(engine: Engine) -> None:
    with engine.create():
        pass
    with engine.connect() as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("CREATE TABLE lake.silver.artist (record_id INTEGER)")


def test_a_snapshot_that_does_not_exist_is_named(engine: Engine) -> None:
    with engine.create():
        pass
    with pytest.raises(WrongUsageError, match="No snapshot found at version 99"), engine.connect(snapshot=99):
        pass


def test_a_catalog_that_is_no_catalog_is_one_clear_line(engine: Engine) -> None:
    engine.folder.mkdir(parents=True)
    (engine.folder / "catalog.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(FatalError, match="cannot open the lake in ") as raised, engine.connect():
        pass
    assert "\n" not in str(raised.value)


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file stands where the lake should be")
    engine = Engine(folder=tmp_path / "lake", extensions=link_extensions(tmp_path / "extensions"))
    with pytest.raises(FatalError, match="cannot create the lake in "), engine.create():
        pass


def test_no_bar_is_drawn_into_the_output_of_a_program_without_a_file(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)
    with engine.create() as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
