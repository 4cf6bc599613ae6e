"""The real listing of 166 dumps, 2008 to 2022: which of them are complete, and which one stands for its month."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from linernotes.domain.dumps import ENTITIES, ListedDump, choose_dump, group_by_date, missing_parts
from linernotes.sources.discogs.checksums import parse_checksums
from linernotes.sources.discogs.listing import is_bucket, parse_bucket

pytestmark = pytest.mark.proves("Dumps are found in an HTML index, a bucket listing or a folder", real=True)


@pytest.fixture(scope="module")
def real_dumps(shared_data: Path) -> list[ListedDump]:
    body = (shared_data / "discogs/bucket_listing_2008_2022.xml").read_bytes()
    assert is_bucket(body)
    return group_by_date(parse_bucket(body, base_url="https://dumps.example/").files)


def test_of_166_real_dumps_30_are_not_dated_on_the_first(real_dumps: list[ListedDump]) -> None:
    assert len(real_dumps) == 166
    assert sum(dump.dumped_on.day != 1 for dump in real_dumps) == 30


def test_28_real_dumps_are_complete_before_there_were_masters(real_dumps: list[ListedDump]) -> None:
    whole = [dump for dump in real_dumps if not missing_parts(dump, wanted=ENTITIES, needs_checksum=True)]
    assert Counter(dump.find("master") is not None for dump in whole) == {True: 129, False: 28}


@pytest.mark.parametrize(
    ("month", "chosen"),
    [
        ("2008-03", date(2008, 3, 9)),  # one dump, not on the 1st, no masters yet
        ("2013-10", date(2013, 10, 2)),  # the 1st has a checksum file only
        ("2017-12", date(2017, 12, 12)),  # two complete ones
        ("2011-02", None),  # artists and labels of the 1st, releases of the 11th
        ("2013-01", None),  # no artists, no labels
        ("2019-10", None),  # releases of the 3rd, labels of the 10th
        ("2022-11", date(2022, 11, 1)),
        ("2022-12", None),
    ],
)
def test_the_right_dump_of_a_real_month_is_chosen(
    real_dumps: list[ListedDump], month: str, chosen: date | None
) -> None:
    choice = choose_dump(real_dumps, wanted=ENTITIES, needs_checksum=True, year_month=month)
    assert (choice.dump and choice.dump.dumped_on) == chosen


def test_the_real_checksum_file_names_three_dumps(shared_data: Path) -> None:
    found = parse_checksums((shared_data / "discogs/CHECKSUM_example.txt").read_text("utf-8"))
    assert found["discogs_20080309_artists.xml.gz"].startswith("8c40390a")
    assert len(found) == 3
