from dataclasses import replace
from datetime import date

import pytest

from linernotes.domain.dumps import DumpState, Retention, RetentionRule, StoredFile
from linernotes.ports.bronze import BronzeFile
from linernotes.ports.runs import RunStatus
from linernotes.usecases.housekeeping import clean
from linernotes.usecases.pull import pull
from linernotes.usecases.pull_plan import PullRequest
from tests.fakes.pulling import World


@pytest.fixture
def world() -> World:
    """Two completed months with a file each, and a bronze file that no load lists."""
    world = World()
    for month in ("2026-01", "2026-02"):
        world.publish(f"{month}-01")
        pull(PullRequest(year_month=month), world.tools)
    world.downloads.files = [stored("2026-01-01"), stored("2026-02-01")]
    listed = world.active()[0].files[0].path
    world.bronze_files.unlisted = [
        BronzeFile(path="discogs_label/stray.parquet", size_bytes=7),
        BronzeFile(path=listed, size_bytes=9),
    ]
    return world


def stored(day: str) -> StoredFile:
    return StoredFile(dumped_on=date.fromisoformat(day), path=day, size_bytes=5, is_partial=False)


def test_what_may_go_goes_and_is_counted(world: World) -> None:
    outcome = clean(world.cleaning, dry_run=False)
    assert [(file.path, file.kind) for file in outcome.files] == [
        ("2026-01-01", "download"),
        ("discogs_label/stray.parquet", "bronze"),
    ]
    assert (outcome.size_bytes, outcome.problems, outcome.exit_status) == (12, (), 0)
    assert world.downloads.files == [stored("2026-02-01")]
    assert [file.size_bytes for file in world.bronze_files.unlisted] == [9]


def test_the_run_is_recorded(world: World) -> None:
    clean(world.cleaning, dry_run=False)
    run = world.ledger.runs.latest()[0]
    assert (run.use_case, run.status) == ("clean", RunStatus.SUCCEEDED)
    assert run.counters == {"files": 2, "bytes": 12, "problems": 0}


def test_a_dry_run_lists_the_same_files_and_deletes_none(world: World) -> None:
    before, runs = list(world.downloads.files), world.ledger.runs.latest()
    planned = clean(world.cleaning, dry_run=True)
    assert (world.downloads.files, len(world.bronze_files.unlisted), world.ledger.runs.latest()) == (before, 2, runs)
    assert planned.files == clean(world.cleaning, dry_run=False).files
    assert planned.is_dry_run


def test_only_a_real_run_sweeps_bronze(world: World) -> None:
    before = world.bronze_files.sweeps
    clean(world.cleaning, dry_run=True)
    assert world.bronze_files.sweeps == before
    clean(world.cleaning, dry_run=False)
    assert world.bronze_files.sweeps == before + 1


def test_cleaning_again_finds_nothing(world: World) -> None:
    clean(world.cleaning, dry_run=False)
    assert clean(world.cleaning, dry_run=False).files == ()


def test_a_month_that_somebody_works_on_is_left_alone_and_others_are_cleaned(world: World) -> None:
    world.retention = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    world.ledger.leases.held.add("dump:discogs:2026-01")
    outcome = clean(world.cleaning, dry_run=False)
    assert world.downloads.files == [stored("2026-01-01")]
    assert outcome.problems == ("'dump:discogs:2026-01' is held by process 1 on here: try again when it is done",)


def test_a_month_taken_up_between_looking_and_deleting_keeps_its_files(world: World) -> None:
    def take_up(name: str, **_: object) -> object:
        if name == "dump:discogs:2026-01":
            (dump,) = world.ledger.dumps.find(source="discogs", year_month="2026-01")
            taken_up = replace(dump, state=DumpState.DOWNLOADING)
            world.ledger.dumps._dumps["discogs", dump.dumped_on] = taken_up
        return hold(name)

    hold = world.ledger.leases.hold
    world.ledger.leases.hold = take_up  # type: ignore[assignment,method-assign]  # somebody else, in between
    clean(world.cleaning, dry_run=False)
    assert stored("2026-01-01") in world.downloads.files


def test_a_file_that_cannot_be_deleted_is_told_and_the_rest_goes(world: World) -> None:
    world.retention = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    world.downloads.stuck = {"2026-01-01"}
    outcome = clean(world.cleaning, dry_run=False)
    assert world.downloads.files == [stored("2026-01-01")]
    assert (outcome.problems, outcome.exit_status) == (("cannot delete 2026-01-01",), 0)


def test_bronze_is_left_alone_while_somebody_lands(world: World) -> None:
    world.ledger.leases.held.add("loads:discogs")
    outcome = clean(world.cleaning, dry_run=False)
    assert len(world.bronze_files.unlisted) == 2
    assert len(outcome.problems) == 1


def test_a_dry_run_needs_no_lease(world: World) -> None:
    world.ledger.leases.held |= {"loads:discogs", "dump:discogs:2026-01"}
    assert len(clean(world.cleaning, dry_run=True).files) == 2


def test_bronze_that_cannot_be_deleted_is_told(world: World) -> None:
    world.bronze_files.stuck = {"discogs_label/stray.parquet"}
    assert clean(world.cleaning, dry_run=False).problems == ("cannot delete discogs_label/stray.parquet",)


def test_downloads_that_cannot_be_listed_are_told(world: World) -> None:
    world.downloads.is_unreadable = True
    assert clean(world.cleaning, dry_run=True).problems == ("cannot read the downloads",)


def test_files_of_discarded_loads_are_listed_and_stay(world: World) -> None:
    load = world.active()[0]
    world.ledger.loads.discard(load.load_id)
    clean(world.cleaning, dry_run=False)
    assert [file.path for file in world.bronze_files.unlisted] == [load.files[0].path]
