"""Downloading and checking dump files, through every fault that a server or a disk has for us."""

import hashlib
import json
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from socket import socket
from time import sleep
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from linernotes.errors import FatalError, TransientError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import ChecksumMismatchError, DamagedFileError
from linernotes.sources.discogs.download import (
    HtmlAnswerError,
    NoSpaceError,
    NotGzipAnswerError,
    TooLargeError,
    WebFetcher,
)
from linernotes.sources.discogs.folder import FolderDumps
from linernotes.wire.retrying import Retries
from linernotes.wire.web import MissingFileError, NotAllowedHostError, RefusedError, Web, make_client
from tests.fakes.discogs import DumpSite, dump_files
from tests.fakes.progress import RecordedProgress
from tests.fakes.raw_server import RawServer, head, raw_server, sends

pytestmark = pytest.mark.proves("A download survives every fault a server or a disk has for it")

NAME = "discogs_20260302_labels.xml.gz"
BODY = b"\x1f\x8b" + bytes(range(256)) * 800
SHA = hashlib.sha256(BODY).hexdigest()
HALF = len(BODY) // 2


class Bench:
    """A fetcher with its folder, and what it said and waited."""

    def __init__(
        self, folder: Path, url: str, *, read_seconds: float = 2, clock: Iterator[float] | None = None
    ) -> None:
        self.folder = folder
        self.waits: list[float] = []
        self.progress = RecordedProgress()
        self.free_bytes = 1 << 40
        self.file = DumpFile(entity="label", name=NAME, url=url, size_bytes=len(BODY), sha256=SHA)
        client = make_client(user_agent="linernotes tests", connect_seconds=2, read_seconds=read_seconds)
        self.fetcher = WebFetcher(
            Web(client, base_url=url, now=lambda: datetime(2026, 3, 2, 12, tzinfo=UTC), settings="discogs.base_url"),
            folder=folder,
            retries=Retries(
                attempts=5, sleep=self.waits.append, jitter=lambda: 0, say=self.progress.say, useful_bytes=1 << 30
            ),
            headroom_bytes=1000,
            free_bytes=lambda _: self.free_bytes,
            monotonic=lambda: next(clock) if clock else 0.0,
        )

    @property
    def target(self) -> Path:
        return self.folder / "20260302" / NAME

    @property
    def part(self) -> Path:
        return self.target.with_name(f"{NAME}.part")

    def leave_part(self, body: bytes, **origin: object) -> None:
        """Leave a part of the file, as a killed run does."""
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(body)
        if origin:
            self.part.with_name(f"{NAME}.part.json").write_text(json.dumps(origin))

    def fetch(self, **changes: Any) -> str:
        """Fetch the file and answer what stands in the folder afterwards."""
        fetched = self.fetcher.fetch(replace(self.file, **changes), progress=self.progress)
        assert fetched.path == self.target
        assert fetched.path.read_bytes() == BODY
        assert (fetched.sha256, fetched.size_bytes) == (SHA, len(BODY))
        return " ".join(sorted(path.name.removeprefix(NAME) or "whole" for path in self.target.parent.iterdir()))


@pytest.fixture
def site() -> DumpSite:
    return DumpSite({NAME: BODY})


@pytest.fixture
def bench(httpserver: HTTPServer, tmp_path: Path, site: DumpSite) -> Bench:
    base = site.serve_html(httpserver)
    bench = Bench(tmp_path, base)
    bench.file = replace(bench.file, url=f"{base}?download=data%2F2026%2F{NAME}")
    return bench


@pytest.fixture
def raw() -> Iterator[RawServer]:
    with raw_server() as server:
        yield server


@pytest.fixture
def raw_bench(raw: RawServer, tmp_path: Path) -> Bench:
    return Bench(tmp_path, raw.url)


WHOLE = sends(head("200 OK", Content_Length=len(BODY), ETag='"one"'), BODY)
CUT = sends(head("200 OK", Content_Length=len(BODY), ETag='"one"'), BODY[:HALF])


def rest(start: int = HALF, *, etag: str = '"one"', total: object = len(BODY)) -> bytes:
    content_range = f"bytes {start}-{len(BODY) - 1}/{total}"
    return head("206 Partial Content", Content_Range=content_range, Content_Length=len(BODY) - start, ETag=etag)


REST = sends(rest(), BODY[HALF:])


def test_a_file_comes_whole_and_nothing_else_is_left(bench: Bench) -> None:
    assert bench.fetch() == "whole"
    assert [(task.total, task.done, task.unit) for task in bench.progress.tasks] == [(len(BODY), len(BODY), "bytes")]


def test_a_published_checksum_makes_it_verified(bench: Bench) -> None:
    assert bench.fetcher.fetch(bench.file, progress=bench.progress).is_verified
    assert not bench.fetcher.fetch(replace(bench.file, sha256=None), progress=bench.progress).is_verified


def test_a_file_that_is_here_is_checked_and_not_asked_for_again(bench: Bench, site: DumpSite) -> None:
    bench.fetch()
    bench.fetch()
    assert len(site.ranges) == 1
    assert [task.description for task in bench.progress.tasks] == [f"download {NAME}", f"check {NAME}"]


def test_a_file_that_was_damaged_since_is_downloaded_again(bench: Bench) -> None:
    bench.fetch()
    bench.target.write_bytes(BODY[:-1] + b"?")
    assert bench.fetch() == "whole"
    assert "does not match its checksum any more" in bench.progress.said[0]


def test_what_a_killed_run_left_is_continued(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(BODY[:HALF], etag=f'"{hashlib.md5(BODY).hexdigest()}"', total_bytes=len(BODY))
    assert bench.fetch() == "whole"
    assert site.ranges == [f"bytes={HALF}-"]


def test_a_part_of_another_version_of_the_file_is_dropped(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(b"\x1f\x8b other" * 5, etag='"old"', total_bytes=999)
    assert bench.fetch() == "whole"
    assert site.ranges == ["bytes=40-"]


def test_a_part_with_nothing_to_tell_its_version_is_tried_and_the_checksum_decides(bench: Bench) -> None:
    bench.leave_part(b"\x1f\x8b other" * 5)
    with pytest.raises(ChecksumMismatchError):
        bench.fetch()
    assert bench.fetch() == "whole"


def test_without_version_and_checksum_a_part_is_not_trusted(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(b"\x1f\x8b other" * 5)
    bench.fetch(sha256=None)
    assert site.ranges == [None]


def test_notes_that_cannot_be_read_are_no_notes(bench: Bench) -> None:
    bench.leave_part(BODY[:HALF])
    bench.part.with_name(f"{NAME}.part.json").write_text('{"etag": 1, "unknown": []}')
    assert bench.fetch() == "whole"


def test_a_part_that_was_whole_already_needs_no_request(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(BODY, etag='"x"')
    assert bench.fetch() == "whole"
    assert site.ranges == []


def test_a_whole_part_without_a_checksum_is_settled_by_416(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(BODY, etag=f'"{hashlib.md5(BODY).hexdigest()}"')
    bench.fetch(sha256=None)
    assert site.ranges == [f"bytes={len(BODY)}-"]


def test_a_part_longer_than_the_file_begins_anew(bench: Bench, site: DumpSite) -> None:
    bench.leave_part(BODY + b"more", etag=f'"{hashlib.md5(BODY).hexdigest()}"')
    assert bench.fetch() == "whole"
    assert site.ranges == [f"bytes={len(BODY) + 4}-", None]


def test_a_cut_connection_is_continued_where_it_broke(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(CUT, REST)
    assert raw_bench.fetch() == "whole"
    assert (raw.header_of(1, "Range"), raw.header_of(1, "If-Range")) == (f"bytes={HALF}-", '"one"')


def test_a_server_that_ignores_the_range_sends_everything_again(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(CUT, WHOLE)
    assert raw_bench.fetch() == "whole"


def test_a_weak_etag_is_no_condition_and_the_date_is_used(raw: RawServer, raw_bench: Bench) -> None:
    day = "Mon, 02 Mar 2026 00:00:00 GMT"
    raw.answer(sends(head("200 OK", Content_Length=len(BODY), ETag='W/"w"', Last_Modified=day), BODY[:HALF]), WHOLE)
    raw_bench.fetch()
    assert raw.header_of(1, "If-Range") == day


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(rest(etag='"two"'), id="other ETag"),
        pytest.param(rest(total=len(BODY) + 1), id="other length"),
        pytest.param(rest(start=HALF - 1), id="other start"),
        pytest.param(head("206 Partial Content", Content_Length=5), id="no range named"),
        pytest.param(head("206 Partial Content", Content_Range="bytes x-y/z"), id="range unreadable"),
        pytest.param(head("416 Range Not Satisfiable", Content_Range="bytes */17"), id="416 shorter"),
        pytest.param(head("416 Range Not Satisfiable"), id="416 bare"),
    ],
)
def test_an_answer_that_does_not_continue_the_part_starts_anew(raw: RawServer, raw_bench: Bench, answer: bytes) -> None:
    raw.answer(CUT, sends(answer, BODY[HALF:]), WHOLE)
    assert raw_bench.fetch() == "whole"
    assert raw.header_of(2, "Range") is None


def test_an_answer_without_a_length_is_taken_and_the_checksum_decides(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK"), BODY))
    assert raw_bench.fetch() == "whole"


def test_a_cut_that_no_length_shows_is_found_by_the_checksum(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK"), BODY[:HALF]))
    with pytest.raises(ChecksumMismatchError, match="it was deleted"):
        raw_bench.fetch()
    assert not raw_bench.part.exists()
    assert not raw_bench.target.exists()


def test_what_came_is_kept_when_the_attempts_are_used_up(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(CUT, sends(b""))
    with pytest.raises(TransientError, match="gave up after 5 attempts"):
        raw_bench.fetch()
    assert raw_bench.part.read_bytes() == BODY[:HALF]
    raw.answer(REST)
    assert raw_bench.fetch() == "whole"


def test_busy_answers_are_waited_out_as_the_server_asks(raw: RawServer, raw_bench: Bench) -> None:
    by_date = head("503 Service Unavailable", Retry_After="Mon, 02 Mar 2026 12:00:30 GMT", Content_Length=0)
    raw.answer(sends(head("429 Too Many Requests", Retry_After=7, Content_Length=0)), sends(by_date), WHOLE)
    raw_bench.fetch()
    assert raw_bench.waits == [7, 30]


def test_a_server_that_never_answers_is_given_up(raw: RawServer, tmp_path: Path) -> None:
    bench = Bench(tmp_path, raw.url, read_seconds=0.05)
    raw.answer(lambda connection: connection.recv(1) and None)
    with pytest.raises(TransientError, match="gave up after 5 attempts"):
        bench.fetch()


def test_a_trickle_counts_as_a_cut(raw: RawServer, tmp_path: Path) -> None:
    bench = Bench(tmp_path, raw.url, clock=chain([0.0, 10.0, 61.0], repeat(61.0)))

    def trickle(connection: socket) -> None:
        connection.sendall(head("200 OK", Content_Length=len(BODY), ETag='"one"') + BODY[:10])
        sleep(0.05)  # so that the next byte is a block of its own
        connection.sendall(BODY[10:20])
        connection.recv(1)

    raw.answer(trickle, sends(rest(start=20), BODY[20:]))
    bench.fetch()
    assert bench.progress.said[0].startswith("20 bytes in 61 s: the download stalls")


def test_a_slow_but_steady_line_is_no_stall(raw: RawServer, tmp_path: Path) -> None:
    body = b"\x1f\x8b" + bytes(1 << 20)
    bench = Bench(tmp_path, raw.url, clock=chain(repeat(0.0, 7), repeat(61.0, 3), repeat(62.0)))
    raw.answer(sends(head("200 OK", Content_Length=len(body)), body))
    file = replace(bench.file, sha256=None, size_bytes=len(body))
    assert bench.fetcher.fetch(file, progress=bench.progress).size_bytes == len(body)
    assert bench.progress.said == []


def test_a_rest_that_is_shorter_than_announced_is_continued(raw: RawServer, raw_bench: Bench) -> None:
    content_range = f"bytes {HALF}-{len(BODY) - 1}/{len(BODY)}"
    short = head("206 Partial Content", Content_Range=content_range, Content_Length=10, ETag='"one"')
    raw.answer(CUT, sends(short, BODY[HALF : HALF + 10]), sends(rest(start=HALF + 10), BODY[HALF + 10 :]))
    assert raw_bench.fetch() == "whole"
    assert "was cut after 102,411 of 204,802 bytes" in raw_bench.progress.said[1]


def test_an_html_page_instead_of_the_file_is_named(raw: RawServer, raw_bench: Bench) -> None:
    page = b"<!doctype html><title>We will be back soon</title>"
    raw.answer(sends(head("200 OK", Content_Length=len(page)), page))
    with pytest.raises(TransientError, match=r"a page \('We will be back soon'\) instead of the file") as caught:
        raw_bench.fetch()
    assert isinstance(caught.value.__cause__, HtmlAnswerError)


def test_bytes_that_are_no_gzip_are_named(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK", Content_Length=9), b"PK\x03\x04 zip?"))
    with pytest.raises(TransientError, match=r"no gzip file; it begins with b'PK") as caught:
        raw_bench.fetch()
    assert isinstance(caught.value.__cause__, NotGzipAnswerError)


def test_an_empty_body_is_named(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK", Content_Length=0)))
    with pytest.raises(TransientError, match="came empty"):
        raw_bench.fetch()


def test_a_body_announced_far_larger_than_listed_is_not_begun(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK", Content_Length=1 << 40), BODY))
    with pytest.raises(TooLargeError, match="the server sends 1,099,511,627,776"):
        raw_bench.fetch()


def test_an_endless_body_is_stopped_soon_after_the_listed_size(raw: RawServer, raw_bench: Bench) -> None:
    def endless(connection: socket) -> None:
        connection.sendall(head("200 OK") + BODY)
        while True:
            connection.sendall(bytes(1 << 16))

    raw.answer(endless)
    with pytest.raises(TooLargeError, match="does not end"):
        raw_bench.fetch()
    assert raw_bench.part.stat().st_size == 0


def test_a_length_that_is_no_number_breaks_nothing(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK", Content_Length="9" * 4000), BODY), WHOLE)
    assert raw_bench.fetch() == "whole"


def test_endless_headers_end_the_attempt(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(b"HTTP/1.1 200 OK\r\n", *[b"X-Bomb: " + b"x" * 60_000 + b"\r\n"] * 20), WHOLE)
    assert raw_bench.fetch() == "whole"


def test_what_is_no_http_ends_the_attempt(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(b"SSH-2.0-OpenSSH_9.9\r\n"), WHOLE)
    assert raw_bench.fetch() == "whole"


def test_a_file_that_is_not_there_is_not_asked_for_again(bench: Bench, site: DumpSite) -> None:
    site.files.clear()
    with pytest.raises(MissingFileError, match="404"):
        bench.fetch()
    assert bench.waits == []


def test_a_refusal_is_not_asked_for_again(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("403 Forbidden", Content_Length=0)))
    with pytest.raises(RefusedError, match="403"):
        raw_bench.fetch()
    assert len(raw.requests) == 1


def test_a_redirect_of_the_file_to_another_host_is_refused(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("302 Found", Location="http://elsewhere.example/x", Content_Length=0)))
    with pytest.raises(NotAllowedHostError, match=r"elsewhere\.example"):
        raw_bench.fetch()


def test_a_redirect_to_nonsense_is_refused(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("302 Found", Location="http://[::1", Content_Length=0)))
    with pytest.raises(FatalError):
        raw_bench.fetch()


def test_a_file_of_another_host_is_never_asked_for(raw_bench: Bench) -> None:
    with pytest.raises(NotAllowedHostError):
        raw_bench.fetch(url="http://elsewhere.example/x")


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "discogs_20260302_labels.xml"])
def test_a_name_that_is_no_dump_file_is_refused(bench: Bench, name: str) -> None:
    with pytest.raises(FatalError, match="not the name of a dump file"):
        bench.fetch(name=name)


def test_bodies_are_asked_for_as_they_are(raw: RawServer, raw_bench: Bench) -> None:
    raw.answer(sends(head("200 OK", Content_Length=len(BODY), Content_Encoding="gzip"), BODY))
    raw_bench.fetch()
    assert raw.header_of(0, "Accept-Encoding") == "identity"
    assert raw.header_of(0, "User-Agent") == "linernotes tests"


def test_the_space_that_files_still_need_is_told(bench: Bench) -> None:
    bench.leave_part(BODY[:HALF])
    unknown = replace(bench.file, name="discogs_20260302_artists.xml.gz", size_bytes=None)
    assert bench.fetcher.check_space([bench.file, unknown]) == len(BODY) - HALF
    bench.fetch()
    assert bench.fetcher.check_space([bench.file]) == 0


def test_a_disk_without_room_is_told_before_the_start(bench: Bench) -> None:
    bench.free_bytes = len(BODY) + 999
    with pytest.raises(NoSpaceError, match="make room or choose another home"):
        bench.fetcher.check_space([bench.file])


def test_just_enough_room_will_do(bench: Bench) -> None:
    bench.free_bytes = len(BODY) + 1000
    assert bench.fetcher.check_space([bench.file]) == len(BODY)


def test_a_full_disk_needs_no_room_for_files_that_are_here(bench: Bench) -> None:
    bench.fetch()
    bench.free_bytes = 0
    assert bench.fetcher.check_space([bench.file]) == 0


def test_a_folder_that_cannot_be_written_is_one_clear_line(bench: Bench) -> None:
    bench.folder.rmdir()
    bench.folder.write_text("a file where the folder should be")
    with pytest.raises(FatalError, match="cannot store"):
        bench.fetch()
    with pytest.raises(FatalError, match="cannot store"):
        bench.fetcher.check_space([bench.file])


def test_a_disk_that_fills_up_keeps_what_came(bench: Bench) -> None:
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, former[1]))
    try:
        with pytest.raises(FatalError, match=r"cannot store .* what came so far is kept"):
            bench.fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert bench.part.read_bytes() == BODY[:HALF]
    assert bench.fetch() == "whole"


def folder_file(folder: Path, site: DumpSite, *, sha256: str | None) -> DumpFile:
    site.write(folder)
    return DumpFile(entity="label", name=NAME, url=(folder / NAME).as_uri(), size_bytes=None, sha256=sha256)


def test_a_file_in_a_folder_is_used_where_it_is(tmp_path: Path, site: DumpSite) -> None:
    file = folder_file(tmp_path, site, sha256=SHA)
    fetched = FolderDumps(tmp_path).fetch(file, progress=RecordedProgress())
    assert (fetched.path, fetched.sha256, fetched.is_verified) == (tmp_path / NAME, SHA, True)
    assert FolderDumps(tmp_path).check_space([file]) == 0


def test_a_file_in_a_folder_without_a_checksum_is_unverified(tmp_path: Path, site: DumpSite) -> None:
    fetched = FolderDumps(tmp_path).fetch(folder_file(tmp_path, site, sha256=None), progress=RecordedProgress())
    assert (fetched.sha256, fetched.is_verified) == (SHA, False)


def test_a_damaged_file_in_a_folder_is_told_and_never_deleted(tmp_path: Path, site: DumpSite) -> None:
    file = folder_file(tmp_path, site, sha256="0" * 64)
    with pytest.raises(DamagedFileError, match="get a sound copy"):
        FolderDumps(tmp_path).fetch(file, progress=RecordedProgress())
    assert (tmp_path / NAME).read_bytes() == BODY


def test_a_file_that_left_the_folder_is_told(tmp_path: Path, site: DumpSite) -> None:
    file = folder_file(tmp_path, site, sha256=None)
    (tmp_path / NAME).unlink()
    with pytest.raises(FatalError, match="cannot read"):
        FolderDumps(tmp_path).fetch(file, progress=RecordedProgress())


def test_a_checksum_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = DumpSite(dump_files("20260302")).write(tmp_path)
    (dump,) = FolderDumps(folder).discover()
    (folder / "discogs_20260302_CHECKSUM.txt").unlink()
    with pytest.raises(FatalError, match="cannot read"):
        FolderDumps(folder).fetch_checksums(dump)


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    file = DumpFile(entity="label", name="../secret", url="file:///etc/passwd", size_bytes=None)
    with pytest.raises(FatalError, match="not the name of a dump file"):
        FolderDumps(tmp_path).fetch(file, progress=RecordedProgress())
