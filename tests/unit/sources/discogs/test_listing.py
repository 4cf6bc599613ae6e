from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import FatalError
from linernotes.sources.discogs.listing import is_bucket, parse_bucket, parse_html, parse_size

BASE = "https://dumps.example/"
ROOT_PAGE = """<html><head><title>Discogs Data</title></head><body><h2>Discogs Data</h2>
<pre>Last Modified                   Size           Name
-----------------------------------------------------------------------
                                -              <a href="?prefix=data%2F2008%2F">2008/</a>
                                -              <a href="?prefix=data%2F2026%2F">2026/</a>
                                -              <a href="?prefix=data%2F2025%2F">2025/</a>
</pre></body></html>"""
YEAR_PAGE = """<html><body><h2>Discogs Data</h2>
<pre>Last Modified                   Size           Name
                                               <a href="?prefix=data%2F">../</a>
2026-03-01 19:31:21             388 B          <a href="?download=data%2F2026%2Fdiscogs_20260301_CHECKSUM.txt">x</a>
2026-03-01 19:31:20             474.1 MB       <a href="?download=data%2F2026%2Fdiscogs_20260301_artists.xml.gz">x</a>
2026-03-01 19:21:51             10.5 GB        <a href="?download=data%2F2026%2Fdiscogs_20260301_releases.xml.gz">x</a>
<a href="?download=data%2F2026%2F..%2F..%2Fetc%2Fpasswd">up</a>
<a href="https://other.example/?download=data%2F2026%2Fdiscogs_20260401_releases.xml.gz">elsewhere</a>
<a href="?download=data%2F2026%2Fdiscogs_20261341_releases.xml.gz">no such day</a>
<a>no address</a>
</pre></body></html>"""


def test_the_root_page_links_to_years_newest_first() -> None:
    page = parse_html(ROOT_PAGE, base_url=BASE)
    assert (page.years, page.files, page.is_index) == ((2026, 2025, 2008), (), True)


def test_a_year_page_lists_files_with_their_rounded_sizes() -> None:
    files = parse_html(YEAR_PAGE, base_url=BASE).files
    assert [(day, file.entity, file.size_bytes) for day, file in files] == [
        (date(2026, 3, 1), "checksum", 388),
        (date(2026, 3, 1), "artist", 497_129_882),
        (date(2026, 3, 1), "release", 11_274_289_152),
    ]


def test_addresses_are_built_from_the_base_url_not_taken_from_the_page() -> None:
    file = parse_html(YEAR_PAGE, base_url=BASE).files[0][1]
    assert file.url == "https://dumps.example/?download=data%2F2026%2Fdiscogs_20260301_CHECKSUM.txt"


def test_a_page_without_such_links_is_no_index() -> None:
    page = parse_html("<title>Checking your browser</title><a href='/'>home</a>", base_url=BASE)
    assert page.is_index is False


def test_the_size_before_another_link_is_not_taken_for_the_next() -> None:
    text = 'x 5 MB <a href="?prefix=x">a</a><a href="?download=data%2F2026%2Fdiscogs_20260301_labels.xml.gz">b</a>'
    assert parse_html(text, base_url=BASE).files[0][1].size_bytes is None


@pytest.mark.parametrize(
    ("text", "size"),
    [("154.1 MB", 161_585_562), ("388 B  ", 388), ("1 KB", 1024), ("-", None), ("", None), ("9999999 GB", None)],
)
def test_sizes_count_in_powers_of_1024(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@given(st.text())
def test_no_page_breaks_the_reader(text: str) -> None:
    assert parse_html(text, base_url=BASE).files == ()


def bucket(contents: str, *, head: str = "") -> bytes:
    return f'{head}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{contents}</ListBucketResult>'.encode()


def entry(key: str, size: str = "5") -> str:
    return f"<Contents><Key>{key}</Key><Size>{size}</Size></Contents>"


def test_a_bucket_lists_keys_with_exact_sizes() -> None:
    files = parse_bucket(bucket(entry("data/2026/discogs_20260301_labels.xml.gz", "123")), base_url=BASE).files
    assert [(day, file.url, file.size_bytes) for day, file in files] == [
        (date(2026, 3, 1), "https://dumps.example/data/2026/discogs_20260301_labels.xml.gz", 123)
    ]


def test_keys_of_other_forms_are_left_out() -> None:
    keys = ["data/2026/../../etc/passwd", "index.html", "", "data/2026/discogs_20260301_labels.xml.gz/x"]
    assert parse_bucket(bucket("".join(map(entry, keys))), base_url=BASE).files == ()


def test_a_size_that_is_no_number_is_unknown() -> None:
    page = parse_bucket(bucket(entry("data/2026/discogs_20260301_labels.xml.gz", "9" * 400)), base_url=BASE)
    assert page.files[0][1].size_bytes is None


def test_a_truncated_listing_goes_on_after_its_last_key() -> None:
    assert parse_bucket(bucket("<IsTruncated>true</IsTruncated>" + entry("b")), base_url=BASE).next_marker == "b"
    named = "<IsTruncated>true</IsTruncated><NextMarker>c</NextMarker>" + entry("b")
    assert parse_bucket(bucket(named), base_url=BASE).next_marker == "c"


def test_a_whole_listing_does_not_go_on() -> None:
    assert parse_bucket(bucket("<IsTruncated>false</IsTruncated>" + entry("b")), base_url=BASE).next_marker is None


ENTITY_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [ENTITY_BOMB, EXTERNAL, "<!DOCTYPE x>"])
def test_a_listing_with_a_document_type_is_refused(head: str) -> None:
    with pytest.raises(FatalError, match="document type"):
        parse_bucket(bucket(entry("&a;") if "ENTITY a" in head else "", head=head), base_url=BASE)


def test_a_broken_listing_is_refused_by_name() -> None:
    with pytest.raises(FatalError, match="not well-formed"):
        parse_bucket(b"<ListBucketResult><Contents>", base_url=BASE)


def test_bucket_and_page_are_told_apart() -> None:
    assert is_bucket(bucket(""))
    assert not is_bucket(ROOT_PAGE.encode())
