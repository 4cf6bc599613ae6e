"""Publishing as a use case, on a destination and a ledger in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from linernotes.domain.validation import Check, Policy, Severity
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.destinations import Backup, Scope, TableChange
from linernotes.ports.publications import Publication, PublicationStatus
from linernotes.ports.runs import Run, RunStatus
from linernotes.usecases.publish import (
    DIRECT_WARNING,
    choose_backup,
    list_backups,
    promote,
    publish_directly,
    repair,
    roll_back,
    stage,
    validate,
)
from linernotes.usecases.publish_record import Publishing
from tests.fakes.clock import FakeClock
from tests.fakes.destination import FakeDestination
from tests.fakes.ledger import FakeLedger
from tests.fakes.progress import RecordedProgress
from tests.silver_rows import KNOCKIN_BOOTS, PROFOUND_SOUNDS, STOCKHOLM, Rows, SilverLake, artist, release

ALL = Scope()
ORPHAN = release(2, "Knockin' Boots (Vol 2 Of 2)", tracks=["A Sea Apart"])


@dataclass
class Desk:
    """Everything that publishing needs, in memory."""

    silver: SilverLake
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.ledger = FakeLedger(self.clock)
        self.destination = FakeDestination(self.silver.rows)
        self.progress = RecordedProgress()
        self.publishing = Publishing(
            destination=self.destination,
            publications=self.ledger.publications,
            runs=self.ledger.runs,
            leases=self.ledger.leases,
            progress=self.progress,
            clock=self.clock,
            new_id=self.ledger.new_id,
            policy=Policy(),
            size_limit_bytes=1_000_000,
            keep_backups=5,
            code_version="test",
            settings={"publish": {}},
        )

    def built(self, snapshot_id: int, *rows: Rows) -> None:
        """A green build left a snapshot."""
        self.silver.save(snapshot_id, *rows)
        self.build_ended(RunStatus.SUCCEEDED, snapshot_id)

    def build_ended(self, status: RunStatus, snapshot_id: int | None) -> None:
        run = self.ledger.runs.start("build", code_version="test", settings={})
        self.ledger.runs.finish(run.run_id, status=status, counters={}, snapshot_id=snapshot_id)

    def publish(self) -> None:
        """Stage and promote, a minute after what was before."""
        self.clock.advance(60)
        stage(self.publishing, ALL)
        promote(self.publishing)

    def albums(self) -> set[str]:
        return {str(row[0]) for row in self.destination.production()["albums"].values()}

    def last_run(self) -> Run:
        return self.ledger.runs.latest(limit=1)[0]

    def publications(self, status: PublicationStatus | None = None) -> list[Publication]:
        return list(self.ledger.publications.find(destination="memory", status=status))


@pytest.fixture
def desk(silver: SilverLake) -> Desk:
    return Desk(silver)


def test_what_the_newest_green_build_left_is_staged(desk: Desk) -> None:
    desk.built(7, STOCKHOLM)
    desk.build_ended(RunStatus.FAILED, None)
    outcome = stage(desk.publishing, ALL)
    assert outcome.staged
    assert outcome.staged.snapshot_id == 7
    assert outcome.staged.rows["songs"] == 3


def test_nothing_is_staged_without_a_green_build(desk: Desk) -> None:
    desk.build_ended(RunStatus.FAILED, None)
    with pytest.raises(FatalError, match="liner build"):
        stage(desk.publishing, ALL)
    assert desk.last_run().status is RunStatus.FAILED


def test_what_is_staged_is_recorded_with_its_run(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    outcome = stage(desk.publishing, ALL)
    (publication,) = desk.publications()
    assert outcome.staged
    assert publication.publication_id == outcome.staged.publication_id
    assert publication.status is PublicationStatus.STAGED
    assert publication.run_id == desk.last_run().run_id
    assert publication.scope == "all"


def test_staging_the_same_again_records_nothing_new(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    stage(desk.publishing, ALL)
    again = stage(desk.publishing, ALL)
    assert again.is_unchanged
    assert len(desk.publications()) == 1


def test_a_dry_run_counts_and_stages_nothing(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    outcome = stage(desk.publishing, ALL, dry_run=True)
    assert outcome.estimate
    assert outcome.estimate.rows["songs"] == 3
    assert desk.destination.staged() is None


def test_more_than_the_limit_is_refused_before_it_starts(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.destination.estimate_bytes = 41_000_000_000
    with pytest.raises(FatalError, match=r"41 GB .* limit is 1 MB"):
        stage(desk.publishing, ALL)
    assert desk.destination.staged() is None


def test_more_than_the_free_space_is_refused_before_it_starts(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.destination.free_bytes = 999
    with pytest.raises(FatalError, match="999 B are free"):
        stage(desk.publishing, ALL)
    assert desk.destination.staged() is None


def test_unknown_free_space_is_no_reason_to_refuse(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.destination.free_bytes = None
    assert stage(desk.publishing, ALL).staged


def test_validation_of_a_sound_catalogue_is_ok(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    stage(desk.publishing, ALL)
    outcome = validate(desk.publishing)
    assert (outcome.is_ok, outcome.findings, outcome.exit_status) == (True, (), 0)
    assert outcome.rows == {"artists": 1, "albums": 1, "songs": 3}


@pytest.mark.parametrize("verb", [validate, promote])
def test_nothing_staged_is_said_with_the_next_step(desk: Desk, verb: Callable[[Publishing], object]) -> None:
    with pytest.raises(WrongUsageError, match=r"nothing is staged for memory; run liner stage"):
        verb(desk.publishing)


def test_an_error_makes_validation_fail_with_status_1(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, ORPHAN)
    stage(desk.publishing, ALL)
    outcome = validate(desk.publishing)
    assert outcome.exit_status == 1
    assert [(each.severity, each.check) for each in outcome.findings] == [(Severity.ERROR, Check.WITHOUT_ARTIST)]


def test_a_warning_does_not(desk: Desk) -> None:
    desk.built(1, artist(1), release(1, "Stockholm", artists=[1], released="1999-13-01"))
    stage(desk.publishing, ALL)
    outcome = validate(desk.publishing)
    assert outcome.exit_status == 0
    assert [each.severity for each in outcome.findings] == [Severity.WARNING]


def test_a_date_is_judged_by_the_clock(desk: Desk) -> None:
    desk.built(1, artist(1), release(1, "Stockholm", artists=[1], released="2026-03-02"))
    stage(desk.publishing, ALL)
    assert validate(desk.publishing).findings
    desk.clock.advance(24 * 3600)
    assert not validate(desk.publishing).findings


def test_an_error_keeps_what_is_staged_from_production(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, ORPHAN)
    stage(desk.publishing, ALL)
    outcome = promote(desk.publishing)
    assert (outcome.is_refused, outcome.is_promoted, outcome.exit_status) == (True, False, 1)
    assert outcome.findings
    assert desk.albums() == set()
    assert desk.last_run().status is RunStatus.FAILED
    assert desk.publications(PublicationStatus.PROMOTED) == []


def test_force_promotes_in_spite_of_it_and_is_recorded(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, ORPHAN)
    stage(desk.publishing, ALL)
    outcome = promote(desk.publishing, force=True)
    assert (outcome.is_promoted, outcome.is_forced, outcome.exit_status) == (True, True, 0)
    (publication,) = desk.publications(PublicationStatus.PROMOTED)
    assert publication.is_forced


def test_force_that_was_not_needed_is_not_recorded(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    stage(desk.publishing, ALL)
    assert not promote(desk.publishing, force=True).is_forced


def test_a_promotion_is_recorded_with_its_counts_and_time(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    (publication,) = desk.publications(PublicationStatus.PROMOTED)
    assert publication.counts["songs"] == {"added": 3, "changed": 0, "removed": 0}
    assert publication.promoted_at == desk.clock.now
    assert desk.last_run().counters["added"] == 5


def test_a_second_pass_changes_nothing(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    before = desk.publications()
    stage(desk.publishing, ALL)
    again = promote(desk.publishing)
    assert not again.is_promoted
    assert set(again.changes.values()) == {TableChange()}
    assert desk.publications() == before


def test_a_fall_above_the_limit_is_an_error(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, KNOCKIN_BOOTS)
    desk.publish()
    desk.built(2, STOCKHOLM)
    stage(desk.publishing, ALL)
    assert promote(desk.publishing).is_refused


def test_a_fall_within_the_limit_is_not(desk: Desk) -> None:
    desk.publishing = replace(desk.publishing, policy=Policy(max_fall=0.5))
    desk.built(1, STOCKHOLM, KNOCKIN_BOOTS)
    desk.publish()
    desk.built(2, STOCKHOLM)
    stage(desk.publishing, ALL)
    assert promote(desk.publishing).is_promoted


def test_what_no_longer_fits_production_is_staged_again(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    first = stage(desk.publishing, ALL).staged
    desk.destination.is_stale = True
    assert promote(desk.publishing).is_promoted
    assert first
    assert desk.destination.holds() != first.publication_id
    assert any("staging again" in said for said in desk.progress.said)


def test_old_backups_go_after_a_promotion(desk: Desk) -> None:
    desk.publishing = replace(desk.publishing, keep_backups=1)
    desk.built(1, STOCKHOLM)
    desk.publish()
    desk.built(2, STOCKHOLM, KNOCKIN_BOOTS)
    desk.publish()
    desk.built(3, STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
    stage(desk.publishing, ALL)
    assert len(promote(desk.publishing).removed_backups) == 1
    assert len(list_backups(desk.publishing)) == 1


def test_a_repair_is_dry_until_it_is_not(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, ORPHAN)
    stage(desk.publishing, ALL)
    planned = repair(desk.publishing, dry_run=True)
    assert validate(desk.publishing).exit_status == 1
    done = repair(desk.publishing, dry_run=False)
    assert done.repairs == planned.repairs
    assert validate(desk.publishing).exit_status == 0


def test_publishing_directly_stages_and_promotes_with_a_warning(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    outcome = publish_directly(desk.publishing, ALL)
    assert outcome.is_promoted
    assert outcome.warning == DIRECT_WARNING
    assert DIRECT_WARNING in desk.progress.said
    assert desk.albums() == {"Stockholm"}


def test_publishing_directly_refuses_errors_too(desk: Desk) -> None:
    desk.built(1, STOCKHOLM, ORPHAN)
    outcome = publish_directly(desk.publishing, ALL)
    assert (outcome.is_refused, outcome.warning) == (True, DIRECT_WARNING)
    assert desk.albums() == set()


def two_generations(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    desk.built(2, STOCKHOLM, KNOCKIN_BOOTS)
    desk.publish()


def test_a_roll_back_is_recorded_for_both_generations(desk: Desk) -> None:
    two_generations(desk)
    desk.clock.advance(60)
    outcome = roll_back(desk.publishing)
    assert outcome.is_rolled_back
    assert desk.albums() == {"Stockholm"}
    (left,) = desk.publications(PublicationStatus.ROLLED_BACK)
    (current,) = desk.publications(PublicationStatus.PROMOTED)
    assert left.snapshot_id == 2
    assert (current.snapshot_id, current.promoted_at) == (1, desk.clock.now)


def test_a_second_roll_back_undoes_the_first(desk: Desk) -> None:
    two_generations(desk)
    roll_back(desk.publishing)
    desk.clock.advance(60)
    roll_back(desk.publishing)
    assert desk.albums() == {"Stockholm", "Knockin' Boots (Vol 2 Of 2)"}
    assert {each.snapshot_id for each in desk.publications(PublicationStatus.PROMOTED)} == {2}


def test_nothing_to_return_to_is_said(desk: Desk) -> None:
    with pytest.raises(WrongUsageError, match="no former state to return to"):
        roll_back(desk.publishing)


def test_the_first_promotion_is_rolled_back_and_that_undone(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    roll_back(desk.publishing)
    assert desk.albums() == set()
    assert [each.snapshot_id for each in desk.publications(PublicationStatus.ROLLED_BACK)] == [1]
    roll_back(desk.publishing)
    assert desk.albums() == {"Stockholm"}
    assert [each.snapshot_id for each in desk.publications(PublicationStatus.PROMOTED)] == [1]


def test_a_roll_back_of_the_first_promotion_that_the_ledger_missed_is_recorded_by_the_next(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    desk.destination.roll_back(desk.destination.backups()[0], backed_up_at=desk.clock.now)
    assert not roll_back(desk.publishing).is_rolled_back
    assert desk.publications(PublicationStatus.PROMOTED) == []
    assert desk.albums() == set()


def test_a_promotion_that_the_ledger_missed_is_recorded_by_the_next(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    stage(desk.publishing, ALL)
    desk.destination.fails_after_promoting = True
    with pytest.raises(KeyboardInterrupt):
        promote(desk.publishing)
    assert desk.publications(PublicationStatus.PROMOTED) == []
    promote(desk.publishing)
    assert len(desk.publications(PublicationStatus.PROMOTED)) == 1


def test_a_roll_back_that_the_ledger_missed_is_recorded_instead_of_undone(desk: Desk) -> None:
    two_generations(desk)
    former = next(backup for backup in desk.destination.backups() if backup.is_former)
    desk.destination.roll_back(former, backed_up_at=desk.clock.now)  # and then the power went
    outcome = roll_back(desk.publishing)
    assert not outcome.is_rolled_back
    assert desk.albums() == {"Stockholm"}
    assert {each.snapshot_id for each in desk.publications(PublicationStatus.PROMOTED)} == {1}


def test_a_missed_promotion_does_not_keep_a_roll_back_from_happening(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    desk.publish()
    desk.built(2, STOCKHOLM, KNOCKIN_BOOTS)
    stage(desk.publishing, ALL)
    desk.destination.promote(backed_up_at=desk.clock.now)  # and then the power went
    assert roll_back(desk.publishing).is_rolled_back
    assert desk.albums() == {"Stockholm"}


def test_two_cannot_publish_to_one_destination_at_once(desk: Desk) -> None:
    desk.built(1, STOCKHOLM)
    with desk.ledger.leases.hold("publish:memory"), pytest.raises(TransientError):
        stage(desk.publishing, ALL)
    assert stage(desk.publishing, ALL).staged


def backup(hour: int, *, is_former: bool = False) -> Backup:
    made_at = datetime(2026, 3, 1, hour, 30, tzinfo=UTC)
    return Backup(
        name=f"catalogue-{hour}.db",
        made_at=made_at,
        location="",
        size_bytes=0,
        is_former=is_former,
        publication_id=None,
    )


BACKUPS = [backup(13, is_former=True), backup(12), backup(2)]


@pytest.mark.parametrize(
    ("to", "hour"),
    [
        (None, 13),
        ("2026-03-01T12", 12),
        ("20260301T0230", 2),
        ("2026-03-01 13:30:00+01:00", 12),
        ("catalogue-2.db", 2),
    ],
)
def test_a_former_state_is_chosen_by_time_or_name(to: str | None, hour: int) -> None:
    assert choose_backup(BACKUPS, to).made_at.hour == hour


@pytest.mark.parametrize("to", ["2026-03-01", "2025", "yesterday", ""])
def test_a_time_that_means_none_or_several_is_refused_with_a_list(to: str) -> None:
    with pytest.raises(WrongUsageError, match="2026-03-01T12:30:00"):
        choose_backup(BACKUPS, to)


def test_a_time_elsewhere_is_the_same_moment() -> None:
    tokyo = timezone(timedelta(hours=9))
    moment = BACKUPS[1].made_at.astimezone(tokyo).isoformat()
    assert choose_backup(BACKUPS, moment) == BACKUPS[1]
