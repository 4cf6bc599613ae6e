"""Replication packets: those that are none, those that are missing, and the feed that they come from."""

import bz2
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Response

from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.sources.musicbrainz.feed import LiveDataFeed
from linernotes.sources.musicbrainz.packets import Changes, Packets
from linernotes.sources.musicbrainz.stamp import Stamp
from linernotes.wire.retrying import Retries
from linernotes.wire.web import RefusedError, Web, make_client
from tests.fakes.progress import RecordedProgress
from tests.musicbrainz_kit import archive_of

DUMP = Stamp(datetime(2024, 11, 2, 0, 15, tzinfo=UTC), sequence=0)
PACKET = bz2.compress(b"a packet of the feed")
FACTS = {"TIMESTAMP": b"2024-11-02 01:15:00+00\n", "SCHEMA_SEQUENCE": b"31\n", "REPLICATION_SEQUENCE": b"1\n"}
CHANGE = "1\tmusicbrainz.genre\ti\t7\t\\N\t{}\t\\N\t1\n"
GENRE = '{"id":1,"gid":"6f1b0e0a-8d1c-4f7b-9a57-3f4f0b6f8f10","name":"jazz","comment":"","last_updated":null}'


def read(folder: Path, after: Stamp = DUMP) -> dict[str, list[tuple[object, ...]]]:
    """What the packets of a folder change, by table."""
    packets = Packets(folder=folder).continuing(after, RecordedProgress())
    with duckdb.connect() as connection:
        files = Changes(packets, folder / "changes").read(connection, RecordedProgress())
        return {table: connection.execute(f"FROM '{file}' ORDER BY ALL").fetchall() for table, file in files.items()}


def put(folder: Path, sequence: int, members: dict[str, bytes]) -> Path:
    path = folder / f"replication-{sequence}-v2.tar.bz2"
    path.write_bytes(bz2.compress(archive_of(members)))
    return path


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (FACTS, "has no mbdump/pending_data"),
        ({**FACTS, "mbdump/dbmirror_pending": b""}, "take replication-1-v2.tar.bz2"),
        ({**FACTS, "SCHEMA_SEQUENCE": b"30\n"}, "replication-1-v2.tar.bz2 has schema '30'"),
        ({**FACTS, "REPLICATION_SEQUENCE": b"2\n"}, "says that it is packet 2"),
        ({}, "is no replication packet of MusicBrainz"),
        ({**FACTS, "mbdump/pending_data": b"two\tvalues\n"}, "row 1: 2 values where there are 8 columns"),
        ({**FACTS, "mbdump/pending_data": CHANGE.format("{").encode()}, "a change of genre cannot be read"),
        ({**FACTS, "mbdump/pending_data": CHANGE.format("[]").encode()}, "packet 1: change 1 of genre is no row of it"),
        ({**FACTS, "mbdump/pending_data": CHANGE.format('{"id":1}').encode()}, "change 1 of genre is no row of it"),
        (
            {**FACTS, "mbdump/pending_data": CHANGE.format(GENRE.replace("1,", '"one",')).encode()},
            "a change of genre cannot be read",
        ),
    ],
)  # fmt: skip
def test_a_packet_that_is_none_is_one_clear_line(tmp_path: Path, members: dict[str, bytes], told: str) -> None:
    put(tmp_path, 1, members)
    with pytest.raises(FatalError) as failed:
        read(tmp_path)
    assert told in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_packet_that_is_cut_off_is_one_clear_line(tmp_path: Path) -> None:
    path = put(tmp_path, 1, {**FACTS, "mbdump/pending_data": CHANGE.format(GENRE).encode() * 1000})
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(FatalError, match=r"replication-1-v2\.tar\.bz2 is damaged or cut off"):
        read(tmp_path)


def test_of_a_row_that_changed_in_several_packets_the_last_state_counts(tmp_path: Path) -> None:
    for sequence, name in ((1, "jazz"), (2, "free jazz")):
        change = CHANGE.format(GENRE.replace("jazz", name)).encode()
        put(tmp_path, sequence, {**FACTS, "REPLICATION_SEQUENCE": b"%d" % sequence, "mbdump/pending_data": change})
    [row] = read(tmp_path)["genre"]
    assert "free jazz" in row


def test_changes_of_other_tables_are_left_out(tmp_path: Path) -> None:
    lines = [CHANGE.format(GENRE).replace("musicbrainz.genre", table) for table in ("musicbrainz.edit", "wiki.genre")]
    put(tmp_path, 1, {**FACTS, "mbdump/pending_data": "".join(lines).encode()})
    assert read(tmp_path) == {}


def test_packets_that_a_dump_contains_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, 1, {})
    assert Packets(folder=tmp_path).continuing(Stamp(DUMP.taken_at, sequence=1), RecordedProgress()) == []


def test_a_packet_that_is_missing_in_between_is_named(tmp_path: Path) -> None:
    put(tmp_path, 2, FACTS)
    with pytest.raises(FatalError, match=r"replication-1-v2\.tar\.bz2 is missing in .*, where replication-2-v2"):
        read(tmp_path)


def test_a_dump_that_does_not_tell_its_sequence_cannot_be_continued(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="does not tell its REPLICATION_SEQUENCE"):
        read(tmp_path, after=Stamp(DUMP.taken_at, sequence=None))


@pytest.fixture
def feed(httpserver: HTTPServer) -> Iterator[LiveDataFeed]:
    """A feed that has no packet."""
    base_url = httpserver.url_for("/")
    with make_client(user_agent="test", connect_seconds=5, read_seconds=5) as client:
        yield LiveDataFeed(
            web=Web(client, base_url=base_url, now=lambda: DUMP.taken_at, settings="musicbrainz.token"),
            base_url=base_url,
            token=SecretStr("tHe-ToKeN"),
            retries=Retries(attempts=2, sleep=lambda _: None, jitter=lambda: 0.0),
        )


def hand_out(server: HTTPServer, sequence: int, *answers: Response) -> None:
    for answer in answers:
        path = f"/replication-{sequence}-v2.tar.bz2"
        server.expect_ordered_request(path, query_string="token=tHe-ToKeN").respond_with_response(answer)


def test_packets_are_fetched_until_there_is_none_yet(
    feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path
) -> None:
    hand_out(httpserver, 8, Response(PACKET))
    hand_out(httpserver, 9, Response(status=404))
    packets = Packets(folder=tmp_path / "packets", feed=feed)
    [packet] = packets.continuing(Stamp(DUMP.taken_at, sequence=7), RecordedProgress())
    assert (packet.sequence, packet.path.name) == (8, "replication-8-v2.tar.bz2")
    assert packet.path.read_bytes() == PACKET
    assert [path.name for path in packets.folder.iterdir()] == [packet.path.name]
    httpserver.check()


@pytest.mark.parametrize(
    "first",
    [
        Response(status=503, headers={"Retry-After": "0"}),
        Response("<html><title>Maintenance</title>"),
        Response(""),
    ],
    ids=["503", "a page", "nothing"],
)
def test_what_passes_is_tried_again(
    feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path, first: Response
) -> None:
    hand_out(httpserver, 1, first, Response(PACKET))
    hand_out(httpserver, 2, Response(status=404))
    feed.fetch(tmp_path, after=0, progress=RecordedProgress())
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [PACKET]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(status=401), RefusedError),
        (Response(status=403), RefusedError),
        (Response(status=302, headers={"Location": "http://elsewhere.example/"}), FatalError),
    ],
    ids=["401", "403", "redirect"],
)
def test_a_refusal_is_one_line_without_the_token(
    feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path, answer: Response, error: type[FatalError]
) -> None:
    hand_out(httpserver, 1, answer)
    with pytest.raises(error) as failed:
        feed.fetch(tmp_path, after=0, progress=RecordedProgress())
    assert "tHe-ToKeN" not in str(failed.value)
    assert list(tmp_path.iterdir()) == []


def test_a_feed_that_is_down_is_given_up_without_the_token(
    feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path
) -> None:
    hand_out(httpserver, 1, Response(status=500), Response(status=500))
    with pytest.raises(TransientError, match="gave up after 2 attempts") as failed:
        feed.fetch(tmp_path, after=0, progress=RecordedProgress())
    assert "tHe-ToKeN" not in str(failed.value)


def test_a_body_without_an_end_is_refused(
    feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linernotes.sources.musicbrainz.feed.MAX_PACKET_BYTES", 10)
    hand_out(httpserver, 1, Response(PACKET))
    with pytest.raises(FatalError, match="does not end after 10 bytes"):
        feed.fetch(tmp_path, after=0, progress=RecordedProgress())


def test_a_folder_that_cannot_be_written_is_told(feed: LiveDataFeed, httpserver: HTTPServer, tmp_path: Path) -> None:
    hand_out(httpserver, 1, Response(PACKET))
    (tmp_path / "packets").write_text("a file where a folder should be")
    with pytest.raises(FatalError, match="cannot write"):
        feed.fetch(tmp_path / "packets", after=0, progress=RecordedProgress())
    with pytest.raises(FatalError, match="cannot write"):
        Packets(folder=tmp_path / "packets", feed=feed).continuing(DUMP, RecordedProgress())
