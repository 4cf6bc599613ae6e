"""Pulling MusicBrainz from a dump and the replication packets that go on from there."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.contents import assert_same, read_contents
from tests.faults.liner import Home
from tests.musicbrainz_homes import Rows, bronze, counts, pull_database, pull_dump
from tests.musicbrainz_kit import load_dump, record_changes, write_packet

DUMPED_AT = datetime(2024, 11, 2, 0, 15, tzinfo=UTC)
TOKEN = "tHe-ToKeN-Of-SoMeBoDy"
FIRST_HOUR = """
    UPDATE artist SET comment = 'Icelandic singer', last_updated = now() WHERE name = 'Björk';
    DELETE FROM artist_alias WHERE artist = (SELECT id FROM artist WHERE name = 'The Beatles');
    INSERT INTO artist (id, gid, name, sort_name) VALUES
        (9001, '0bb6d7c2-94ea-4b7d-9b33-1f1d6b2a0001', E'Tab\there \\ "quoted"', 'Tab'),
        (9002, '0bb6d7c2-94ea-4b7d-9b33-1f1d6b2a0002', 'Gone within the hour', 'Gone');
    INSERT INTO artist_alias (id, artist, name, sort_name, primary_for_locale, locale)
        VALUES (9001, 9001, 'タブ', 'Tabu', true, 'ja');
    DELETE FROM artist WHERE id = 9002;
"""
SECOND_HOUR = """
    UPDATE artist SET id = 9003 WHERE id = 9001;
    UPDATE artist_alias SET artist = 9003 WHERE artist = 9001;
    UPDATE artist SET comment = 'singer and composer' WHERE name = 'Björk';
    INSERT INTO artist_credit (id, name, artist_count, gid)
        VALUES (9001, 'M. Davis', 1, '0bb6d7c2-94ea-4b7d-9b33-1f1d6b2a0003');
    INSERT INTO artist_credit_name (artist_credit, position, artist, name)
        SELECT 9001, 0, id, 'M. Davis' FROM artist WHERE name = 'Miles Davis';
    UPDATE recording SET artist_credit = 9001 WHERE name = 'So What';
    DELETE FROM artist_tag WHERE count < 3;
    INSERT INTO artist_gid_redirect (gid, new_id)
        SELECT a.gid, b.id FROM artist AS a, artist AS b WHERE a.name = 'Prince' AND b.name = 'Björk';
    DELETE FROM artist WHERE name = 'Prince';
"""
"""Rows that change twice, change their key, are what they were under another key, are gone."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def database(empty_musicbrainz: str, archives: Sequence[Path]) -> str:
    """A database as the dump shows it, which notes what changes."""
    for archive in archives:
        load_dump(empty_musicbrainz, archive)
    record_changes(empty_musicbrainz)
    return empty_musicbrainz


@pytest.fixture
def packets(tmp_path: Path) -> Path:
    folder = tmp_path / "packets"
    folder.mkdir()
    return folder


def edit(database: str, packets: Path, *hours: str) -> None:
    """Edit for some hours, each of which becomes a packet."""
    for statements in hours:
        with psycopg.connect(database, options="-csearch_path=musicbrainz,public") as connection:
            connection.execute(statements)
        sequence = len(list(packets.iterdir())) + 1
        write_packet(database, packets, sequence=sequence, taken_at=DUMPED_AT + timedelta(hours=sequence))


def kept(home: Home) -> list[str]:
    return [path.name for path in (home.path / "downloads" / "musicbrainz").glob("*/*")]


def landed(home: Home) -> Rows:
    """What came into bronze; a load of a dump that has nothing new has hashes, and a database's is none."""
    return {table: rows for table, rows in bronze(home).items() if rows[1:] and not table.endswith("_hash")}


@pytest.mark.proves("A MusicBrainz dump with replication packets gives the rows of the database that made them")
def test_a_dump_with_packets_gives_the_rows_of_the_database_that_made_them(
    home: Home, database: str, archives: Sequence[Path], packets: Path, tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    assert counts(pull_dump(home, archives, "--json")) == counts(pull_database(other, database, "--json"))
    edit(database, packets, FIRST_HOUR, SECOND_HOUR)
    pulled = pull_dump(home, archives, "--packets", str(packets), "--json")
    assert pulled.document["name"] == "mbdump.tar.bz2, mbdump-derived.tar.bz2, packets 1 to 2"
    assert pulled.document["taken_at"].startswith("2024-11-02 02:15")
    assert counts(pulled)["artist"][::2] == (1, 1)
    assert counts(pulled) == counts(pull_database(other, database, "--json"))
    assert landed(home) == landed(other)


def test_packets_go_on_from_packets(
    home: Home, database: str, archives: Sequence[Path], packets: Path, tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    edit(database, packets, FIRST_HOUR)
    for one in (home, other):
        assert pull_dump(one, archives, "--packets", str(packets)).status == 0
    (artists,) = (home.path / "downloads" / "musicbrainz").glob("*/tables/artist.json")
    artists.write_text(artists.read_text().replace('"sort_name", ', ""))  # as a version left it that did not need that
    artists.with_suffix(".parquet").write_bytes(b"")
    edit(database, packets, SECOND_HOUR)
    told = pull_dump(home, archives, "--packets", str(packets), "--json")
    assert counts(told) == counts(pull_dump(other, archives, "--packets", str(packets), "--json"))
    again = pull_dump(home, archives, "--packets", str(packets), "--json")
    assert {one["action"] for one in again.document["entities"]} == {"check"}
    assert kept(home) == ["tables"]  # so that the next packet needs no dump to be read


def test_a_dump_without_packets_keeps_nothing(home: Home, archives: Sequence[Path], packets: Path) -> None:
    assert pull_dump(home, archives, "--packets", str(packets)).status == 0
    assert kept(home) == ["tables"]
    assert pull_dump(home, archives).status == 0
    assert kept(home) == []


def test_a_dry_run_names_the_packets_and_changes_nothing(
    home: Home, database: str, archives: Sequence[Path], packets: Path
) -> None:
    edit(database, packets, FIRST_HOUR)
    told = pull_dump(home, archives, "--packets", str(packets), "--dry-run")
    assert "packets 1 to 1, 2024-11-02 01:15 UTC" in told.stdout
    assert bronze(home) == {}


@pytest.mark.parametrize("failpoint", ["packets.rename.before", "packets.rename.after"])
@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
def test_a_pull_that_was_killed_over_packets_is_taken_up(
    home: Home, database: str, archives: Sequence[Path], packets: Path, tmp_path: Path, failpoint: str
) -> None:
    edit(database, packets, FIRST_HOUR, SECOND_HOUR)
    undisturbed = Home(tmp_path / "undisturbed")
    assert pull_dump(undisturbed, archives, "--packets", str(packets)).status == 0
    killed = pull_dump(home, archives, "--packets", str(packets), failpoint=failpoint)
    assert killed.was_killed, killed
    assert pull_dump(home, archives, "--packets", str(packets)).status == 0
    assert_same(read_contents(home.path), read_contents(undisturbed.path))


def test_packets_need_a_dump_and_a_folder(home: Home, archives: Sequence[Path], tmp_path: Path) -> None:
    assert "name it too" in home.run("pull", "musicbrainz", "--packets", str(tmp_path)).error
    failed = pull_dump(home, archives, "--packets", str(tmp_path / "nowhere"))
    assert failed.status == 1
    assert f"cannot read {tmp_path / 'nowhere'}: No such file" in failed.error


class Feed:
    """Hands out packets to those who have the token."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def answer(self, request: Request) -> Response:
        self.asked.append(request.path.rpartition("/")[2])
        if request.args.get("token") != TOKEN:
            return Response("The access token is not valid.", status=403)
        path = self.folder / self.asked[-1]
        return Response(path.read_bytes()) if path.is_file() else Response("Not found", status=404)


def test_with_a_token_newer_packets_are_fetched(
    home: Home, httpserver: HTTPServer, database: str, archives: Sequence[Path], packets: Path, tmp_path: Path
) -> None:
    feed = Feed(tmp_path / "feed")
    feed.folder.mkdir()
    edit(database, feed.folder, FIRST_HOUR, SECOND_HOUR)
    httpserver.expect_request(re.compile("/api/musicbrainz/.*")).respond_with_handler(feed.answer)
    env = {"LINER_MUSICBRAINZ__PACKETS_URL": httpserver.url_for("/api/musicbrainz/")}
    options = ("--packets", str(packets), "--json")

    wrong = pull_dump(home, archives, *options, env={**env, "LINER_MUSICBRAINZ__TOKEN": f"not-{TOKEN}"})
    assert wrong.status == 1
    assert "replication-1-v2.tar.bz2 answered 403 FORBIDDEN; check musicbrainz.token" in wrong.error

    env["LINER_MUSICBRAINZ__TOKEN"] = TOKEN
    pull_dump(home, archives, *options, "--dry-run", env=env)
    assert len(feed.asked) == 1  # the first time, with the wrong token
    for failpoint in ("packet.rename.before", "packet.rename.after"):
        assert pull_dump(home, archives, *options, env=env, failpoint=failpoint).was_killed
    pulled = pull_dump(home, archives, *options, env=env)
    assert pulled.document["name"].endswith("packets 1 to 2")
    assert feed.asked[1:] == [f"replication-{number}-v2.tar.bz2" for number in (1, 1, 2, 3)]
    assert len(list(packets.iterdir())) == 2

    told = [one.stderr + one.stdout for one in (wrong, pulled)]
    kept = [path.read_bytes() for path in home.path.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in text for text in [*map(str.encode, told), *kept])
