from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from linernotes.domain.dumps import DumpState, Retention, RetentionRule, StoredFile
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.fetching import ChecksumMismatchError
from linernotes.ports.loads import LoadKind
from linernotes.ports.runs import RunStatus
from linernotes.usecases.discard import discard
from linernotes.usecases.pull import PullOutcome, pull
from linernotes.usecases.pull_plan import PullRequest
from tests.fakes.pulling import BAD, World, file_name, sha256

EASY = ["not_started", "downloading", "ready_for_processing", "processing", "completed"]


@pytest.fixture
def world() -> World:
    world = World()
    world.publish("2026-03-01", label={1: "one", 2: "two"})
    return world


def do(world: World, **request: Any) -> PullOutcome:
    return pull(PullRequest(**request), world.tools)


def counts(outcome: PullOutcome, entity: str = "label") -> tuple[int, ...]:
    file = next(file for file in outcome.files if file.entity == entity)
    return file.records, file.landed, file.new, file.changed, file.unchanged, file.gone, file.quarantined


# The easy way


def test_a_month_is_loaded_in_the_order_of_references(world: World) -> None:
    outcome = do(world, year_month="2026-03")
    assert [file.entity for file in outcome.files] == ["label", "artist", "master", "release"]
    assert world.lander.landings == [file.file_name for file in outcome.files]
    assert (outcome.year_month, outcome.is_verified, outcome.exit_status) == ("2026-03", True, 0)


def test_the_first_load_is_complete_and_everything_is_new(world: World) -> None:
    assert counts(do(world)) == (2, 2, 2, 0, 0, 0, 0)
    assert {load.kind for load in world.active()} == {LoadKind.COMPLETE}


def test_the_dump_goes_through_the_states_of_the_table(world: World) -> None:
    do(world)
    assert world.states() == EASY


def test_the_tracking_row_has_checksums_bytes_and_times(world: World) -> None:
    do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert dump.checksums[file_name(dump.dumped_on, "label")] == sha256({1: "one", 2: "two"})
    assert (dump.bytes_done, dump.retry_count, dump.error) == (400, 0, None)
    assert dump.started_at == dump.completed_at == world.clock.now


def test_a_load_names_its_file_version_and_run(world: World) -> None:
    outcome = do(world)
    (load,) = world.active("label")
    assert (load.file_name, load.version.isoformat()) == ("discogs_20260301_labels.xml.gz", "2026-03-01")
    assert (load.is_verified, load.run_id, load.file_sha256) == (True, outcome.run_id, sha256({1: "one", 2: "two"}))
    assert load.report == {"drift": {}, "previous_load": None}


def test_the_run_is_recorded_with_its_counters(world: World) -> None:
    do(world)
    (run,) = world.ledger.runs.latest()
    assert (run.use_case, run.status, run.settings) == ("pull discogs", RunStatus.SUCCEEDED, {"a": 1})
    assert (run.counters["records"], run.counters["new"]) == (5, 5)


def test_only_the_year_of_the_month_is_looked_up(world: World) -> None:
    do(world, year_month="2026-03")
    do(world)
    assert world.origin.years == [2026, None]


# The next month


def test_the_next_month_lands_what_is_new_or_changed_and_counts_what_is_gone(world: World) -> None:
    do(world)
    world.publish("2026-04-01", label={1: "one", 2: "changed", 3: "three"})
    assert counts(do(world)) == (3, 2, 1, 1, 1, 0, 0)
    world.publish("2026-05-01", label={1: "one", 3: "three", 4: "four"})
    assert counts(do(world)) == (3, 1, 1, 0, 2, 1, 0)
    assert [load.kind for load in world.active("label")] == ["complete", "increment", "increment"]
    assert world.silver() == {1: "one", 3: "three", 4: "four"}


def test_a_load_says_what_it_was_compared_with(world: World) -> None:
    do(world)
    world.publish("2026-04-01")
    do(world)
    first, second = world.active("label")
    assert second.report["previous_load"] == {
        "load_id": str(first.load_id),
        "version": "2026-03-01",
        "record_count": 2,
    }


def test_the_same_month_again_changes_nothing(world: World) -> None:
    do(world)
    before = (world.ledger.loads.find(), world.ledger.dumps.find(source="discogs"), list(world.ledger.dumps.saved))
    outcome = do(world)
    assert (world.ledger.loads.find(), world.ledger.dumps.find(source="discogs"), world.ledger.dumps.saved) == before
    assert counts(outcome) == (2, 0, 0, 0, 2, 0, 0)
    assert [file.action for file in outcome.files] == ["check"] * 4
    assert (len(world.lander.landings), outcome.is_verified, outcome.exit_status) == (4, True, 0)


def test_a_dump_dated_later_in_the_same_month_is_an_increment(world: World) -> None:
    do(world)
    world.publish("2026-03-12", label={1: "one"})
    assert counts(do(world, year_month="2026-03")) == (1, 0, 0, 0, 1, 1, 0)


def test_a_dump_with_far_fewer_records_is_pointed_out(world: World) -> None:
    world.publish("2026-03-01", label=dict.fromkeys(range(20), "x"))
    do(world)
    world.publish("2026-04-01", label=dict.fromkeys(range(17), "x"))
    outcome = do(world)
    assert outcome.files[0].problem == "17 labels, where 2026-03-01 had 20: is it whole?"
    assert outcome.exit_status == 3


def test_a_dump_with_slightly_fewer_records_is_not(world: World) -> None:
    world.publish("2026-03-01", label=dict.fromkeys(range(20), "x"))
    do(world)
    world.publish("2026-04-01", label=dict.fromkeys(range(18), "x"))
    assert do(world).exit_status == 0


# What a person must look at


def test_records_in_quarantine_need_a_person(world: World) -> None:
    world.publish("2026-03-01", label={1: "one", 2: BAD})
    outcome = do(world)
    assert counts(outcome) == (2, 1, 1, 0, 0, 0, 1)
    assert outcome.exit_status == 3
    assert len(world.ledger.quarantine.find(load_id=outcome.files[0].load_id)) == 1


def test_a_file_published_again_with_other_contents_is_told_not_loaded(world: World) -> None:
    do(world)
    world.publish("2026-03-01", label={1: "secretly other"})
    outcome = do(world)
    assert "published again with other contents; --reprocess" in (outcome.files[0].problem or "")
    assert outcome.exit_status == 3
    assert world.silver() == {1: "one", 2: "two"}


def test_a_kept_file_that_is_not_the_one_loaded_is_told(world: World) -> None:
    do(world)
    world.origin.here["discogs_20260301_labels.xml.gz"] = {1: "edited"}
    outcome = do(world)
    assert "is not the file that was loaded any more" in (outcome.files[0].problem or "")
    assert outcome.exit_status == 3


def test_files_that_are_gone_are_not_fetched_to_be_checked(world: World) -> None:
    do(world)
    world.origin.here.clear()
    world.origin.fetched.clear()
    assert do(world).exit_status == 0
    assert world.origin.fetched == []


def test_lost_bronze_files_are_told(world: World) -> None:
    do(world)
    world.bronze_files.lost[world.active("artist")[0].load_id] = ["discogs_artist/x.parquet"]
    outcome = do(world)
    assert outcome.files[1].problem == (
        "1 bronze files are lost or damaged, first discogs_artist/x.parquet; --reprocess makes them again"
    )


def test_a_dump_without_checksums_is_loaded_as_unverified_and_says_so(world: World) -> None:
    world.origin.publishes_checksums = False
    outcome = do(world)
    assert outcome.is_verified is False
    assert outcome.notes == ("there are no published checksums for the dump of 2026-03-01: unverified",)
    assert outcome.notes[0] in world.progress.said
    assert {load.is_verified for load in world.active()} == {False}


def test_one_file_that_the_checksum_file_does_not_name_is_unverified_alone(world: World) -> None:
    world.origin.unsigned = {"discogs_20260301_artists.xml.gz"}
    outcome = do(world)
    assert [file.is_verified for file in outcome.files] == [True, False, True, True]
    assert outcome.notes == ("there are no published checksums for discogs_20260301_artists.xml.gz: unverified",)
    assert outcome.is_verified is False


# Choosing


def test_a_month_still_being_written_is_for_later(world: World) -> None:
    world.origin.unlisted = {(datetime(2026, 3, 1, tzinfo=UTC).date(), "checksum")}
    with pytest.raises(TransientError, match="the checksum file missing; it is still being written"):
        do(world, year_month="2026-03")


def test_a_month_that_never_became_whole_is_not_for_later(world: World) -> None:
    world.clock.now = datetime(2026, 6, 1, tzinfo=UTC)
    world.origin.unlisted = {(datetime(2026, 3, 1, tzinfo=UTC).date(), "release")}
    with pytest.raises(FatalError, match="releases missing, and will not be completed any more"):
        do(world, year_month="2026-03")


def test_a_newer_month_still_being_written_is_passed_over_and_told(world: World) -> None:
    world.publish("2026-03-09")
    world.origin.unlisted = {(datetime(2026, 3, 9, tzinfo=UTC).date(), "release")}
    outcome = do(world)
    assert outcome.dumped_on.isoformat() == "2026-03-01"
    assert outcome.notes == ("the dump of 2026-03-09 is not complete (releases missing); an older one is taken",)
    assert outcome.notes[0] in world.progress.said


def test_a_folder_with_some_files_says_how_to_load_them(world: World) -> None:
    world.origin.publishes_checksums = False
    world.origin.unlisted = {(datetime(2026, 3, 1, tzinfo=UTC).date(), "release")}
    with pytest.raises(WrongUsageError, match="--month 2026-03 --only labels,artists,masters"):
        do(world)
    outcome = do(world, only=("labels", "artists", "masters"))
    assert [file.entity for file in outcome.files] == ["label", "artist", "master"]


def test_an_early_dump_has_no_masters(world: World) -> None:
    world.origin.published.clear()
    world.publish("2010-01-01")
    del world.origin.published[datetime(2010, 1, 1, tzinfo=UTC).date()]["master"]
    assert [file.entity for file in do(world).files] == ["label", "artist", "release"]


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "march", "2026-03-01", "2026-00"])
def test_a_month_that_is_none_is_wrong_usage(world: World, month: str) -> None:
    with pytest.raises(WrongUsageError, match="write it as 2026-03"):
        do(world, year_month=month)


def test_a_month_that_is_not_listed_is_wrong_usage(world: World) -> None:
    with pytest.raises(WrongUsageError, match="no dump of 2026-02 is listed"):
        do(world, year_month="2026-02")


def test_an_index_without_dumps_is_told(world: World) -> None:
    world.origin.published.clear()
    with pytest.raises(WrongUsageError, match="no dump is listed"):
        do(world)


def test_an_entity_that_is_none_is_wrong_usage(world: World) -> None:
    with pytest.raises(WrongUsageError, match="no entity 'songs'; there are labels, artists, masters, releases"):
        do(world, only=("songs",))


# Parts of a month


def test_only_some_entities_are_fetched_and_loaded(world: World) -> None:
    do(world, only=("artist", "labels"))
    assert world.origin.fetched == ["discogs_20260301_labels.xml.gz", "discogs_20260301_artists.xml.gz"]
    assert world.states() == EASY


def test_the_rest_of_a_month_is_loaded_later(world: World) -> None:
    do(world, only=("labels",))
    outcome = do(world)
    assert [file.action for file in outcome.files] == ["check", "land", "land", "land"]
    assert world.lander.landings.count("discogs_20260301_labels.xml.gz") == 1
    assert world.states() == [*EASY, *EASY[1:]]


# A dry run


def test_a_dry_run_tells_files_and_bytes_and_does_nothing(world: World) -> None:
    outcome = do(world, dry_run=True)
    assert (outcome.is_dry_run, outcome.run_id, outcome.bytes_to_fetch, outcome.is_verified) == (True, None, 400, False)
    assert [(file.action, file.size_bytes) for file in outcome.files] == [("land", 100)] * 4
    assert (world.ledger.runs.latest(), world.ledger.dumps.saved, world.active()) == ([], [], [])


def test_a_dry_run_of_a_loaded_month_plans_only_checks(world: World) -> None:
    do(world)
    outcome = do(world, dry_run=True)
    assert ([file.action for file in outcome.files], outcome.bytes_to_fetch) == (["check"] * 4, 0)


# Failing and taking up again


def test_a_damaged_download_is_fetched_again_and_counted(world: World) -> None:
    world.origin.errors = [ChecksumMismatchError("other bytes"), ChecksumMismatchError("other bytes")]
    do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count) == (DumpState.COMPLETED, 2)
    assert "other bytes; it is downloaded again" in world.progress.said


def test_downloads_that_stay_damaged_end_as_failed(world: World) -> None:
    world.origin.errors = [ChecksumMismatchError("other bytes")] * 9
    with pytest.raises(ChecksumMismatchError):
        do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count, dump.error) == (DumpState.FAILED, 5, "other bytes")
    assert len(world.origin.fetched) == 6


def test_an_error_is_recorded_with_the_dump_and_the_run(world: World) -> None:
    world.lander.error = FatalError("truncated")
    with pytest.raises(FatalError, match="truncated"):
        do(world)
    (dump,), (run,) = world.ledger.dumps.find(source="discogs"), world.ledger.runs.latest()
    assert (dump.state, dump.error) == (DumpState.FAILED, "truncated")
    assert (run.status, run.error) == (RunStatus.FAILED, "FatalError: truncated")


def test_a_failed_month_is_taken_up_again_and_the_retry_counted(world: World) -> None:
    world.lander.error = FatalError("truncated")
    with pytest.raises(FatalError):
        do(world)
    world.lander.error = None
    do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count, dump.error) == (DumpState.COMPLETED, 1, None)


def test_a_month_that_failed_as_often_as_allowed_waits_for_a_person(world: World) -> None:
    world.lander.error = FatalError("truncated")
    for _ in range(6):
        with pytest.raises(FatalError, match="truncated"):
            do(world)
    with pytest.raises(FatalError, match=r"failed 6 times, at last with: truncated; .*--reprocess begins anew"):
        do(world)
    world.lander.error = None
    do(world, reprocess=True)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count) == (DumpState.COMPLETED, 0)


def test_what_was_committed_before_a_failure_is_not_read_again(world: World) -> None:
    do(world, only=("labels",))
    world.lander.error = FatalError("truncated")
    with pytest.raises(FatalError):
        do(world)
    world.lander.error = None
    world.lander.landings.clear()
    do(world)
    assert world.lander.landings == [file_name(world.active()[0].version, e) for e in ("artist", "master", "release")]


@pytest.mark.parametrize("state", [DumpState.DOWNLOADING, DumpState.READY_FOR_PROCESSING, DumpState.PROCESSING])
def test_an_interrupted_month_goes_on_without_counting_a_retry(world: World, state: DumpState) -> None:
    do(world, only=("labels",))
    world.leave(state=state)
    do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.retry_count, len(world.active())) == (DumpState.COMPLETED, 0, 4)


def test_an_interruption_while_processing_stands_in_the_history(world: World) -> None:
    do(world, only=("labels",))
    world.leave(state=DumpState.PROCESSING)
    world.ledger.dumps.saved.clear()
    do(world)
    assert world.states() == ["failed", *EASY[1:]]


def test_an_interruption_recorded_but_not_gone_past_costs_nothing(world: World) -> None:
    do(world, only=("labels",))
    world.leave(state=DumpState.PROCESSING)
    do(world, only=("masters",))
    interrupted = next(dump for dump in world.ledger.dumps.saved if dump.state is DumpState.FAILED)
    world.leave(state=DumpState.FAILED, error=interrupted.error)
    do(world)
    assert world.ledger.dumps.find(source="discogs")[0].retry_count == 0


def test_a_process_that_ended_after_its_last_load_left_a_completed_month(world: World) -> None:
    do(world)
    world.leave(state=DumpState.PROCESSING, completed_at=None)
    do(world)
    (dump,) = world.ledger.dumps.find(source="discogs")
    assert (dump.state, dump.completed_at) == (DumpState.COMPLETED, world.clock.now)


def test_a_month_with_work_left_is_not_called_completed_by_a_look_at_a_part(world: World) -> None:
    do(world)
    world.leave(state=DumpState.PROCESSING)
    discard(world.active("release")[0].load_id, world.discarding)
    do(world, only=("labels",))
    assert world.ledger.dumps.find(source="discogs")[0].state is DumpState.PROCESSING


def test_two_pulls_of_a_month_do_not_run_at_once(world: World) -> None:
    world.ledger.leases.held.add("dump:discogs:2026-03")
    with pytest.raises(TransientError, match="try again when it is done"):
        do(world)
    assert world.ledger.dumps.saved == []


def test_nobody_lands_while_another_month_lands(world: World) -> None:
    world.ledger.leases.held.add("loads:discogs")
    with pytest.raises(TransientError):
        do(world)
    assert world.lander.landings == []


def test_whoever_waited_for_the_lease_sees_what_the_other_loaded(world: World) -> None:
    tools = world.tools

    class Waiting:
        def hold(self, name: str, **options: object) -> object:
            if name.startswith("dump:"):
                pull(PullRequest(), world.tools)
            return world.ledger.leases.hold(name)

    outcome = pull(PullRequest(), replace(tools, leases=Waiting()))  # type: ignore[arg-type]  # enough of a Leases
    assert [file.action for file in outcome.files] == ["check"] * 4
    assert len(world.active()) == 4


def test_a_ctrl_c_closes_the_run_as_interrupted(world: World) -> None:
    world.origin.errors = [KeyboardInterrupt()]  # type: ignore[list-item]  # raised all the same
    with pytest.raises(KeyboardInterrupt):
        do(world)
    (run,) = world.ledger.runs.latest()
    assert (run.status, run.error) == (RunStatus.INTERRUPTED, "KeyboardInterrupt")


# Months in another order


def test_an_older_month_is_refused_and_the_next_step_told(world: World) -> None:
    do(world)
    world.publish("2026-02-01")
    with pytest.raises(WrongUsageError, match=r"labels of 2026-03-01 are loaded, and 2026-02-01 is older: .*--rewind"):
        do(world, year_month="2026-02")
    assert world.origin.fetched.count("discogs_20260201_labels.xml.gz") == 0


def test_an_older_month_of_an_entity_not_loaded_since_is_taken(world: World) -> None:
    do(world, only=("labels",))
    world.publish("2026-02-01")
    do(world, year_month="2026-02", only=("artists",))
    assert len(world.active("artist")) == 1


def test_rewinding_withdraws_newer_loads_and_loads_the_older_month(world: World) -> None:
    do(world)
    world.publish("2026-02-01", label={1: "older"})
    do(world, year_month="2026-02", rewind=True)
    assert [str(load.version) for load in world.active("label")] == ["2026-02-01"]
    assert world.silver() == {1: "older"}
    assert any(said.startswith("labels of 2026-03-01 are withdrawn") for said in world.progress.said)


def test_after_rewinding_the_newer_month_comes_back_against_the_older(world: World) -> None:
    do(world)
    world.publish("2026-02-01", label={1: "one", 9: "nine"})
    do(world, year_month="2026-02", rewind=True)
    assert counts(do(world, year_month="2026-03")) == (2, 1, 1, 0, 1, 1, 0)
    assert world.silver() == {1: "one", 2: "two"}


def test_rewinding_with_nothing_newer_is_an_ordinary_pull(world: World) -> None:
    assert counts(do(world, rewind=True)) == (2, 2, 2, 0, 0, 0, 0)


# Again, from kept files


def test_reprocessing_replaces_every_load_of_the_month(world: World) -> None:
    before = {file.load_id for file in do(world).files}
    outcome = do(world, reprocess=True)
    assert [file.action for file in outcome.files] == ["replace"] * 4
    assert {load.load_id for load in world.active()} == {file.load_id for file in outcome.files}
    assert before.isdisjoint(load.load_id for load in world.active())
    assert world.silver() == {1: "one", 2: "two"}
    assert world.states() == [*EASY, *EASY[1:]]


def test_reprocessing_compares_with_the_month_before_not_with_itself(world: World) -> None:
    world.publish("2026-02-01", label={1: "one"})
    do(world, year_month="2026-02")
    do(world, year_month="2026-03")
    assert counts(do(world, year_month="2026-03", reprocess=True)) == (2, 1, 1, 0, 1, 0, 0)


def test_reprocessing_the_same_file_in_the_middle_leaves_later_loads_standing(world: World) -> None:
    do(world)
    world.publish("2026-04-01", label={1: "one", 2: "two", 3: "three"})
    do(world)
    do(world, year_month="2026-03", reprocess=True)
    assert len(world.active("label")) == 2
    assert world.silver() == {1: "one", 2: "two", 3: "three"}


def test_reprocessing_the_same_file_with_rewind_withdraws_nothing(world: World) -> None:
    do(world)
    world.publish("2026-04-01")
    do(world)
    do(world, year_month="2026-03", reprocess=True, rewind=True)
    assert len(world.active("label")) == 2


def test_other_contents_in_the_middle_are_refused(world: World) -> None:
    do(world)
    world.publish("2026-04-01")
    do(world)
    world.publish("2026-03-01", label={1: "other"})
    with pytest.raises(WrongUsageError, match="is not the file that was loaded, and 2026-04-01 builds on"):
        do(world, year_month="2026-03", reprocess=True)
    do(world, year_month="2026-03", reprocess=True, rewind=True)
    assert world.silver() == {1: "other"}


def test_a_replacement_that_was_interrupted_between_two_loads_is_mended(world: World) -> None:
    do(world)
    old, *_ = world.active("label")
    do(world, reprocess=True, only=("labels",))
    world.ledger.loads._loads[old.load_id] = replace(old, discarded_at=None)
    assert len(world.active("label")) == 2
    do(world, reprocess=True, only=("labels",))
    assert len(world.active("label")) == 1


# Cleaning up after


def test_files_of_older_months_go_after_a_pull(world: World) -> None:
    do(world)
    world.downloads.files = [
        StoredFile(dumped_on=load.version, path=load.file_name, size_bytes=1, is_partial=False)
        for load in world.active("label")
    ]
    world.publish("2026-04-01")
    do(world, keep_files=True)
    assert len(world.downloads.files) == 1
    do(world)
    assert world.downloads.files == []


def test_a_failed_clean_up_is_told_and_does_not_fail_the_run(world: World) -> None:
    world.retention = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    world.downloads.is_unreadable = True
    assert do(world).exit_status == 0
    assert world.progress.said[-1] == "not cleaned up: cannot read the downloads"
    assert world.ledger.runs.latest()[0].status is RunStatus.SUCCEEDED


def test_scratch_of_killed_writers_is_swept_after_every_pull(world: World) -> None:
    do(world, keep_files=True)
    assert world.bronze_files.sweeps == 1


def test_scratch_that_cannot_be_swept_is_told(world: World) -> None:
    world.bronze_files.is_unsweepable = True
    assert do(world).exit_status == 0
    assert world.progress.said[-1] == "not cleaned up: cannot sweep"
