"""A story of loads, one build each: what silver says, and what the lake's change feed says that changed.

Every test looks at the story from the snapshot that a chapter left behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from linernotes.domain.entities import EntityType, entity_id, track_address
from linernotes.lake.builder import ROWS_PER_SLICE
from linernotes.ports.loads import Load, LoadKind
from linernotes.usecases.build import BuildOutcome
from tests.lake_kit import LakeHome, Rows, make_load, record, small_project

SILENT = ["discogs_release_image"]
STOCKHOLM = {
    "title": "Stockholm",
    "track": [{"position": "A", "title": "Östermalm"}, {"position": "B1", "title": "Vasastaden"}],
    "credit": [
        {"id": "239", "name": "Jesper Dahlbäck", "role": "Music By"},
        {"id": "0", "name": "K", "role": "Artwork"},
    ],
    "image": [{"type": "primary", "width": "600"}],
}


def stockholm(**changes: object) -> Rows:
    return record("release", 1, **{**STOCKHOLM, **changes})


def untouched(record_id: int, title: str) -> Rows:
    return record("release", record_id, title=title, track=[{"position": "1", "title": title}], image=[{"width": "9"}])


@dataclass
class Story:
    """The home, and by chapter its load and its build."""

    home: LakeHome
    loads: dict[str, Load]
    builds: dict[str, BuildOutcome]

    def changes(self, chapter: str) -> Mapping[str, tuple[int, int, int]]:
        """Rows inserted, updated and deleted by model, where there were any."""
        counts = {model.name: (model.inserted, model.updated, model.deleted) for model in self.builds[chapter].models}
        return {name: count for name, count in counts.items() if any(count)}

    def ask(self, chapter: str, sql: str) -> list[tuple[object, ...]]:
        """The rows of a SELECT, as the chapter left them."""
        return self.home.ask(sql, snapshot=self.builds[chapter].snapshot_id)


@pytest.fixture(scope="module", params=[ROWS_PER_SLICE, 8], ids=["whole", "in slices"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = tmp_path_factory.mktemp("story")
    home = LakeHome(root, project=small_project(root / "project"), rows_per_slice=request.param)
    loads: dict[str, Load] = {}
    builds: dict[str, BuildOutcome] = {}

    make_load(home.bronze, home.ledger.new_id(), "2024-08-01", untouched(99, "Landed by a pull that was killed"))
    loads["first"] = home.load(
        "2024-09-01",
        stockholm(),
        untouched(2, "Profound Sounds"),
        untouched(3, "Flowerhead"),
        untouched(4, "Moving Cities"),
        kind=LoadKind.COMPLETE,
    )
    builds["first"] = home.build()
    loads["losses"] = home.load(
        "2024-10-01",
        stockholm(track=STOCKHOLM["track"][:1], credit=STOCKHOLM["credit"][:1]),
        untouched(5, "New"),
        gone=[3],
    )
    builds["losses"] = home.build()
    loads["era"] = home.load(
        "2024-12-01",
        stockholm(track=STOCKHOLM["track"][:1], credit=STOCKHOLM["credit"][:1], image=[]),
        record("release", 2, title="Profound Sounds", track=[{"position": "1", "title": "Profound Sounds"}]),
        silent=SILENT,
    )
    builds["era"] = home.build()
    loads["return"] = home.load("2025-01-01", untouched(3, "Flowerhead"), gone=[2], silent=SILENT)
    loads["late"] = home.load("2024-11-01", untouched(2, "An older title"), untouched(6, "Found late"))
    builds["return and late"] = home.build()
    home.discard(loads["losses"])
    home.discard(loads["era"])
    builds["discard"] = home.build()
    return Story(home, loads, builds)


def test_the_first_build_takes_in_every_record(story: Story) -> None:
    assert story.changes("first") == {
        "release": (4, 0, 0),
        "track": (5, 0, 0),
        "release_credit": (2, 0, 0),
        "image": (4, 0, 0),
    }


def test_a_file_that_no_load_lists_is_not_taken_in(story: Story) -> None:
    assert list((story.home.bronze / "discogs_release").glob("*-000000000001.parquet"))
    assert story.ask("discard", "SELECT title FROM silver.release WHERE record_id = '99'") == []


def test_entity_ids_are_those_of_the_domain(story: Story) -> None:
    assert story.ask("first", "SELECT release_id FROM silver.release WHERE record_id = '1'") == [
        (entity_id(EntityType.RELEASE, "discogs", "1"),)
    ]
    assert story.ask("first", "SELECT recording_id FROM silver.recording WHERE title = 'Vasastaden'") == [
        (entity_id(EntityType.RECORDING, "discogs", track_address("1", 2)),)
    ]


def test_a_release_that_loses_a_track_and_a_credit_loses_exactly_two_rows(story: Story) -> None:
    before, after = (story.builds[chapter].snapshot_id for chapter in ("first", "losses"))
    fed = {
        table: story.home.ask(
            "SELECT record_id, change_type"
            f" FROM ducklake_table_changes('lake', 'silver', '{table}', {before} + 1, {after}) WHERE record_id <> '5'"
        )
        for table in ("track", "release_credit", "image")
    }
    assert fed == {
        "track": [("1", "delete")],
        "release_credit": [("1", "delete")],
        "image": [],
    }


def test_an_increment_changes_only_what_the_load_says(story: Story) -> None:
    assert story.changes("losses") == {
        "release": (1, 1, 0),
        "track": (1, 0, 1),
        "release_credit": (0, 0, 1),
        "image": (1, 0, 0),
    }


def test_an_increment_of_a_model_is_one_snapshot(story: Story) -> None:
    run_id = story.builds["losses"].run_id
    assert story.home.ask(
        "SELECT commit_extra_info->>'model', count(*) FROM lake.snapshots() WHERE commit_message = 'track'"
        f" AND (commit_extra_info->>'run_id') = '{run_id}' GROUP BY ALL"
    ) == [("track", 1)]


def test_a_record_that_is_gone_is_marked_with_the_month_and_keeps_its_children(story: Story) -> None:
    assert story.ask("losses", "SELECT gone_month FROM silver.release WHERE record_id = '3'") == [("2024-10",)]
    assert story.ask("losses", "SELECT title FROM silver.track WHERE record_id = '3'") == [("Flowerhead",)]


def test_an_era_switch_with_unchanged_values_changes_nothing(story: Story) -> None:
    assert story.changes("era") == {}
    assert story.builds["era"].is_complete


def test_a_dump_that_is_silent_about_images_takes_none_away(story: Story) -> None:
    everything = "SELECT COLUMNS(c -> c <> 'load_id') FROM silver.image ORDER BY ALL"
    assert story.ask("era", everything) == story.ask("losses", everything)
    assert len(story.ask("era", everything)) == 5


def test_values_that_did_not_change_keep_the_load_that_brought_them(story: Story) -> None:
    assert story.ask("era", "SELECT DISTINCT load_id FROM silver.track WHERE record_id = '1'") == [
        (str(story.loads["first"].load_id),)
    ]


def test_a_record_that_returns_loses_its_mark(story: Story) -> None:
    assert story.ask("return and late", "SELECT gone_month FROM silver.release WHERE record_id = '3'") == [(None,)]


def test_a_load_that_comes_late_brings_its_records_but_overrides_no_newer_load(story: Story) -> None:
    assert story.ask(
        "return and late",
        "SELECT record_id, title, gone_month FROM silver.release WHERE record_id IN ('2', '6') ORDER BY ALL",
    ) == [("2", "Profound Sounds", "2025-01"), ("6", "Found late", None)]


def test_discarding_loads_brings_back_what_silver_would_be_without_them(story: Story) -> None:
    assert story.ask("discard", "SELECT record_id, title, gone_month FROM silver.release ORDER BY ALL") == [
        ("1", "Stockholm", None),
        ("2", "An older title", "2025-01"),
        ("3", "Flowerhead", None),
        ("4", "Moving Cities", None),
        ("6", "Found late", None),
    ]
    assert story.ask("discard", "SELECT count(*) FROM silver.track WHERE record_id = '1'") == [(2,)]


def test_every_row_names_an_active_load(story: Story) -> None:
    active = {str(story.loads[chapter].load_id) for chapter in ("first", "late", "return")}
    tables = ("release", "track", "image", "release_credit")
    named = story.ask("discard", " UNION ".join(f"SELECT load_id FROM silver.{table}" for table in tables))
    assert {load_id for (load_id,) in named} <= active


def test_every_commit_carries_its_run(story: Story) -> None:
    runs = {outcome.run_id for outcome in story.builds.values()}
    signed = story.home.ask(
        "SELECT DISTINCT commit_extra_info->>'run_id' FROM lake.snapshots()"
        " WHERE changes::VARCHAR LIKE '%insert%' OR changes::VARCHAR LIKE '%delet%'"
    )
    assert signed
    assert {run_id for (run_id,) in signed} == runs - {story.builds["era"].run_id}


def test_dropping_silver_and_building_again_gives_every_id_and_value_back(story: Story) -> None:
    before = story.home.values()
    with story.home.engine.connect(read_only=False) as connection:
        connection.execute("DROP SCHEMA lake.silver CASCADE; DROP SCHEMA lake.gold CASCADE")

    outcome = story.home.build()

    assert outcome.is_complete
    assert story.home.values() == before
