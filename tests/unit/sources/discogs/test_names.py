from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.sources.discogs.names import parse_key, parse_name


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("discogs_20260301_artists.xml.gz", (date(2026, 3, 1), "artist")),
        ("discogs_20260301_labels.xml.gz", (date(2026, 3, 1), "label")),
        ("discogs_20171212_masters.xml.gz", (date(2017, 12, 12), "master")),
        ("discogs_20260301_releases.xml.gz", (date(2026, 3, 1), "release")),
        ("discogs_20080309_CHECKSUM.txt", (date(2008, 3, 9), "checksum")),
    ],
)
def test_a_dump_file_tells_its_date_and_entity(name: str, parsed: tuple[date, str]) -> None:
    assert parse_name(name) == parsed


@pytest.mark.parametrize(
    "name",
    [
        "",
        "discogs_20261341_labels.xml.gz",
        "discogs_2026030_labels.xml.gz",
        "discogs_20260301_tracks.xml.gz",
        "discogs_20260301_labels.xml",
        "discogs_20260301_labels.xml.gz ",
        "discogs_20260301_labels.xml.gz\n",
        "../discogs_20260301_labels.xml.gz",
        "DISCOGS_20260301_labels.xml.gz",
        "discogs_20260301_CHECKSUM.txt.part",
        "discogs_٢٠٢٦٠٣٠١_labels.xml.gz",
    ],
)
def test_any_other_name_is_no_dump_file(name: str) -> None:
    assert parse_name(name) is None


@given(st.text())
def test_no_text_makes_a_path_out_of_the_folder(text: str) -> None:
    assert parse_name(f"../{text}") is None
    assert parse_key(f"data/../{text}") is None


def test_a_key_stands_in_the_folder_of_its_year() -> None:
    name = "discogs_20260301_labels.xml.gz"
    assert parse_key(f"data/2026/{name}") == (date(2026, 3, 1), "label", name)


@pytest.mark.parametrize(
    "key",
    [
        "data/2025/discogs_20260301_labels.xml.gz",
        "data/2026/../2026/discogs_20260301_labels.xml.gz",
        "/data/2026/discogs_20260301_labels.xml.gz",
        "data/2026/index.html",
        "discogs_20260301_labels.xml.gz",
    ],
)
def test_a_key_elsewhere_is_left_out(key: str) -> None:
    assert parse_key(key) is None
