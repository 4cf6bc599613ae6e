from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.dumps import (
    ENTITIES,
    DumpState,
    ListedDump,
    ListedFile,
    Retention,
    RetentionRule,
    StoredFile,
    choose_dump,
    files_to_delete,
    group_by_date,
    is_allowed,
    missing_parts,
)

# The table of the tracking states, written down a second time on purpose: every pair that is not here is refused.
ALLOWED = {
    (None, "not_started"),
    ("not_started", "downloading"),
    ("downloading", "ready_for_processing"),
    ("downloading", "failed"),
    ("ready_for_processing", "processing"),
    ("ready_for_processing", "downloading"),
    ("ready_for_processing", "failed"),
    ("processing", "completed"),
    ("processing", "failed"),
    ("completed", "downloading"),
    ("failed", "downloading"),
}
EVERY_PAIR = [(before, after) for before in (None, *DumpState) for after in DumpState]


@pytest.mark.parametrize(("before", "after"), EVERY_PAIR)
def test_exactly_the_transitions_of_the_table_are_allowed(before: DumpState | None, after: DumpState) -> None:
    assert is_allowed(before, after) is ((before, after) in ALLOWED or before == after)


@given(st.lists(st.sampled_from(DumpState), max_size=30))
def test_no_dump_is_processed_before_its_files_are_ready(wishes: list[DumpState]) -> None:
    history: list[DumpState | None] = [None]
    for wish in wishes:
        if is_allowed(history[-1], wish) and wish is not history[-1]:
            history.append(wish)
    arrivals = dict(zip(history[1:], history[:-1], strict=True))
    assert arrivals.get(DumpState.PROCESSING, DumpState.READY_FOR_PROCESSING) is DumpState.READY_FOR_PROCESSING
    assert arrivals.get(DumpState.COMPLETED, DumpState.PROCESSING) is DumpState.PROCESSING


@pytest.mark.parametrize("state", list(DumpState))
def test_from_every_state_a_dump_can_still_be_completed(state: DumpState) -> None:
    reached = {state}
    for _ in DumpState:
        reached |= {after for before in reached for after in DumpState if is_allowed(before, after)}
    assert DumpState.COMPLETED in reached


def dump(day: str, *entities: str) -> ListedDump:
    return ListedDump(
        dumped_on=date.fromisoformat(day),
        files=tuple(ListedFile(entity=entity, name=f"{day}_{entity}", url="") for entity in entities),
    )


WHOLE = (*ENTITIES, "checksum")


def test_the_newest_complete_dump_of_the_month_is_chosen() -> None:
    dumps = [dump("2018-01-01", *WHOLE), dump("2017-12-12", *WHOLE), dump("2017-12-01", *WHOLE)]
    choice = choose_dump(dumps, wanted=ENTITIES, needs_checksum=True, year_month="2017-12")
    assert choice.dump == dumps[1]
    assert choice.passed_over == ()


def test_a_dump_without_its_checksum_file_is_passed_over_and_named() -> None:
    young, whole = dump("2026-03-02", *ENTITIES), dump("2026-03-01", *WHOLE)
    choice = choose_dump([young, whole], wanted=ENTITIES, needs_checksum=True, year_month="2026-03")
    assert choice.dump == whole
    assert choice.passed_over == ((young, ("checksum",)),)


def test_without_a_month_an_older_complete_one_is_taken_while_the_newest_is_written() -> None:
    young, whole = dump("2026-03-01", "artist", "label", "master", "checksum"), dump("2026-02-01", *WHOLE)
    choice = choose_dump([young, whole], wanted=ENTITIES, needs_checksum=True)
    assert choice.dump == whole
    assert choice.passed_over == ((young, ("release",)),)


def test_with_a_month_no_other_month_is_taken() -> None:
    dumps = [dump("2026-03-01", "artist"), dump("2026-02-01", *WHOLE)]
    choice = choose_dump(dumps, wanted=ENTITIES, needs_checksum=True, year_month="2026-03")
    assert (choice.dump, [passed.dumped_on.day for passed, _ in choice.passed_over]) == (None, [1])


def test_an_index_without_dumps_has_nothing_to_choose() -> None:
    assert choose_dump([], wanted=ENTITIES, needs_checksum=True, year_month="2026-03").dump is None


def test_the_index_is_read_no_further_than_the_month() -> None:
    def read() -> object:
        yield dump("2026-03-01", *WHOLE)
        yield dump("2026-01-01", *WHOLE)
        raise AssertionError("read too far")

    assert choose_dump(read(), wanted=ENTITIES, needs_checksum=True, year_month="2026-02").dump is None  # type: ignore[arg-type]  # a generator


def test_an_early_dump_is_complete_without_masters() -> None:
    early = dump("2011-11-09", "artist", "label", "release", "checksum")
    assert missing_parts(early, wanted=ENTITIES, needs_checksum=True) == ()


def test_from_the_first_masters_on_a_dump_without_them_is_incomplete() -> None:
    later = dump("2011-11-10", "artist", "label", "release", "checksum")
    assert missing_parts(later, wanted=ENTITIES, needs_checksum=True) == ("master",)


def test_who_wants_only_masters_finds_none_in_an_early_dump() -> None:
    early = dump("2010-01-01", "artist", "label", "release", "checksum")
    assert missing_parts(early, wanted=["master"], needs_checksum=True) == ("master",)


def test_what_is_not_wanted_is_not_missed() -> None:
    assert missing_parts(dump("2026-03-01", "label"), wanted=["label"], needs_checksum=False) == ()


def test_files_are_grouped_by_date_and_sorted_by_name() -> None:
    label, artist = (ListedFile(entity=entity, name=entity, url="") for entity in ("label", "artist"))
    old, new = date(2026, 1, 1), date(2026, 2, 1)
    grouped = group_by_date([(old, label), (new, label), (old, artist)])
    assert [(dump.dumped_on, dump.files) for dump in grouped] == [(new, (label,)), (old, (artist, label))]


def test_of_two_files_of_one_entity_and_date_the_first_counts() -> None:
    first, second = (ListedFile(entity="label", name="same", url=url) for url in ("a", "b"))
    day = date(2026, 1, 1)
    assert group_by_date([(day, first), (day, second)])[0].files == (first,)


def test_a_dump_knows_its_month_and_its_files() -> None:
    listed = dump("2026-03-02", "label")
    assert (listed.year_month, listed.find("label"), listed.find("artist")) == ("2026-03", listed.files[0], None)


def stored(day: str, *, is_partial: bool = False) -> StoredFile:
    return StoredFile(dumped_on=date.fromisoformat(day), path=day, size_bytes=1, is_partial=is_partial)


def deleted(retention: Retention, files: list[StoredFile], **states: DumpState) -> list[str]:
    by_date = {date(int(key[1:5]), int(key[5:7]), int(key[7:9])): state for key, state in states.items()}
    return [file.path for file in files_to_delete(files, states=by_date, retention=retention)]


KEEP_ONE = Retention(rule=RetentionRule.MONTHS, keep_months=1)
THREE = [stored("2026-03-01"), stored("2026-01-01"), stored("2026-02-01")]


def test_all_but_the_newest_months_go_oldest_first() -> None:
    done = DumpState.COMPLETED
    assert deleted(KEEP_ONE, THREE, d20260101=done, d20260201=done, d20260301=done) == ["2026-01-01", "2026-02-01"]


def test_keeping_no_months_deletes_every_completed_one() -> None:
    none = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    assert deleted(none, [stored("2026-03-01")], d20260301=DumpState.COMPLETED) == ["2026-03-01"]


def test_two_dumps_of_one_month_count_as_one() -> None:
    files = [stored("2017-12-01"), stored("2017-12-12"), stored("2017-11-01")]
    done = DumpState.COMPLETED
    assert deleted(KEEP_ONE, files, d20171201=done, d20171212=done, d20171101=done) == ["2017-11-01"]


@pytest.mark.parametrize(
    "state",
    [DumpState.NOT_STARTED, DumpState.DOWNLOADING, DumpState.READY_FOR_PROCESSING, DumpState.PROCESSING],
)
def test_nothing_of_a_dump_under_way_is_deleted(state: DumpState) -> None:
    done = DumpState.COMPLETED
    assert "2026-01-01" not in deleted(KEEP_ONE, THREE, d20260101=state, d20260201=done, d20260301=done)


def test_files_that_the_ledger_does_not_know_stay() -> None:
    assert deleted(KEEP_ONE, THREE) == []


def test_a_failed_dump_keeps_its_files_until_a_newer_month_is_completed() -> None:
    failed, files = DumpState.FAILED, [stored("2026-01-01", is_partial=True)]
    assert deleted(KEEP_ONE, files, d20260101=failed) == []
    assert deleted(KEEP_ONE, files, d20260101=failed, d20260201=DumpState.COMPLETED) == ["2026-01-01"]


def test_a_failed_dump_waits_for_as_many_newer_months_as_are_kept() -> None:
    two, files = Retention(rule=RetentionRule.MONTHS, keep_months=2), [stored("2026-01-01")]
    done = DumpState.COMPLETED
    assert deleted(two, files, d20260101=DumpState.FAILED, d20260201=done) == []
    assert deleted(two, files, d20260101=DumpState.FAILED, d20260201=done, d20260301=done) == ["2026-01-01"]


def test_keeping_no_months_still_leaves_a_failed_dump_for_its_next_attempt() -> None:
    none = Retention(rule=RetentionRule.MONTHS, keep_months=0)
    assert deleted(none, [stored("2026-01-01")], d20260101=DumpState.FAILED, d20251201=DumpState.COMPLETED) == []


def test_parts_left_over_in_a_completed_dump_go_first() -> None:
    files = [stored("2026-03-01"), stored("2026-03-01", is_partial=True)]
    assert files_to_delete(files, states={date(2026, 3, 1): DumpState.COMPLETED}, retention=KEEP_ONE) == [files[1]]


def test_keeping_all_deletes_only_leftover_parts_of_completed_dumps() -> None:
    everything = Retention(rule=RetentionRule.ALL)
    files = [stored("2020-01-01"), stored("2020-01-01", is_partial=True), stored("2019-01-01", is_partial=True)]
    states = {
        date(2020, 1, 1): DumpState.COMPLETED,
        date(2020, 2, 1): DumpState.COMPLETED,
        date(2019, 1, 1): DumpState.FAILED,
    }
    assert files_to_delete(files, states=states, retention=everything) == [files[1]]


def test_a_failed_dump_does_not_go_because_of_another_one_of_its_month() -> None:
    files = [stored("2017-12-12")]
    assert deleted(KEEP_ONE, files, d20171212=DumpState.FAILED, d20171201=DumpState.COMPLETED) == []


def test_debugging_deletes_nothing() -> None:
    files = [stored("2020-01-01", is_partial=True)]
    debug = Retention(rule=RetentionRule.DEBUG, keep_months=0)
    assert deleted(debug, files, d20200101=DumpState.COMPLETED) == []


@given(
    st.lists(st.builds(stored, st.dates().map(str), is_partial=st.booleans())),
    st.dictionaries(st.dates(), st.sampled_from(DumpState)),
    st.builds(Retention, rule=st.sampled_from(RetentionRule), keep_months=st.integers(0, 5)),
)
def test_retention_never_touches_a_dump_that_is_neither_completed_nor_failed(
    files: list[StoredFile], states: dict[date, DumpState], retention: Retention
) -> None:
    gone = files_to_delete(files, states=states, retention=retention)
    assert {states.get(file.dumped_on) for file in gone} <= {DumpState.COMPLETED, DumpState.FAILED}
