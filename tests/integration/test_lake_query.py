"""`liner query`: bronze, silver and gold can be read, and nothing else can be done."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linernotes.errors import WrongUsageError
from tests.lake_kit import LakeHome, record

ONE_SELECT = "liner query takes one SELECT; nothing can be changed through it"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """A lake with three snapshots of one table, and a bronze load."""
    home = LakeHome(tmp_path_factory.mktemp("home"))
    home.load("2026-01-01", record("label", 5, name="Svek"))
    with home.engine.create() as connection:
        connection.execute("CREATE TABLE lake.silver.label AS SELECT '5' AS record_id, 'Svek' AS name")
        connection.execute("INSERT INTO lake.silver.label VALUES ('6', 'Harthouse')")
        connection.execute("CREATE SCHEMA lake.user")
        connection.execute("CREATE VIEW lake.user.mine AS SELECT count(*) AS label_count FROM lake.silver.label")
    (home.root / "secret.csv").write_text("a\n1\n")
    with sqlite3.connect(home.root / "ledger.db") as ledger:
        ledger.execute("CREATE TABLE run (run_id TEXT)")
    ledger.close()
    return home


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT name FROM silver.label ORDER BY record_id", [("Svek",), ("Harthouse",)]),
        ("FROM silver.label WHERE record_id = '6'", [("6", "Harthouse")]),
        ("SELECT name, record_id FROM bronze.discogs_label", [("Svek", 5)]),
        ("SELECT * FROM user.mine", [(2,)]),
        ("WITH one AS (SELECT 1 AS n) SELECT n FROM one UNION ALL SELECT 2", [(1,), (2,)]),
        ("SELECT count(*) FROM range(5)", [(5,)]),
        ("VALUES (1)", [(1,)]),
        ("SELECT name FROM silver.label AT (VERSION => 3)", [("Svek",)]),
        ("SELECT change_type FROM ducklake_table_changes('lake', 'silver', 'label', 4, 4)", [("insert",)]),
        ("SELECT count(*) FROM lake.snapshots()", [(7,)]),
        ("SELECT column_name FROM (DESCRIBE silver.label)", [("record_id",), ("name",)]),
    ],
)
def test_bronze_silver_and_gold_can_be_read(home: LakeHome, sql: str, rows: list[tuple[object, ...]]) -> None:
    assert home.ask(sql) == rows


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO silver.label VALUES ('7', 'x')",
        "DELETE FROM silver.label",
        "DROP TABLE silver.label",
        "CREATE TABLE memory.t AS SELECT 1",
        "COPY (SELECT 1) TO '{root}/out.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{root}/lake/data/out.parquet'",
        "ATTACH '{root}/ledger.db' AS ledger (TYPE sqlite)",
        "SET memory_limit = '10GB'",
        "USE memory",
        "LOAD postgres_scanner",
        "INSTALL httpfs",
        "PRAGMA database_list",
        "CHECKPOINT",
        "CALL lake.set_option('target_file_size', '1MB')",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
    ],
)
def test_all_but_one_select_is_refused_in_one_line(home: LakeHome, sql: str) -> None:
    with pytest.raises(WrongUsageError) as raised:
        home.ask(sql.format(root=home.root))
    assert str(raised.value) == ONE_SELECT


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_text('/etc/passwd')",
        "FROM READ_CSV('{root}/secret.csv')",
        "FROM '{root}/secret.csv'",
        "FROM glob('/etc/*')",
        "FROM sqlite_scan('{root}/ledger.db', 'run')",
        "SELECT (SELECT count(*) FROM \"sqlite_scan\"('{root}/ledger.db', 'run'))",
        "FROM query('SELECT 1')",
        "FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
        "FROM ducklake_expire_snapshots('lake', older_than => now())",
        "FROM ducklake_set_option('lake', 'target_file_size', '1MB')",
        "FROM __ducklake_metadata_lake.main.ducklake_snapshot",
        "FROM duckdb_databases()",
        "FROM duckdb_databases",
        "FROM duckdb_settings()",
        "WITH x AS (FROM read_text('/etc/passwd')) FROM x",
        "SUMMARIZE (FROM read_text('/etc/passwd'))",
    ],
)
def test_what_is_neither_bronze_nor_silver_nor_gold_cannot_be_read(home: LakeHome, sql: str) -> None:
    with pytest.raises(WrongUsageError, match=r"^liner query cannot read ") as raised:
        home.ask(sql.format(root=home.root))
    assert "\n" not in str(raised.value)


def test_a_mistake_is_told_as_duckdb_tells_it(home: LakeHome) -> None:
    with pytest.raises(WrongUsageError, match=r"^Catalog Error: Table with name labels does not exist!"):
        home.ask("SELECT * FROM silver.labels")


def test_the_lake_can_be_asked_as_of_a_snapshot(home: LakeHome) -> None:
    assert home.ask("SELECT name FROM silver.label", snapshot=3) == [("Svek",)]


def test_the_lake_can_be_asked_as_of_a_time(home: LakeHome) -> None:
    created = home.ask("SELECT snapshot_time FROM lake.snapshots() WHERE snapshot_id = 3")[0][0]
    assert isinstance(created, datetime)
    assert home.ask("SELECT name FROM silver.label", snapshot=created) == [("Svek",)]


def test_a_time_before_the_lake_is_told(home: LakeHome) -> None:
    with pytest.raises(WrongUsageError, match=r"^No snapshot found at timestamp 2001-.* not expired$"):
        home.ask("SELECT 1", snapshot=datetime(2001, 1, 1, tzinfo=UTC))


def test_bronze_is_read_through_the_manifest_so_a_stray_file_is_invisible(home: LakeHome) -> None:
    listed = next((home.bronze / "discogs_label").iterdir())
    stray = listed.with_name("stray.parquet")
    stray.write_bytes(listed.read_bytes())
    assert home.ask("SELECT count(*) FROM bronze.discogs_label") == [(1,)]


def test_a_discarded_load_is_no_longer_in_bronze(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    load = home.load("2026-01-01", record("label", 5, name="Svek"))
    home.discard(load)
    assert home.ask("SELECT count(*) FROM bronze.discogs_label") == [(0,)]


def test_before_the_first_load_bronze_is_empty_and_silver_is_missed_by_name(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    assert home.ask("SELECT count(*) FROM bronze.discogs_release_track") == [(0,)]
    with pytest.raises(WrongUsageError, match="silver"):
        home.ask("SELECT * FROM silver.artist")


def test_a_question_that_does_not_fit_into_memory_is_answered_from_disk(tmp_path: Path) -> None:
    home = LakeHome(tmp_path, memory_limit="60MB")
    with home.engine.create():
        pass
    many = "SELECT DISTINCT hash(range)::VARCHAR || repeat('x', 40) FROM range(1_200_000)"
    assert home.ask(f"SELECT count(*) FROM ({many})") == [(1_200_000,)]
