"""Every index of dumps keeps the promises of its port: HTML, bucket in one page or many, folder."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import httpx2
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from linernotes.domain.dumps import ENTITIES
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.fetching import DumpIndex
from linernotes.sources.discogs.discover import PAGE_LIMIT_BYTES, WebIndex
from linernotes.sources.discogs.folder import FolderDumps
from linernotes.wire.retrying import Retries
from linernotes.wire.web import NotAllowedHostError, RefusedError, Web, make_client
from tests.fakes.discogs import DumpSite, dump_files

pytestmark = pytest.mark.proves("Dumps are found in an HTML index, a bucket listing or a folder")

THREE_DUMPS = (
    dump_files("20251201")
    | dump_files("20260201", entities=("artists", "labels", "releases"), checksum=False)
    | dump_files("20260302")
    | {"discogs_20260341_labels.xml.gz": b"no such day", "readme.txt": b"not a dump"}
)

Open = Callable[[DumpSite], DumpIndex]


def web_index(base_url: str, *, attempts: int = 2, other_hosts: tuple[str, ...] = ()) -> WebIndex:
    client = make_client(user_agent="linernotes tests", connect_seconds=2, read_seconds=2)
    web = Web(
        client,
        base_url=base_url,
        other_hosts=other_hosts,
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        settings="discogs.base_url",
    )
    return WebIndex(web, base_url=base_url, retries=Retries(attempts=attempts, sleep=lambda _: None, jitter=lambda: 0))


@pytest.fixture(params=["html", "bucket", "bucket in pages", "folder"])
def open_index(request: pytest.FixtureRequest, httpserver: HTTPServer, tmp_path: Path) -> Open:
    def open_it(site: DumpSite) -> DumpIndex:
        if request.param == "html":
            return web_index(site.serve_html(httpserver))
        if request.param == "folder":
            return FolderDumps(site.write(tmp_path))
        site.page_size = 2 if request.param == "bucket in pages" else 1000
        return web_index(site.serve_bucket(httpserver))

    return open_it


def test_dumps_come_newest_first_with_their_files(open_index: Open) -> None:
    dumps = list(open_index(DumpSite(THREE_DUMPS)).discover())
    assert [dump.dumped_on for dump in dumps] == [date(2026, 3, 2), date(2026, 2, 1), date(2025, 12, 1)]
    assert [file.entity for file in dumps[0].files] == ["checksum", "artist", "label", "master", "release"]
    assert [file.entity for file in dumps[1].files] == ["artist", "label", "release"]


def test_sizes_are_told(open_index: Open) -> None:
    newest = next(iter(open_index(DumpSite(THREE_DUMPS)).discover()))
    assert [file.size_bytes for file in newest.files] == [len(THREE_DUMPS[file.name]) for file in newest.files]


def test_a_year_lists_only_its_own_dumps(open_index: Open) -> None:
    dumps = list(open_index(DumpSite(THREE_DUMPS)).discover(year=2025))
    assert [dump.dumped_on for dump in dumps] == [date(2025, 12, 1)]


def test_a_year_without_dumps_is_empty(open_index: Open) -> None:
    assert list(open_index(DumpSite(THREE_DUMPS)).discover(year=2019)) == []


def test_published_checksums_are_read(open_index: Open) -> None:
    index = open_index(DumpSite(THREE_DUMPS))
    newest, without, _ = index.discover()
    assert set(index.fetch_checksums(newest)) == {f"discogs_20260302_{entity}s.xml.gz" for entity in ENTITIES}
    assert index.fetch_checksums(without) == {}


def test_year_pages_are_fetched_only_as_far_as_they_are_read(httpserver: HTTPServer) -> None:
    site = DumpSite(THREE_DUMPS)
    list(islice(web_index(site.serve_html(httpserver)).discover(), 1))
    assert site.requests == ["/?", "/?prefix=data%2F2026%2F"]


def test_a_base_url_with_a_query_and_without_a_slash_is_understood(httpserver: HTTPServer) -> None:
    base = DumpSite(THREE_DUMPS).serve_html(httpserver)
    assert list(web_index(base.rstrip("/") + "?prefix=data/").discover(year=2025))


def test_a_page_that_is_no_index_is_named(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("<title>Checking your browser</title>", content_type="text/html")
    with pytest.raises(FatalError, match=r"lists no dumps: its page is titled 'Checking your browser'"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_bucket_that_denies_listing_says_what_to_check(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("<Error><Code>AccessDenied</Code></Error>", status=403)
    with pytest.raises(RefusedError, match=r"403.*check discogs.base_url"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_busy_index_is_asked_again(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/").respond_with_data("busy", status=503)
    httpserver.expect_ordered_request("/").respond_with_data('<a href="?prefix=data%2F2026%2F">2026</a>')
    httpserver.expect_ordered_request("/").respond_with_data('<a href="?prefix=data%2F">up</a>')
    assert list(web_index(httpserver.url_for("/")).discover()) == []


def test_an_index_that_stays_busy_is_for_later(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("busy", status=503)
    with pytest.raises(TransientError, match="503"):
        list(web_index(httpserver.url_for("/")).discover())


def test_an_endless_index_page_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b" " * (PAGE_LIMIT_BYTES + 1))
    with pytest.raises(FatalError, match="which nothing there is"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_partial_answer_is_no_page(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("<a>", status=206)
    with pytest.raises(TransientError, match="206"):
        list(web_index(httpserver.url_for("/")).discover())


LISTING = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>{}</ListBucketResult>'


def test_a_listing_that_goes_in_circles_is_refused(httpserver: HTTPServer) -> None:
    page = LISTING.format("<Contents><Key>data/2026/x</Key></Contents>")
    httpserver.expect_request("/").respond_with_data(page, content_type="application/xml")
    with pytest.raises(FatalError, match="goes in circles"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_listing_without_end_is_refused(httpserver: HTTPServer) -> None:
    numbers = iter(range(1000))
    page = LISTING.replace("{}", "<NextMarker>{:04}</NextMarker>")
    httpserver.expect_request("/").respond_with_handler(
        lambda _: Response(page.format(next(numbers)), content_type="application/xml")
    )
    with pytest.raises(FatalError, match="more than 200 pages"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_redirect_to_another_host_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", status=302, headers={"Location": "http://elsewhere.example/"})
    with pytest.raises(NotAllowedHostError, match=r"http://elsewhere\.example, which is not configured"):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_redirect_to_a_port_of_the_same_machine_is_refused(httpserver: HTTPServer) -> None:
    location = f"http://{httpserver.host}:1/"
    httpserver.expect_request("/").respond_with_data("", status=302, headers={"Location": location})
    with pytest.raises(NotAllowedHostError):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_redirect_that_only_looks_like_the_host_is_refused(httpserver: HTTPServer) -> None:
    location = f"http://{httpserver.host}:{httpserver.port}@elsewhere.example/"
    httpserver.expect_request("/").respond_with_data("", status=302, headers={"Location": location})
    with pytest.raises(NotAllowedHostError):
        list(web_index(httpserver.url_for("/")).discover())


def test_a_redirect_on_the_same_host_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", status=301, headers={"Location": "/there/"})
    httpserver.expect_request("/there/").respond_with_data('<a href="?prefix=data%2F">up</a>')
    assert list(web_index(httpserver.url_for("/")).discover()) == []


def test_redirects_without_end_are_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", status=302, headers={"Location": "/"})
    with pytest.raises(RefusedError, match="redirected more than 5 times"):
        list(web_index(httpserver.url_for("/")).discover())


def test_from_https_nothing_leads_back_to_http() -> None:
    client = httpx2.Client(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(302, headers={"Location": "http://safe.example/"}))
    )
    web = Web(
        client,
        base_url="https://safe.example/",
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        settings="discogs.base_url",
    )
    with pytest.raises(NotAllowedHostError), web.get("https://safe.example/"):
        pass


def test_a_configured_second_host_may_be_led_to() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "dumps.example":
            return httpx2.Response(302, headers={"Location": "https://files.example/x"})
        return httpx2.Response(200, text=request.url.host)

    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    web = Web(
        client,
        base_url="https://dumps.example/",
        other_hosts=["files.example"],
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        settings="discogs.base_url",
    )
    assert web.fetch_page("https://dumps.example/", limit_bytes=100) == b"files.example"


@pytest.mark.parametrize(
    "base_url", ["ftp://dumps.example/", "dumps.example", "http://", "http://[::1", "file:///etc/"]
)
def test_a_base_url_that_is_no_web_address_is_refused(base_url: str) -> None:
    with pytest.raises(FatalError, match="base URL"):
        web_index(base_url)


def test_no_server_at_all_is_for_later() -> None:
    with pytest.raises(TransientError, match="try again later"):
        list(web_index("http://127.0.0.1:1/").discover())


def test_a_folder_without_dump_files_says_how_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "releases.xml.gz").touch()
    with pytest.raises(WrongUsageError, match=r"discogs_YYYYMMDD_artists\.xml\.gz"):
        FolderDumps(tmp_path).discover()


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="cannot read the folder"):
        FolderDumps(tmp_path / "nowhere").discover()


def test_folders_named_like_dump_files_are_left_out(tmp_path: Path) -> None:
    site = DumpSite(dump_files("20260302"))
    site.write(tmp_path)
    (tmp_path / "discogs_20260402_labels.xml.gz").mkdir()
    assert [dump.dumped_on for dump in FolderDumps(tmp_path).discover()] == [date(2026, 3, 2)]


def test_the_real_folder_has_one_dump_without_a_checksum_file(shared_data: Path) -> None:
    index = FolderDumps(shared_data / "discogs")
    (dump,) = index.discover()
    assert [file.entity for file in dump.files] == ["artist", "label", "master", "release"]
    assert index.fetch_checksums(dump) == {}
