"""Homes that are damaged, full or cannot be written: one clear line, the right exit status, and nothing lost."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.contents import assert_same, read_contents
from tests.faults.disks import run_on_full_disk, run_read_only
from tests.faults.liner import Finished, Home
from tests.integration.small_dumps import FEBRUARY, JANUARY, release, write_month

FAILED, WRONG_USAGE = 1, 2
TITLES = "SELECT max(title) FROM silver.release"
MANY = (*JANUARY, *(release(number, f"Single {number}") for number in range(100, 120)))
"""More than the lake keeps in its catalog instead of a file."""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces and file limits as Linux has them")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one month in bronze, silver and gold."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    pulled = home.run("pull", "discogs", "--from", str(write_month(home.path.parent / "dumps", "20260101", MANY)))
    assert pulled.status == 0, pulled
    made = home.run("build")
    assert made.status == 0, made
    return home


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Home:
    return built.copy(tmp_path / "home")


@pytest.fixture
def february(tmp_path: Path) -> str:
    """A folder with the month after."""
    return str(write_month(tmp_path / "dumps", "20260201", (*FEBRUARY, *MANY[3:])))


def check_error(finished: Finished, status: int, words: str) -> None:
    """One line, and no more, that says what is wrong."""
    assert finished.status == status, str(finished)
    assert finished.error.startswith("liner: "), str(finished)
    assert finished.error.count("\n") == 0, str(finished)
    assert words in finished.error, str(finished)


# Settings


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[lake]\nthread = 2\n", "setting lake.thread: Extra inputs are not permitted"),
        ("[discogs]\nattempts = 0\n", "setting discogs.attempts: Input should be greater than or equal to 1"),
        ("lake = 2\n", "setting lake"),
        ("[lake\n", "cannot read"),
        (b"[lake]\nmemory_limit = '\xff'\n", "cannot read"),
    ],
)
def test_a_setting_that_does_not_exist_or_fit_is_wrong_usage(home: Home, content: str | bytes, words: str) -> None:
    (home.path / "liner.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    check_error(home.run("status"), WRONG_USAGE, words)


def test_a_variable_that_is_no_setting_is_wrong_usage(home: Home) -> None:
    check_error(home.run("status", env={"LINER_LAKE__THREAD": "2"}), WRONG_USAGE, "setting lake.thread")


# The ledger


def overwrite_header(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(b"not a database any more" + content[23:])


def overwrite_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(4096, len(content), 4096):
        content[place : place + 256] = b"\xff" * 256
    path.write_bytes(content)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ledger_version SET version_num = '9999'")


def put_another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name)")


def put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
@pytest.mark.parametrize(
    ("command", "damage", "words"),
    [
        (("status",), overwrite_header, "ledger.db is damaged"),
        (("query", TITLES), overwrite_header, "ledger.db is damaged"),
        (("build",), overwrite_header, "ledger.db is damaged"),
        (("pull",), overwrite_pages, "ledger.db is damaged"),
        (("build",), make_newer, "is of a newer version (9999)"),
        (("pull",), make_newer, "is of a newer version (9999)"),
        (("pull",), put_another_database, "is no ledger: it holds recipe"),
        (("pull",), put_a_folder, "cannot write the ledger"),
    ],
)
def test_a_ledger_that_cannot_be_used_stops_every_command_and_stays_as_it_is(
    home: Home, february: str, command: tuple[str, ...], damage: Callable[[Path], None], words: str
) -> None:
    ledger = home.path / "ledger.db"
    damage(ledger)
    before = ledger.read_bytes() if ledger.is_file() else None
    arguments = ("pull", "discogs", "--from", february) if command == ("pull",) else command
    check_error(home.run(*arguments), FAILED, words)
    assert (ledger.read_bytes() if ledger.is_file() else None) == before


def test_doctor_names_a_damaged_ledger_and_what_to_do(home: Home) -> None:
    overwrite_header(home.path / "ledger.db")
    checked = home.run("doctor", "--json")
    bad = [check for check in checked.document if not check["is_ok"]]
    assert (checked.status, [check["name"] for check in bad]) == (FAILED, ["ledger"])
    assert "put a copy from the backups in its place" in bad[0]["advice"]


# The lake


@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
@pytest.mark.parametrize("command", [("status",), ("query", TITLES), ("build", "--select", "artist"), ("stage",)])
def test_a_damaged_lake_is_told_with_how_to_make_it_anew(home: Home, command: tuple[str, ...]) -> None:
    overwrite_header(home.path / "lake" / "catalog.sqlite")
    check_error(home.run(*command), FAILED, f"move {home.path / 'lake'} away, then `liner build` makes")


@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
def test_a_lake_that_was_moved_away_is_made_anew_as_it_was(built: Home, home: Home) -> None:
    overwrite_pages(home.path / "lake" / "catalog.sqlite")
    assert home.run("status").status == FAILED
    (home.path / "lake").rename(home.path / "lake.damaged")
    made = home.run("build")
    assert made.status == 0, made
    assert_same(read_contents(home.path), read_contents(built.path))


def remove(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [remove, cut, empty])
def test_a_damaged_file_of_the_lake_is_told_in_one_line(home: Home, damage: Callable[[Path], None]) -> None:
    (path,) = (home.path / "lake" / "data" / "silver" / "release").glob("*.parquet")
    damage(path)
    check_error(home.run("query", TITLES), FAILED, "the lake is damaged")


def test_a_lost_file_of_the_lake_is_told_by_status(home: Home) -> None:
    shutil.rmtree(home.path / "lake" / "data" / "silver" / "release")
    check_error(home.run("status"), FAILED, "the lake is damaged")


# Bronze


@pytest.mark.parametrize("damage", [remove, cut])
def test_a_damaged_bronze_file_is_told_and_made_again(built: Home, home: Home, damage: Callable[[Path], None]) -> None:
    (path,) = (home.path / "bronze" / "discogs_artist").glob("*.parquet")
    damage(path)
    january = str(built.path.parent / "dumps")
    check_error(home.run("query", "SELECT * FROM bronze.discogs_artist"), FAILED, "bronze is damaged")
    checked = home.run("pull", "discogs", "--from", january)
    assert (checked.status, "--reprocess makes them again" in checked.stdout + checked.stderr) == (3, True), str(
        checked
    )
    again = home.run("pull", "discogs", "--from", january, "--reprocess", "--only", "artists")
    assert again.status == 0, again
    assert home.run("query", "SELECT count(*) FROM bronze.discogs_artist", "--format", "csv").stdout.split()[1] == "2"


# Disks


@linux_only
@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
@pytest.mark.parametrize("command", ["pull", "build", "status", "stage"])
def test_a_read_only_home_is_told_in_one_line(home: Home, february: str, command: str) -> None:
    more = {"pull": ("discogs", "--from", february), "query": (TITLES,)}.get(command, ())
    before = read_contents(home.path)
    check_error(run_read_only(home, command, *more), FAILED, "writable, or choose another --home")
    assert_same(read_contents(home.path), before)


@linux_only
def test_a_new_home_where_nothing_can_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    finished = run_read_only(Home(tmp_path / "disk"), "--home", str(tmp_path / "disk" / "new" / "home"), "status")
    check_error(finished, FAILED, "cannot create the home")


@linux_only
@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
@pytest.mark.parametrize("free_kib", [0, 96, 240])
def test_a_pull_onto_a_full_disk_is_told_in_one_line_and_ends_well_when_there_is_room(
    built: Home, home: Home, february: str, free_kib: int, tmp_path: Path
) -> None:
    arguments = ("pull", "discogs", "--from", february)
    full = run_on_full_disk(home, *arguments, free_kib=free_kib)
    check_error(full, FAILED, "")
    undisturbed = built.copy(tmp_path / "undisturbed")
    for each in (home, undisturbed):
        pulled = each.run(*arguments)
        assert pulled.status == 0, pulled
    found, expected = ({**read_contents(each.path), "ledger.dump": None} for each in (home, undisturbed))
    assert found == expected


@linux_only
@pytest.mark.proves("A damaged, full or read-only home ends in one clear line and loses nothing")
@pytest.mark.parametrize("free_kib", [64, pytest.param(1500, marks=pytest.mark.soak)])
def test_a_build_onto_a_full_disk_is_told_in_one_line_and_ends_well_when_there_is_room(
    built: Home, home: Home, free_kib: int
) -> None:
    shutil.rmtree(home.path / "lake")
    full = run_on_full_disk(home, "build", free_kib=free_kib)
    assert (full.status, "Traceback" in full.stderr) == (FAILED, False), str(full)
    made = home.run("build")
    assert made.status == 0, made
    assert_same(read_contents(home.path), read_contents(built.path))
