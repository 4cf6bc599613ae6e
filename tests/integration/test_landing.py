"""Landing dump files: months on months, eras, damage, and what is told about it."""

import gzip
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.generate_discogs import ENTITIES, Month, lines
from linernotes.lake.bronze import BronzeTables
from linernotes.ports.loads import LoadKind
from linernotes.sources.discogs.errors import DriftError, TooManyBadRecordsError, TruncatedDumpError
from linernotes.sources.discogs.landing import ERA_WITH_IMAGES, ERA_WITHOUT_IMAGES, DiscogsLander, LandingSettings
from linernotes.sources.discogs.tally import Limits
from tests.fakes.bronze import MemoryBronze
from tests.fakes.progress import RecordedProgress
from tests.landing_kit import LOAD_ID, NOW, InMemory, land, zipped

OTHER_ID = UUID("01939c2e-7e4a-7000-8000-000000000002")
ONE_AT_A_TIME = LandingSettings(threads=1, chunk_bytes=1)
TOLERANT = LandingSettings(limits=Limits(drift=1.0, bad_records=1.0))


def release(record_id: int, title: str = "x", inside: str = "") -> bytes:
    return (
        f'<release id="{record_id}" status="Accepted"><title>{title}</title>{inside}'
        f"<tracklist><track><position>1</position><title>a</title><duration/></track></tracklist></release>"
    ).encode()


def generated(month: Month, entity: str) -> list[bytes]:
    return [line.encode() for line in list(lines(month, entity))[1:-1]]


Rows = dict[str, list[dict[str, object]]]


def plainly(found: InMemory) -> Rows:
    return {name: rows.to_pylist() for name, rows in found.tables.items()}


def onto(base: Rows, increment: InMemory) -> Rows:
    """Rows of the months before with those of an increment in their place."""
    hidden = {*increment.ids, *increment.gone}
    new = plainly(increment)
    found = {}
    for name in base.keys() | new.keys():
        rows = [row for row in base.get(name, []) if row["record_id"] not in hidden] + new.get(name, [])
        keys = [key for row in rows[:1] for key in row if key == "record_id" or key.endswith("_index")]
        found[name] = sorted(rows, key=lambda row: [row[key] for key in keys])
    return {name: rows for name, rows in found.items() if rows}


def counts(found: InMemory) -> dict[str, int]:
    records = found.landed.report["records"]
    assert isinstance(records, dict)
    return records


def hashes(found: InMemory, entity: str) -> pa.Table:
    return found.writer.rows(f"discogs_{entity}_hash")


# Months


MONTHS = [Month(releases=300, number=number, changed=0.1, gone=0.1, added=0.1) for number in (1, 2, 3)]


@pytest.mark.parametrize("entity", ENTITIES)
def test_months_landed_on_each_other_are_what_the_last_one_alone_is(tmp_path: Path, entity: str) -> None:
    first, second, third = (zipped(tmp_path / str(month.number), entity, generated(month, entity)) for month in MONTHS)
    base = land(first, entity)
    two = land(second, entity, previous=base)
    three = land(third, entity, previous=two)
    alone = land(third, entity)
    in_two = onto(plainly(base), two)
    assert in_two == plainly(land(second, entity))
    assert onto(in_two, three) == plainly(alone)
    assert hashes(three, entity) == hashes(alone, entity)


@pytest.mark.parametrize("entity", ENTITIES)
def test_only_new_and_changed_records_land_and_those_that_disappear_are_gone(tmp_path: Path, entity: str) -> None:
    before, after = (generated(month, entity) for month in MONTHS[:2])
    base = land(zipped(tmp_path / "1", entity, before), entity)
    second = land(zipped(tmp_path / "2", entity, after), entity, previous=base)
    by_id = dict(zip(hashes(base, entity)["record_id"].to_pylist(), before, strict=True))
    now = dict(zip(hashes(second, entity)["record_id"].to_pylist(), after, strict=True))
    assert second.ids == [one for one, body in now.items() if by_id.get(one) != body]
    assert second.gone == [one for one in by_id if one not in now]
    assert second.landed.gone_count == len(second.gone) > 0
    assert second.landed.kind is LoadKind.INCREMENT
    assert second.landed.new_count == len(now.keys() - by_id.keys())
    assert counts(second)["in_file"] == len(after) == counts(second)["landed"] + counts(second)["unchanged"]
    assert counts(second)["before"] == len(before)


def test_the_same_dump_again_lands_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path, "release", generated(MONTHS[0], "release"))
    base = land(path, "release")
    again = land(path, "release", previous=base)
    assert (again.ids, again.gone, again.tables) == ([], [], {})
    assert again.landed.report["rows"] == {}
    assert hashes(again, "release") == hashes(base, "release")
    assert [file.table for file in again.landed.files] == ["discogs_release", "discogs_release_hash"]


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_dump_out_of_order_lands_as_one_in_order(tmp_path: Path, entity: str) -> None:
    before, after = (generated(month, entity) for month in MONTHS[:2])
    base = land(zipped(tmp_path / "1", entity, before[::-1]), entity, settings=ONE_AT_A_TIME)
    ordered = land(zipped(tmp_path / "2", entity, before), entity)
    assert plainly(base) == plainly(ordered)
    assert counts(base)["are_in_order"] is False
    mixed = land(zipped(tmp_path / "3", entity, after[50:] + after[:50]), entity, previous=base, settings=ONE_AT_A_TIME)
    second = land(zipped(tmp_path / "4", entity, after), entity, previous=ordered)
    assert (mixed.ids, mixed.gone) == (second.ids, second.gone)
    assert plainly(mixed) == plainly(second)


def test_hashes_sorted_on_disk_serve_the_next_month(tmp_path: Path) -> None:
    before, after = (generated(month, "label") for month in MONTHS[:2])
    bronze = BronzeTables(tmp_path / "bronze", buffer_bytes=1)
    lander = DiscogsLander(bronze, now=lambda: NOW, settings=ONE_AT_A_TIME)
    path = zipped(tmp_path, "label", before[::-1])
    landed = lander.land(path, entity="label", load_id=LOAD_ID, previous_hashes=(), progress=RecordedProgress())
    (hashes_file,) = (file for file in landed.files if file.table == "discogs_label_hash")
    path = zipped(tmp_path, "label", after)
    second = lander.land(
        path,
        entity="label",
        load_id=OTHER_ID,
        previous_hashes=[bronze.path_of(hashes_file)],
        progress=RecordedProgress(),
    )
    expected = land(path, "label", previous=land(zipped(tmp_path / "1", "label", before), "label"))
    assert (second.landed_count, second.gone_count) == (expected.landed.landed_count, expected.landed.gone_count)
    (rows,) = (file for file in second.files if file.table == "discogs_label")
    assert pq.read_table(bronze.path_of(rows))["record_id"].to_pylist() == expected.ids


# Eras


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_era_makes_no_difference_but_to_what_it_leaves_out(tmp_path: Path, entity: str) -> None:
    old = land(zipped(tmp_path / "old", entity, generated(Month(releases=200), entity)), entity)
    new = land(zipped(tmp_path / "new", entity, generated(Month(releases=200, is_new_era=True), entity)), entity)
    left_out = {f"discogs_{entity}_image", "discogs_artist_member_id"}
    rows = {name: rows for name, rows in plainly(old).items() if name not in left_out}
    unlinked = {
        name: [row | ({"id": None} if row.get("id") == "0" else {}) for row in found] for name, found in rows.items()
    }
    assert plainly(new) == unlinked
    assert (old.landed.era, old.landed.is_silent_about) == (ERA_WITH_IMAGES, ())
    assert (new.landed.era, new.landed.is_silent_about) == (ERA_WITHOUT_IMAGES, (f"discogs_{entity}_image",))


def test_a_dump_with_images_speaks_of_them_even_if_no_record_with_one_has_changed(tmp_path: Path) -> None:
    image = release(1, inside='<images><image type="primary"/></images>').replace(b"<title>x</title>", b"", 1)
    base = land(zipped(tmp_path / "1", "release", [image, release(2)]), "release")
    second = land(zipped(tmp_path / "2", "release", [image, release(2, "y")]), "release", previous=base)
    assert second.ids == [2]
    assert second.landed.is_silent_about == base.landed.is_silent_about == ()


# Damage

LOST_END = release(2).replace(b"</release>", b"")
LOST_ID = release(2).replace(b' id="2"', b"")
FOUR = [release(number) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "damaged",
    [
        [release(1), LOST_END, release(3), release(4)],
        [release(1), LOST_ID, release(3), release(4)],
        [release(1), release(2).replace(b"<release", b"<relase"), release(3), release(4)],
        [release(1), LOST_END + release(3).replace(b"<release", b"release"), release(4)],
        [release(1), release(2).replace(b"</title>", b""), release(3), release(4)],
    ],
)
def test_a_record_that_cannot_be_read_is_not_taken_for_gone(tmp_path: Path, damaged: list[bytes]) -> None:
    base = land(zipped(tmp_path / "1", "release", FOUR), "release")
    second = land(zipped(tmp_path / "2", "release", damaged), "release", previous=base)
    assert second.gone == []
    assert len(second.landed.quarantined) == 1
    healed = land(zipped(tmp_path / "3", "release", FOUR), "release", previous=second)
    assert healed.gone == []
    assert set(healed.ids) <= {2, 3}
    assert onto(onto(plainly(base), second), healed) == plainly(base)


def test_a_lost_end_tag_does_not_hide_the_record_that_follows(tmp_path: Path) -> None:
    found = land(zipped(tmp_path, "release", [release(1), LOST_END, release(3), release(4)]), "release")
    assert found.ids == [1, 3, 4]
    assert [record.record_id for record in found.landed.quarantined] == ["2"]
    assert found.landed.record_count == 4


def test_a_bad_record_is_set_aside_each_month_until_it_is_healed(tmp_path: Path) -> None:
    damaged = [release(1), release(2).replace(b"</title>", b""), release(3)]
    first = land(zipped(tmp_path / "1", "release", damaged), "release")
    second = land(zipped(tmp_path / "2", "release", damaged), "release", previous=first)
    third = land(zipped(tmp_path / "3", "release", [release(1), release(2), release(3)]), "release", previous=second)
    assert [len(found.landed.quarantined) for found in (first, second, third)] == [1, 1, 0]
    assert [found.ids for found in (first, second, third)] == [[1, 3], [], [2]]


def test_records_are_gone_although_another_one_cannot_be_read(tmp_path: Path) -> None:
    base = land(zipped(tmp_path / "1", "release", [release(number) for number in range(1, 9)]), "release")
    damaged = [release(1), LOST_ID, release(3), release(6)]
    second = land(zipped(tmp_path / "2", "release", damaged), "release", previous=base)
    assert second.gone == [4, 5, 7, 8]
    assert counts(second)["missing_but_maybe_unreadable"] == 1


def test_the_first_of_two_records_with_one_id_is_kept(tmp_path: Path) -> None:
    found = land(
        zipped(tmp_path, "release", [release(1), release(2, "first"), release(2, "second"), release(3)]), "release"
    )
    assert found.writer.rows("discogs_release")["title"].to_pylist() == ["x", "first", "x"]
    (aside,) = found.landed.quarantined
    assert (aside.record_id, aside.reason, aside.body) == ("2", "duplicate_record", release(2, "second"))


def test_two_records_that_a_lost_tag_made_one_are_not_mixed(tmp_path: Path) -> None:
    mixed = release(2, "first").replace(b"</release>", b"") + release(3, "second").replace(b"<release", b"release")
    found = land(zipped(tmp_path, "release", [release(1), mixed, release(4)]), "release")
    assert found.ids == [1, 4]
    assert [record.reason for record in found.landed.quarantined] == ["repeated_value"]


def test_every_record_set_aside_has_an_id_of_its_own_that_stays(tmp_path: Path) -> None:
    bad = [b"<release/>", LOST_END + LOST_END + b"</release>", release(1), release(1)]
    runs = [
        land(zipped(tmp_path, "release", bad), "release", settings=settings) for settings in (ONE_AT_A_TIME, TOLERANT)
    ]
    ids = [[record.quarantine_id for record in run.landed.quarantined] for run in runs]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) == 3


def test_characters_that_xml_forbids_are_removed_and_counted(tmp_path: Path) -> None:
    found = land(zipped(tmp_path, "release", [release(1, "a\x1fb\x07"), release(2, "c&#x1F;d"), release(3)]), "release")
    assert found.writer.rows("discogs_release")["title"].to_pylist() == ["ab", "cd", "x"]
    assert found.landed.report["forbidden_characters"] == {"raw": 2, "references": 1, "example": 1}


def test_odd_values_are_kept_as_they_are(tmp_path: Path) -> None:
    odd = '<formats><format name="Vinyl" qty="' + "9" * 52 + '" text=""/></formats>'
    twice = '<labels><label name="Svek" catno="1" id="5"/><label name="Svek" catno="1" id="5"/></labels>'
    found = land(zipped(tmp_path, "release", [release(1, "", odd + twice)]), "release")
    assert found.writer.rows("discogs_release_format")["qty"].to_pylist() == ["9" * 52]
    assert found.writer.rows("discogs_release_format")["text"].to_pylist() == [None]
    assert found.writer.rows("discogs_release_label")["label_index"].to_pylist() == [0, 1]
    assert found.writer.rows("discogs_release")["title"].to_pylist() == [None]


def test_a_label_without_name_is_landed(tmp_path: Path) -> None:
    found = land(zipped(tmp_path, "label", [b"<label><id>212</id></label>"]), "label")
    assert found.writer.rows("discogs_label")["name"].to_pylist() == [None]


# Drift


def test_what_no_table_takes_is_told_with_place_count_and_example(tmp_path: Path) -> None:
    odd = [
        release(1, inside="<mood>calm</mood>"),
        release(2, inside="<mood>wild</mood><labels><label since='1999'/></labels>"),
        release(3, inside="<genres>text<genre>Rock</genre></genres>"),
    ]
    found = land(zipped(tmp_path, "release", odd), "release", settings=TOLERANT)
    drift = found.landed.report["drift"]
    assert isinstance(drift, dict)
    assert drift["count"] == 4
    assert drift["places"] == [
        {"place": "release/mood", "count": 2, "example": 1},
        {"place": "release/genres/text()", "count": 1, "example": 3},
        {"place": "release/labels/label/@since", "count": 1, "example": 2},
    ]
    assert found.ids == [1, 2, 3]


def test_a_list_that_comes_twice_goes_on_counting(tmp_path: Path) -> None:
    twice = "<genres><genre>Rock</genre></genres><genres><genre>Pop</genre></genres>"
    found = land(zipped(tmp_path, "release", [release(1, inside=twice), release(2)]), "release")
    rows = found.writer.rows("discogs_release_genre").to_pylist()
    assert [(row["genre_index"], row["genre"]) for row in rows] == [(0, "Rock"), (1, "Pop")]


def test_attributes_of_the_root_are_drift(tmp_path: Path) -> None:
    path = zipped(tmp_path, "release", [release(1)])
    changed = zipped(tmp_path / "2", "release", [])
    changed.write_bytes(
        gzip.compress(gzip.decompress(path.read_bytes()).replace(b"<releases>", b"<releases version='2'>"))
    )
    drift = land(changed, "release").landed.report["drift"]
    assert isinstance(drift, dict)
    assert drift["places"] == [{"place": "releases/@*", "count": 1, "example": None}]


def test_too_much_drift_stops_the_landing(tmp_path: Path) -> None:
    odd = [release(number, inside="<mood>calm</mood>" * 3) for number in range(1, 41)]
    with pytest.raises(DriftError, match=r"120 values of .* reads nothing \(most often release/mood, 120 times\)"):
        land(zipped(tmp_path, "release", odd), "release")


def test_too_many_bad_records_stop_the_landing(tmp_path: Path) -> None:
    bad = [release(number).replace(b"</title>", b"") for number in range(1, 102)]
    with pytest.raises(TooManyBadRecordsError, match="101 of 101 records cannot be read"):
        land(zipped(tmp_path, "release", bad), "release")


def test_a_hundred_bad_records_do_not(tmp_path: Path) -> None:
    bad = [release(number).replace(b"</title>", b"") for number in range(1, 101)]
    assert len(land(zipped(tmp_path, "release", bad), "release").landed.quarantined) == 100


# The way of landing


@pytest.mark.parametrize("settings", [ONE_AT_A_TIME, LandingSettings(threads=3, chunk_bytes=50_000)])
def test_threads_and_chunks_make_no_difference(tmp_path: Path, settings: LandingSettings) -> None:
    path = zipped(tmp_path, "release", [*generated(MONTHS[0], "release"), LOST_END, release(10_001)])
    usual, other = land(path, "release"), land(path, "release", settings=settings)
    assert plainly(usual) == plainly(other)
    assert usual.landed == other.landed


def test_all_compressed_bytes_are_told_as_progress(tmp_path: Path) -> None:
    path = zipped(tmp_path, "release", FOUR)
    (task,) = land(path, "release").progress.tasks
    assert (task.total, task.done, task.unit) == (path.stat().st_size, path.stat().st_size, "bytes")


def test_a_file_that_is_cut_off_seals_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path, "release", FOUR)
    path.write_bytes(path.read_bytes()[:-30])
    bronze = MemoryBronze()
    with pytest.raises(TruncatedDumpError):
        land(path, "release", bronze=bronze)
    assert [writer.is_sealed for writer in bronze.writers] == [False]
