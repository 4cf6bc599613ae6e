"""The comparison of two homes that the kill tests rest on notices what it has to."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults.contents import Contents, assert_same, differences, read_contents
from tests.faults.journey import BOTH_SOURCES, DISCOGS, Journey
from tests.faults.liner import Home

PULL, BUILD = DISCOGS[:2]
PROMOTED = DISCOGS[-2]


@pytest.fixture
def pulled(journey: Journey, tmp_path: Path) -> Home:
    return journey.copy_before(BUILD, tmp_path / "home")


def change(contents: Contents, table: str, rows: list[tuple[Any, ...]]) -> Contents:
    """The same contents with other rows in one table."""
    return {**contents, table: type(contents[table])(contents[table].columns, type(contents[table].rows)(rows))}


def test_two_homes_of_the_same_dumps_are_the_same(journey: Journey, tmp_path: Path) -> None:
    home = journey.copy_before(PULL, tmp_path / "home")
    home.run(*journey.arguments(PULL))
    assert_same(read_contents(home.path), journey.after(PULL))


def test_every_table_holds_rows_at_the_end_of_a_journey(journey: Journey, journey_of_both: Journey) -> None:
    ends = [journey.after(PROMOTED), journey_of_both.after(BOTH_SOURCES[-1])]
    names = ends[0].keys() | ends[1].keys()
    empty = {name for name in names if not any(end[name].rows for end in ends if name in end)}
    # bronze has a table of what is gone for every entity of MusicBrainz, whether something is gone or not;
    # all artists of the sample have a name that both sources have, and no provider is asked on the way
    unasked = {"silver.observation", "silver.decision", "gold.provider_summary", "published.enriched_value"}
    expected = {"silver.artist_alike", *unasked}
    assert {name for name in empty if not name.startswith("bronze.musicbrainz_")} == expected


@pytest.mark.parametrize("table", ["bronze.discogs_release_track", "ledger.load", "ledger.quarantine", "ledger.dump"])
def test_a_lost_row_is_noticed(journey: Journey, table: str) -> None:
    whole = journey.after(PULL)
    less = change(whole, table, list(whole[table].rows.elements())[1:])
    assert differences(less, whole)[0].startswith(f"{table}: 1 rows lost, 0 too many")


def test_a_doubled_row_is_noticed(journey: Journey) -> None:
    whole = journey.after(PULL)
    rows = list(whole["bronze.discogs_artist_url"].rows.elements())
    more = change(whole, "bronze.discogs_artist_url", [*rows, rows[0]])
    assert differences(more, whole)[0].startswith("bronze.discogs_artist_url: 0 rows lost, 1 too many")


def test_a_missing_and_an_extra_table_are_noticed(journey: Journey) -> None:
    whole = journey.after(PULL)
    other = {("bronze.other" if name == "bronze.discogs_label" else name): table for name, table in whole.items()}
    assert differences(other, whole) == ["bronze.discogs_label: missing", "bronze.other: should not be there"]


def test_one_changed_letter_on_disk_is_noticed(journey: Journey, pulled: Home) -> None:
    (path,) = (pulled.path / "bronze" / "discogs_master").glob("*.parquet")
    rows = pq.read_table(path)
    titles = rows["title"].to_pylist()
    titles[0] = titles[0][:-1] + ("x" if titles[0][-1] != "x" else "y")
    changed = rows.set_column(rows.schema.get_field_index("title"), "title", pa.array(titles, pa.string()))
    pq.write_table(changed, path)
    (told, *_) = differences(read_contents(pulled.path), journey.after(PULL))
    assert told.startswith("bronze.discogs_master: 1 rows lost, 1 too many")


def test_the_order_of_rows_on_disk_does_not_matter(journey: Journey, pulled: Home) -> None:
    (path,) = (pulled.path / "bronze" / "discogs_master").glob("*.parquet")
    rows = pq.read_table(path)
    pq.write_table(rows.take(list(reversed(range(rows.num_rows)))), path)
    assert_same(read_contents(pulled.path), journey.after(PULL))


def test_a_home_whose_bronze_is_gone_cannot_be_compared(pulled: Home) -> None:
    shutil.rmtree(pulled.path / "bronze" / "discogs_label")
    with pytest.raises(FileNotFoundError):
        read_contents(pulled.path)
