"""Finding dumps on a server: an HTML index in two levels, or a bucket's listing in pages."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import quote

from linernotes.domain.dumps import CHECKSUM, ListedDump, ListedFile, group_by_date
from linernotes.errors import FatalError
from linernotes.sources.discogs.checksums import CHECKSUM_LIMIT_BYTES, parse_checksums
from linernotes.sources.discogs.listing import Page, is_bucket, parse_bucket, parse_html
from linernotes.wire.retrying import Retries
from linernotes.wire.web import Web, page_title

PAGE_LIMIT_BYTES = 16 << 20
MAX_PAGES = 200
"""Pages of a bucket listing, 1,000 keys each: twenty times what Discogs has."""


class WebIndex:
    """The dumps that a server lists at its base URL.

    The page itself tells which kind it is. Requests are few: data.discogs.com answers 429 after a handful
    an hour. A month costs one page (two without a year), the checksum file, and the dump files.
    """

    publishes_checksums = True

    def __init__(self, web: Web, *, base_url: str, retries: Retries) -> None:
        self._web = web
        self._base_url = base_url.partition("?")[0].rstrip("/") + "/"
        self._retries = retries

    def discover(self, *, year: int | None = None) -> Iterable[ListedDump]:
        """The dumps listed, newest first; year pages are fetched only as far as they are read.

        Raises:
            TransientError: The server did not answer in the attempts allowed.
            FatalError: Its page lists no dumps.
        """
        query = "" if year is None else f"?prefix=data%2F{year:04}%2F"
        body = self._fetch(query)
        if is_bucket(body):
            return self._read_bucket(body, prefix="data%2F" if year is None else f"data%2F{year:04}%2F")
        page = parse_html(body.decode("utf-8", "replace"), base_url=self._base_url)
        if not page.is_index:
            raise FatalError(
                f"{self._base_url} lists no dumps: its page is titled {page_title(body)!r}; check discogs.base_url"
            )
        return self._read_years(page, year)

    def fetch_checksums(self, dump: ListedDump) -> Mapping[str, str]:
        """SHA-256 by file name, as the dump's checksum file has them; empty without one."""
        file = dump.find(CHECKSUM)
        if file is None:
            return {}
        body = self._retries.run(lambda: self._web.fetch_page(file.url, limit_bytes=CHECKSUM_LIMIT_BYTES))
        return parse_checksums(body.decode("utf-8", "replace"))

    def _read_years(self, page: Page, year: int | None) -> Iterator[ListedDump]:
        yield from group_by_date(page.files)
        for linked in page.years if year is None else ():
            body = self._fetch(f"?prefix=data%2F{linked:04}%2F")
            files = parse_html(body.decode("utf-8", "replace"), base_url=self._base_url).files
            yield from group_by_date(file for file in files if file[0].year == linked)

    def _read_bucket(self, body: bytes, *, prefix: str) -> Iterable[ListedDump]:
        page = parse_bucket(body, base_url=self._base_url)
        files: list[tuple[date, ListedFile]] = list(page.files)
        marker = ""
        for _ in range(MAX_PAGES):
            if page.next_marker is None:
                return group_by_date(files)
            if page.next_marker <= marker:
                raise FatalError(f"the listing of {self._base_url} goes in circles at {page.next_marker[:100]!r}")
            marker = page.next_marker
            body = self._fetch(f"?prefix={prefix}&marker={quote(marker, safe='')}")
            page = parse_bucket(body, base_url=self._base_url)
            files += page.files
        raise FatalError(f"the listing of {self._base_url} has more than {MAX_PAGES} pages; refused")

    def _fetch(self, query: str) -> bytes:
        url = self._base_url + query
        return self._retries.run(lambda: self._web.fetch_page(url, limit_bytes=PAGE_LIMIT_BYTES))
