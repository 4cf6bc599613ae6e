"""Listings of dumps: the HTML index and the bucket's XML, both read as hostile input.

Nothing of a listing is used but names that match the strict pattern; addresses are built from the base URL.
"""

import re
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

from lxml import etree

from linernotes.domain.dumps import ListedFile
from linernotes.domain.numbers import whole_number
from linernotes.errors import FatalError
from linernotes.sources.discogs.names import parse_key

_S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"
_SIZE = re.compile(r"(?<![\d.])(\d{1,6}(?:\.\d{1,3})?) (B|KB|MB|GB)\s*$", re.ASCII)
# The index counts in powers of 1024: 2015-11 artists stand there as 154.1 MB and have 161,592,305 bytes.
_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_YEAR = re.compile(r"data/(\d{4})/", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page of a listing says."""

    files: tuple[tuple[date, ListedFile], ...]
    years: tuple[int, ...] = ()
    """Years the page links to, newest first."""
    next_marker: str | None = None
    """Where a truncated bucket listing goes on."""
    is_index: bool = True
    """Whether the page has any link of the index, or is some other page."""


def is_bucket(body: bytes) -> bool:
    """Whether a page is the XML of a bucket, not HTML."""
    return b"<ListBucketResult" in body[:2000]


def parse_html(text: str, *, base_url: str) -> Page:
    """Read the index page of a year or of all years."""
    reader = _IndexReader()
    reader.feed(text)
    reader.close()
    files: list[tuple[date, ListedFile]] = []
    years: set[int] = set()
    for href, text_before in reader.links:
        query = parse_qs(urlsplit(href).query) if href.startswith("?") else {}
        year = _YEAR.fullmatch(query.get("prefix", [""])[0])
        if year:
            years.add(int(year[1]))
        parsed = parse_key(query.get("download", [""])[0])
        if parsed:
            dumped_on, entity, name = parsed
            url = f"{base_url}?download={quote(f'data/{dumped_on:%Y}/{name}', safe='')}"
            files.append((dumped_on, ListedFile(entity=entity, name=name, url=url, size_bytes=parse_size(text_before))))
    is_index = any(href.startswith(("?prefix=", "?download=")) for href, _ in reader.links)
    return Page(files=tuple(files), years=tuple(sorted(years, reverse=True)), is_index=is_index)


def parse_size(text: str) -> int | None:
    """Bytes from text that ends in a size such as `474.1 MB`; None where there is none."""
    match = _SIZE.search(text[-40:])
    return round(float(match[1]) * _UNITS[match[2]]) if match else None


class _IndexReader(HTMLParser):
    """Collects links, each with the text that stands before it on its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self._line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.append((href, self._line))
            self._line = ""

    def handle_data(self, data: str) -> None:
        self._line = (self._line + data).rpartition("\n")[2][-200:]


def parse_bucket(body: bytes, *, base_url: str) -> Page:
    """Read one page of a bucket's ListBucket XML.

    Raises:
        FatalError: It is not well-formed, or declares a document type (no bucket does).
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise FatalError(f"the bucket listing of {base_url} is not well-formed: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise FatalError(f"the bucket listing of {base_url} declares a document type; refused")
    keys = [(item.findtext(f"{_S3}Key") or "", item.findtext(f"{_S3}Size")) for item in root.iter(f"{_S3}Contents")]
    files: list[tuple[date, ListedFile]] = []
    for key, size in keys:
        parsed = parse_key(key)
        if parsed:
            dumped_on, entity, name = parsed
            url = f"{base_url}{quote(key)}"
            files.append((dumped_on, ListedFile(entity=entity, name=name, url=url, size_bytes=whole_number(size))))
    marker = None
    if root.findtext(f"{_S3}IsTruncated") == "true":
        marker = root.findtext(f"{_S3}NextMarker") or (keys[-1][0] if keys else None)
    return Page(files=tuple(files), next_marker=marker)
