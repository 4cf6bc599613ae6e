"""What every destination promises: our own file, a mirrored file, and the one in memory that other tests use."""

from dataclasses import replace
from datetime import date

import pytest

from linernotes.domain.validation import Check, Measurement
from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import Scope, ScopeKind, TableChange
from tests.destinations import Case
from tests.silver_rows import KNOCKIN_BOOTS, PROFOUND_SOUNDS, STOCKHOLM, artist, joined, release

TODAY = date(2026, 3, 1)
ORPHAN = release(2, "Knockin' Boots (Vol 2 Of 2)", tracks=["A Sea Apart", "Dutchmaster"])
"""A release as it came from a source that forgot whom it is by."""


def found(case: Case, check: Check) -> list[Measurement]:
    return [each for each in case.destination.measure(today=TODAY) if each.check is check and each.count]


def test_staging_does_not_touch_production(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.stage()
    assert case.read()["artists"] == set()


def test_what_is_staged_is_in_production_after_promoting(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    switch = case.promote(1)
    assert switch.is_switched
    assert case.read() == {
        "artists": {"The Persuader"},
        "albums": {"Stockholm"},
        "songs": {"Östermalm", "Vasastaden", "Kungsholmen"},
    }


def test_promoting_again_changes_nothing(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.promote(1)
    backups = case.destination.backups()
    again = case.promote()
    assert not again.is_switched
    assert set(again.changes.values()) == {TableChange()}
    assert case.destination.backups() == backups


def test_promoting_the_same_rows_from_a_later_snapshot_changes_nothing(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM)
    case.promote(1)
    again = case.promote(2)
    assert not again.is_switched


def test_staging_the_same_again_answers_what_is_staged(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    first = case.stage()
    assert case.stage() == first


def test_another_scope_is_staged_anew(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    first = case.stage()
    second = case.stage(scope=Scope(kind=ScopeKind.FILTER, countries=("Sweden",)))
    assert second.publication_id != first.publication_id


def test_a_filter_takes_what_answers_to_it_and_whom_that_names(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, PROFOUND_SOUNDS)
    case.stage(scope=Scope(kind=ScopeKind.FILTER, countries=("SWEDEN",)))
    case.promote()
    assert case.read()["albums"] == {"Stockholm"}
    assert case.read()["artists"] == {"The Persuader"}


@pytest.mark.parametrize("kind", [ScopeKind.COLLECTION, ScopeKind.PLAYS])
def test_a_scope_without_its_source_is_refused(case: Case, kind: ScopeKind) -> None:
    case.lake.save(1, STOCKHOLM)
    with pytest.raises(WrongUsageError, match=kind.value):
        case.stage(scope=Scope(kind=kind))


def test_records_that_are_gone_are_left_out_with_what_belongs_to_them(case: Case) -> None:
    gone = release(2, "Knockin' Boots (Vol 2 Of 2)", artists=[1], tracks=["A Sea Apart"], gone_month="2024-12")
    case.lake.save(1, STOCKHOLM, gone, artist(3, gone_month="2024-12"))
    case.promote(1)
    assert case.read() == {
        "artists": {"The Persuader"},
        "albums": {"Stockholm"},
        "songs": {"Östermalm", "Vasastaden", "Kungsholmen"},
    }


def test_rows_added_changed_and_removed_are_counted(case: Case) -> None:
    case.lake.save(1, artist(1, "The Persuadr"), artist(2), release(1, "Stockholm", artists=[1]))
    case.lake.save(2, artist(1), artist(3), artist(4), release(1, "Stockholm", artists=[1]))
    case.promote(1)
    assert case.artist_changes(case.promote(2)) == TableChange(added=2, changed=1, removed=1)


def test_nothing_can_be_promoted_before_staging(case: Case) -> None:
    with pytest.raises(WrongUsageError, match="nothing is staged"):
        case.promote()


def test_nothing_can_be_validated_before_staging(case: Case) -> None:
    with pytest.raises(WrongUsageError, match="nothing is staged"):
        case.destination.measure(today=TODAY)


def test_nothing_is_staged_at_first(case: Case) -> None:
    assert case.destination.staged() is None


def test_production_tells_which_publication_it_holds(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    assert case.destination.holds() is None
    switch = case.promote(1)
    staged = case.destination.staged()
    assert staged
    assert case.destination.holds() == switch.publication_id == staged.publication_id


def test_rolling_back_returns_to_the_former_state(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM, KNOCKIN_BOOTS)
    first = case.promote(1)
    case.promote(2)
    switch = case.roll_back()
    assert case.read()["albums"] == {"Stockholm"}
    assert case.artist_changes(switch) == TableChange(removed=1)
    assert case.destination.holds() == first.publication_id


def test_rolling_back_twice_undoes_the_first_time(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM, KNOCKIN_BOOTS)
    case.promote(1)
    second = case.promote(2)
    case.roll_back()
    case.roll_back()
    assert case.read()["albums"] == {"Stockholm", "Knockin' Boots (Vol 2 Of 2)"}
    assert case.destination.holds() == second.publication_id


def test_an_older_state_can_be_returned_to_by_name(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM, KNOCKIN_BOOTS)
    case.lake.save(3, STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
    for snapshot in (1, 2, 3):
        case.promote(snapshot)
    case.roll_back(place=1)
    assert case.read()["albums"] == {"Stockholm"}


def test_the_first_promotion_can_be_undone_and_that_undone(case: Case) -> None:
    before = case.read()
    case.lake.save(1, STOCKHOLM)
    first = case.promote(1)
    undone = case.roll_back()
    assert undone.is_switched
    assert case.artist_changes(undone).removed == case.artist_changes(first).added
    assert case.read() == before
    assert case.destination.holds() is None
    assert case.roll_back().is_switched
    assert case.read()["albums"] == {"Stockholm"}
    assert case.destination.holds() == first.publication_id


def test_after_the_first_promotion_was_undone_the_next_is_like_the_first(case: Case) -> None:
    before = case.read()
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM, KNOCKIN_BOOTS)
    case.promote(1)
    case.roll_back()
    assert case.promote(2).is_switched
    assert case.read()["albums"] == {"Stockholm", "Knockin' Boots (Vol 2 Of 2)"}
    case.roll_back()
    assert case.read() == before


def test_what_is_staged_can_be_promoted_again_after_rolling_back(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, STOCKHOLM, KNOCKIN_BOOTS)
    case.promote(1)
    case.promote(2)
    case.roll_back()
    assert case.promote().is_switched
    assert case.read()["albums"] == {"Stockholm", "Knockin' Boots (Vol 2 Of 2)"}


def test_a_backup_that_is_not_there_is_refused(case: Case) -> None:
    case.lake.save(1, STOCKHOLM)
    case.lake.save(2, KNOCKIN_BOOTS)
    case.promote(1)
    case.promote(2)
    known = case.destination.backups()[0]
    other = replace(known, name="other", location=f"{known.location}.other")
    with pytest.raises(WrongUsageError, match="other"):
        case.destination.roll_back(other, backed_up_at=case.now)


def test_backups_come_newest_first_and_one_is_the_former_state(case: Case) -> None:
    for snapshot in (1, 2, 3, 4):
        case.lake.save(snapshot, *[artist(number) for number in range(1, snapshot + 1)])
        case.promote(snapshot)
    backups = case.destination.backups()
    assert [backup.made_at for backup in backups] == sorted((each.made_at for each in backups), reverse=True)
    assert [backup.is_former for backup in backups] == [True] + [False] * (len(backups) - 1)


def test_the_oldest_backups_go_and_the_former_state_stays(case: Case) -> None:
    for snapshot in (1, 2, 3, 4):
        case.lake.save(snapshot, *[artist(number) for number in range(1, snapshot + 1)])
        case.promote(snapshot)
    before = case.destination.backups()
    removed = case.destination.retain(1)
    assert list(removed) == [backup.name for backup in before[1:]]
    assert case.destination.backups() == before[:1]
    assert case.read()["artists"] == {"The Persuader", "Mr. James Barth & A.D.", "Josh Wink", "Johannes Heil"}


def test_keeping_no_backup_still_keeps_the_former_state(case: Case) -> None:
    for snapshot in (1, 2, 3):
        case.lake.save(snapshot, artist(snapshot))
        case.promote(snapshot)
    case.destination.retain(0)
    case.roll_back()
    assert case.read()["artists"] == {"Mr. James Barth & A.D."}


def test_an_album_that_nobody_is_credited_for_is_found(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, ORPHAN)
    case.stage()
    (orphans,) = found(case, Check.WITHOUT_ARTIST)
    assert orphans.count == 1
    assert "2" in orphans.examples[0]


def test_a_date_to_come_is_found(case: Case) -> None:
    case.lake.save(1, artist(1), release(1, "Stockholm", artists=[1], released="2999-03-00"))
    case.stage()
    (impossible,) = found(case, Check.IMPOSSIBLE_DATE)
    assert "2999" in impossible.examples[0]


def test_a_fall_against_production_is_measured(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, KNOCKIN_BOOTS)
    case.lake.save(2, KNOCKIN_BOOTS)
    case.promote(1)
    case.stage(2)
    (fall,) = [each for each in found(case, Check.FALL) if each.table == case.artist_table]
    assert (fall.count, fall.of) == (1, 2)


def test_a_dry_repair_lists_what_the_real_one_does_and_changes_nothing(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, ORPHAN)
    staged = case.stage()
    planned = case.destination.repair(dry_run=True)
    assert case.destination.staged() == staged
    assert planned
    assert case.destination.repair(dry_run=False) == planned


def test_a_repair_removes_the_orphan_with_its_songs_and_lists_each(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, ORPHAN)
    case.stage()
    repairs = case.destination.repair(dry_run=False)
    assert found(case, Check.WITHOUT_ARTIST) == []
    assert len([each for each in repairs if each.table in {"songs", "track"}]) == 2
    case.promote()
    assert case.read()["albums"] == {"Stockholm"}
    assert case.read()["songs"] == {"Östermalm", "Vasastaden", "Kungsholmen"}


def test_a_second_repair_finds_nothing(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, ORPHAN)
    case.stage()
    case.destination.repair(dry_run=False)
    assert case.destination.repair(dry_run=False) == []


def test_staging_after_a_repair_starts_afresh(case: Case) -> None:
    case.lake.save(1, STOCKHOLM, ORPHAN)
    case.stage()
    case.destination.repair(dry_run=False)
    case.stage()
    assert found(case, Check.WITHOUT_ARTIST)


def test_an_estimate_reads_and_writes_nothing(case: Case) -> None:
    case.lake.save(1, joined(STOCKHOLM, KNOCKIN_BOOTS))
    estimate = case.destination.estimate(case.request())
    assert sum(estimate.rows.values()) > 0
    assert estimate.size_bytes > 0
    assert case.destination.staged() is None
