"""Pulling a part of MusicBrainz: some artists and what is theirs, and nothing taken for gone that was not asked for."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import psycopg
import pytest

from tests.faults.liner import Finished, Home
from tests.musicbrainz_kit import load_dump

MERGED_INTO_THE_BEATLES = "77cd7a3b-8d3c-5a49-9e21-a650a8c1bd70"
ICELAND = ["Björk", "Sigur Rós"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def database(empty_musicbrainz: str, archives: Sequence[Path]) -> str:
    """A database as the dump shows it."""
    for archive in archives:
        load_dump(empty_musicbrainz, archive)
    return empty_musicbrainz


def pull(home: Home, origin: str | Sequence[Path], *options: str) -> Finished:
    named = ["--database", origin] if isinstance(origin, str) else [x for path in origin for x in ("--dump", str(path))]
    return home.run("pull", "musicbrainz", *named, *options)


def names(home: Home, entity: str) -> list[str]:
    """Of the records that stand in bronze."""
    with duckdb.connect() as connection:
        files = home.path / "bronze" / f"musicbrainz_{entity}" / "*.parquet"
        return [name for (name,) in connection.execute(f"SELECT name FROM '{files}' ORDER BY ALL").fetchall()]


def landed(finished: Finished) -> Mapping[str, int]:
    """Records by entity, where there are any."""
    assert finished.status == 0, finished
    return {one["entity"]: one["records"] for one in finished.document["entities"] if one["records"]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of artists: one by name, whatever its case, one by the MBID of an artist that was merged into another."""
    path = tmp_path / "artists.txt"
    path.write_text(f"kraftwerk\n\n  {MERGED_INTO_THE_BEATLES.upper()}  \n", encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("origin", ["archives", "database"])
def test_named_artists_come_with_what_is_theirs(
    home: Home, file: Path, origin: str, request: pytest.FixtureRequest
) -> None:
    pulled = pull(home, request.getfixturevalue(origin), "--artists", str(file), "--json")
    found = landed(pulled)
    assert names(home, "artist") == ["Kraftwerk", "The Beatles"]
    assert names(home, "release_group") == [
        "Abbey Road",
        "Autobahn",
        "Computerwelt",
        "Sgt. Pepper's Lonely Hearts Club Band",
    ]
    assert set(names(home, "release")) == {*names(home, "release_group"), "Computer World"}
    assert names(home, "label") == ["Apple Records", "EMI", "Kling Klang", "Parlophone", "Philips"]
    assert found["area"] == 25
    assert found["recording"] == len(names(home, "recording")) > 30


def test_a_part_of_a_dump_is_that_part_of_the_database(
    home: Home, archives: Sequence[Path], database: str, tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    assert landed(pull(home, archives, "--area", "IS", "--json")) == landed(
        pull(other, database, "--area", "IS", "--json")
    )
    assert names(home, "artist") == names(other, "artist") == ICELAND
    assert names(home, "recording") == names(other, "recording")


@pytest.mark.parametrize("area", ["iceland", "IS", "f93802a4-0b18-5e93-8417-8738d47d2bb2"])
def test_an_area_has_the_artists_of_its_parts(home: Home, archives: Sequence[Path], area: str) -> None:
    pulled = pull(home, archives, "--area", area, "--json")
    assert (landed(pulled)["artist"], landed(pulled)["area"]) == (2, 25)
    assert pulled.document["part"] == f"artists of {area}"
    assert names(home, "artist") == ICELAND  # of Reykjavík


def test_a_limit_takes_the_oldest_entries(home: Home, database: str) -> None:
    assert landed(pull(home, database, "--limit", "3", "--only", "artists,areas", "--json")) == {
        "artist": 3,
        "area": 25,
    }
    assert names(home, "artist") == ["John Coltrane", "Miles Davis", "Various Artists"]


def test_what_was_updated_since_comes_alone(home: Home, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger sets the time
        connection.execute("UPDATE musicbrainz.artist SET last_updated = '2024-11-20 12:00+00' WHERE name = 'Björk'")
        connection.execute("UPDATE musicbrainz.artist SET last_updated = '2024-11-19 12:00+00' WHERE name = 'Nas'")
    since = ("--since", "2024-11-20", "--only", "artists", "--json")
    assert landed(pull(home, database, *since)) == {"artist": 1}
    assert names(home, "artist") == ["Björk"]


@pytest.mark.parametrize(("since", "count"), [("2024-10-30T12:00:00", {"artist": 71}), ("2024-10-30T12:00:01", {})])
def test_the_times_in_a_dump_are_exact(
    home: Home, archives: Sequence[Path], since: str, count: Mapping[str, int]
) -> None:
    assert landed(pull(home, archives, "--since", since, "--only", "artists", "--json")) == count


def test_what_was_not_asked_for_is_not_gone(home: Home, archives: Sequence[Path], database: str) -> None:
    part = pull(home, archives, "--area", "Iceland", "--json")
    assert landed(part)["artist"] == 2
    rest = pull(home, archives, "--json").document["entities"]
    assert {one["entity"]: (one["new"], one["changed"], one["gone"]) for one in rest}["artist"] == (69, 0, 0)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE musicbrainz.artist SET comment = 'changed' WHERE name IN ('Björk', 'Nas')")
    again = pull(home, database, "--area", "Iceland", "--json").document["entities"]
    assert {one["entity"]: (one["new"], one["changed"], one["gone"]) for one in again}["artist"] == (0, 1, 0)
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM musicbrainz.artist WHERE name = 'Prince'")
    whole = {one["entity"]: one for one in pull(home, database, "--json").document["entities"]}["artist"]
    assert (whole["new"], whole["changed"], whole["gone"]) == (0, 1, 1)
    assert whole["problem"] is None  # 1 of 71, though the part before it was of 2


def test_a_part_that_is_loaded_is_not_read_again_and_another_is(home: Home, archives: Sequence[Path]) -> None:
    for area, action in (("Iceland", "land"), ("Iceland", "check"), ("Japan", "land"), ("Iceland", "check")):
        pulled = pull(home, archives, "--area", area, "--only", "artists", "--json")
        assert [one["action"] for one in pulled.document["entities"]] == [action], area
    assert len(names(home, "artist")) == 2 + 5


def test_a_name_that_nobody_has_is_told(home: Home, archives: Sequence[Path], tmp_path: Path) -> None:
    file = tmp_path / "artists.txt"
    file.write_text("Nirvana\nNobody At All\n", encoding="utf-8")
    pulled = pull(home, archives, "--artists", str(file), "--only", "artists")
    assert pulled.status == 3, pulled
    assert "no artist is called Nobody At All" in pulled.stdout
    assert names(home, "artist") == ["Nirvana", "Nirvana"]  # whoever is called so


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"Nobody At All\n", (), "no artist is called Nobody At All: write names or MBIDs, one on each line"),
        (b" \n\n", (), "names nobody: write names or MBIDs, one on each line"),
        (b"\xff\xfe", (), "it is not UTF-8"),
        (b"Nirvana", ("--area", "Atlantis' --"), 'no area "Atlantis\' --": write its name, ISO code or MBID'),
    ],
)
def test_a_part_that_does_not_exist_is_one_clear_line(
    home: Home, archives: Sequence[Path], tmp_path: Path, content: bytes, options: tuple[str, ...], told: str
) -> None:
    file = tmp_path / "artists.txt"
    file.write_bytes(content)
    failed = pull(home, archives, "--artists", str(file), *options)
    assert failed.status == 2, failed
    assert told in failed.error
    assert len(failed.error.splitlines()) == 1


def test_a_dump_without_tracks_gives_the_recordings_of_the_artists(home: Home, shared_data: Path) -> None:
    found = landed(pull(home, [shared_data / "musicbrainz" / "mini-mbdump.tar.bz2"], "--limit", "20", "--json"))
    assert found["artist"] == 20
    assert "label" not in found  # nothing there leads to labels
    assert 0 < found["recording"] < 244
