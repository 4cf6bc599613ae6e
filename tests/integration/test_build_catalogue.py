"""The whole project on a small catalogue: gold against what a person counts, and the user's models after it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from linernotes.errors import WrongUsageError
from linernotes.lake.project import PROJECT, declared_models
from linernotes.lake.site import DbtSite
from linernotes.lake.user_models import UserModels
from linernotes.ports.loads import LoadKind
from linernotes.ports.runs import RunStatus
from linernotes.usecases.build import BuildOutcome
from tests.lake_kit import LakeHome, add_file, record

ARTISTS = [
    record(
        "artist", 1, name="Persuader, The", alias=[{"id": "2", "name": "Dick Track"}, {"id": "0", "name": "Somebody"}]
    ),
    record("artist", 2, name="Dick Track", name_variation=[{"name": "D. Track"}]),
    record("artist", 3, name="Gone (2)"),
    record(
        "artist", 4, name="Duo", member=[{"id": "1", "name": "Persuader, The"}, {"id": "99", "name": "Nobody Here"}]
    ),
]
LABELS = [
    record("label", 5, name="Svek", parent_label_id="6", parent_label="Goldhead Music"),
    record("label", 7, name="Planet E", parent_label_id="0", parent_label="An Unlinked Parent"),
    record("label", 8),
]
MASTERS = [
    record(
        "master", 50, title="Stockholm", main_release="100", year="1999", artist=[{"id": "1", "name": "Persuader, The"}]
    )
]
RELEASES = [
    record(
        "release",
        100,
        title="Stockholm",
        country="Sweden",
        released="1999-03-00",
        master_id="50",
        is_main_release="true",
        artist=[{"id": "1", "name": "Persuader, The", "join": "&"}, {"id": "2", "name": "Dick Track", "join": "Vs."}],
        label=[{"name": "Svek", "catno": "SK032", "id": "5"}] * 2,
        series=[{"name": "A Series", "id": "1000", "catno": "1"}],
        company=[{"id": "271046", "name": "The Globe Studios", "entity_type": "23", "entity_type_name": "Recorded At"}],
        credit=[{"id": "2", "name": "Dick Track", "role": "Mixed By"}, {"name": "Unlinked", "role": "Artwork"}],
        format=[{"name": "Vinyl", "qty": "2"}],
        genre=[{"genre": "Electronic"}, {"genre": "Jazz"}],
        track=[
            {"title": "Side one"},
            {"position": "A", "title": "Östermalm", "duration": "4:45"},
            {"position": "B", "title": "Suite", "duration": "9:00"},
        ],
        sub_track=[
            {"track_index": 2, "sub_track_index": 0, "position": "B.a", "title": "One", "duration": "3:00"},
            {"track_index": 2, "sub_track_index": 1, "position": "B.b", "title": "Two"},
        ],
        track_artist=[{"track_index": 1, "artist_index": 0, "id": "3", "name": "Gone (2)"}],
        track_credit=[{"track_index": 1, "credit_index": 0, "id": "0", "name": "Unlinked", "role": "Guitar"}],
    ),
    record(
        "release",
        101,
        title="Östermalm",
        released="2001",
        master_id="51",
        artist=[{"id": "194", "name": "Various"}],
        label=[{"name": "Svek", "catno": "none", "id": "5"}, {"name": "Not Delivered", "id": "9"}],
        credit=[{"id": "1", "name": "Persuader, The", "role": "Producer"}],
    ),
    record("release", 102, title="Withdrawn", artist=[{"id": "1", "name": "Persuader, The"}], released="1980"),
]
REFERENCES = {  # (references, unlinked, missing)
    "artist_alias.alias_record_id": (2, 1, 0),
    "membership.member_record_id": (2, 0, 1),
    "artist_credit.artist_record_id": (5, 0, 1),
    "track_artist_credit.artist_record_id": (1, 0, 0),
    "release_credit.artist_record_id": (3, 1, 0),
    "track_credit.artist_record_id": (1, 1, 0),
    "label.parent_label_record_id": (2, 1, 1),
    "release_label.label_record_id": (3, 0, 1),
    "release_series.series_record_id": (1, 0, 1),
    "release_company.company_record_id": (1, 0, 1),
    "release.release_group_record_id": (2, 0, 1),
    "release_group.main_release_record_id": (1, 0, 0),
    **{f"redirected MBID of {name}": (0, 0, 0) for name in ("artist", "label", "release_group", "release")},
}
MINE = """
SELECT a.name, s.release_count
FROM {{ source('silver', 'artist') }} AS a
JOIN {{ source('gold', 'artist_summary') }} AS s USING (source, record_id)
"""


@dataclass
class Catalogue:
    home: LakeHome
    first: BuildOutcome
    second: BuildOutcome


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Two months, built in slices; the tests on larger homes build them whole."""
    root = tmp_path_factory.mktemp("catalogue")
    home = LakeHome(root, rows_per_slice=8)
    models = root / "models"
    home.user_builder = UserModels(engine=home.engine, models=models, logs=root / "logs", target=root / "dbt" / "user")
    for entity, records in (("label", LABELS), ("artist", ARTISTS), ("master", MASTERS), ("release", RELEASES)):
        home.load("2026-01-01", *records, entity=entity, kind=LoadKind.COMPLETE)
    first = home.build()
    add_file(models, "mine.sql", MINE)
    add_file(models, "mine_too.sql", "{{ config(materialized='view') }} SELECT count(*) AS n FROM {{ ref('mine') }}")
    add_file(models, "broken.sql", "SELECT no_such_column FROM {{ source('silver', 'artist') }}")
    home.load("2026-02-01", record("artist", 4, name="Duo", profile="Split up."), entity="artist", gone=[3])
    home.load("2026-02-01", record("release", 103, title="New"), entity="release", gone=[102])
    return Catalogue(home, first, home.build())


def count_tests() -> int:
    """The data tests that the project declares."""
    described = [
        yaml.safe_load((PROJECT / "models" / one / f"{one}.yml").read_text("utf-8")) for one in ("silver", "gold")
    ]
    return sum(len(model.get("data_tests", ())) for page in described for model in page["models"])


def test_every_model_is_built_and_every_test_passes(catalogue: Catalogue) -> None:
    assert catalogue.first.failed_tests == catalogue.second.failed_tests == ()
    assert (catalogue.first.is_complete, catalogue.second.is_complete) == (True, True)
    assert {model.name for model in catalogue.first.models} == {name for _, name in declared_models()}
    assert catalogue.first.test_count == count_tests()


def test_releases_are_summed_up(catalogue: Catalogue) -> None:
    assert catalogue.home.ask(
        "SELECT record_id, artist_credit, label_name, catalogue_number, released_year, country, format, genre,"
        " track_count, duration_ms, gone_month FROM gold.release_summary ORDER BY ALL"
    ) == [
        ("100", "The Persuader & Dick Track", "Svek", "SK032", 1999, "Sweden", "Vinyl", "Electronic", 3, 465_000, None),
        ("101", "Various", "Svek", "none", 2001, None, None, None, 0, None, None),
        ("102", "The Persuader", None, None, 1980, None, None, None, 0, None, "2026-02"),
        ("103", None, None, None, None, None, None, None, 0, None, None),
    ]


def test_artists_are_summed_up_over_the_releases_that_are_still_there(catalogue: Catalogue) -> None:
    assert catalogue.home.ask(
        "SELECT record_id, name, homonym_number, release_count, credited_release_count, first_year, last_year"
        " FROM gold.artist_summary ORDER BY ALL"
    ) == [
        ("1", "The Persuader", None, 1, 1, 1999, 2001),
        ("2", "Dick Track", None, 1, 1, 1999, 1999),
        ("4", "Duo", None, 0, 0, None, None),
    ]


def test_labels_are_summed_up(catalogue: Catalogue) -> None:
    assert catalogue.home.ask(
        "SELECT record_id, name, parent_label_name, release_count, first_year, last_year FROM gold.label_summary"
        " ORDER BY ALL"
    ) == [
        ("5", "Svek", "Goldhead Music", 2, 1999, 2001),
        ("7", "Planet E", "An Unlinked Parent", 0, None, None),
        ("8", None, None, 0, None, None),
    ]


def test_references_to_what_was_not_delivered_are_kept_and_counted(catalogue: Catalogue) -> None:
    counted = catalogue.home.ask(
        "SELECT reference, (reference_count, unlinked_count, missing_count) FROM gold.missing_reference",
        snapshot=catalogue.first.snapshot_id,
    )
    assert dict(counted) == REFERENCES
    assert catalogue.home.ask("SELECT artist_name FROM silver.artist_credit WHERE artist_record_id = '194'") == [
        ("Various",)
    ]


def test_every_described_column_is_there_and_every_column_is_described(catalogue: Catalogue) -> None:
    files = [PROJECT / "models" / schema / f"{schema}.yml" for schema in ("silver", "gold")]
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]
    described = {(model["name"], column["name"]) for model in models for column in model["columns"]}
    there = catalogue.home.ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_catalog = 'lake'"
        " AND table_schema IN ('silver', 'gold')"
    )
    assert set(there) == described


def test_users_read_silver_and_gold_in_models_of_their_own(catalogue: Catalogue) -> None:
    assert catalogue.home.ask("SELECT * FROM user.mine ORDER BY ALL") == [
        ("Dick Track", 1),
        ("Duo", 0),
        ("Persuader, The", 1),
    ]
    assert catalogue.home.ask("SELECT n FROM user.mine_too") == [(3,)]


def test_a_broken_model_of_the_users_is_told_and_fails_nothing_of_ours(catalogue: Catalogue) -> None:
    assert {model.name: model.status for model in catalogue.second.user_models} == {
        "broken": "error",
        "mine": "success",
        "mine_too": "success",
    }
    assert catalogue.second.is_green
    assert catalogue.second.exit_status == 3


def test_our_snapshot_is_recorded_before_the_users_models_run(catalogue: Catalogue) -> None:
    theirs, ours = catalogue.home.ledger.runs.latest(limit=2)
    assert (ours.use_case, ours.status, ours.snapshot_id) == (
        "build",
        RunStatus.SUCCEEDED,
        catalogue.second.snapshot_id,
    )
    assert (theirs.use_case, theirs.counters) == ("build user", {"models": 3, "failed": 1})
    assert catalogue.home.ask(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'user'", snapshot=ours.snapshot_id
    ) == [(0,)]


def test_the_same_models_of_the_users_are_not_tried_again(catalogue: Catalogue) -> None:
    assert catalogue.home.build() == BuildOutcome()


def test_models_of_the_users_that_dbt_cannot_read_are_told_and_fail_nothing_of_ours(catalogue: Catalogue) -> None:
    unreadable = add_file(catalogue.home.root / "models", "unreadable.sql", "SELECT {{ no end")
    outcome = catalogue.home.build()
    unreadable.unlink()
    assert (outcome.run_id, outcome.exit_status) == (None, 3)
    assert outcome.user_models[0].message.startswith("dbt build failed: ")


def test_the_lineage_site_is_one_file_that_names_every_model(catalogue: Catalogue, tmp_path: Path) -> None:
    home = catalogue.home
    site = DbtSite(engine=home.engine, bronze=home.bronze, logs=home.root / "logs", target=home.root / "dbt")
    page = site.write(tmp_path / "docs", home.ledger.loads.find())
    text = page.read_text(encoding="utf-8")
    assert page == tmp_path / "docs" / "index.html"
    assert all(name in text for name in ("release_summary", "discogs_release_sub_track_credit", "homonym_number"))


def test_without_a_lake_there_is_no_site(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    site = DbtSite(engine=home.engine, bronze=home.bronze, logs=tmp_path / "logs", target=tmp_path / "dbt")
    with pytest.raises(WrongUsageError, match="run `liner build` first"):
        site.write(tmp_path / "docs", [])
