"""What people said of records, and what of it is in force."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.judgements import Answer, Judgement, in_force, is_of_field, standing
from linernotes.domain.uuid7 import to_uuid7

ITEM = UUID("5d5032cc-6021-5db1-a3eb-4354bbe61db5")


def said(
    at: int,
    answer: str,
    record: str = "eno",
    candidate: str | None = "57",
    *,
    entity_type: str = "artist",
    supersedes: int | None = None,
) -> Judgement:
    return Judgement(
        judgement_id=to_uuid7(at),
        entity_type=entity_type,
        source="musicbrainz",
        source_id=record,
        other_source="discogs",
        other_source_id=candidate if answer in ("same", "different") else None,
        answer=Answer(answer),
        item_id=ITEM,
        item_version="f2c09d9bd7cd",
        score=1.0,
        reason=None,
        decided_by="somebody",
        decided_at=datetime(2026, 11, 27, tzinfo=UTC),
        supersedes=None if supersedes is None else to_uuid7(supersedes),
    )


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([said(1, "same")], [1]),
        ([said(1, "same"), said(2, "same", "hütter", "28")], [1, 2]),
        ([said(1, "same"), said(2, "different")], [2]),  # changed their mind
        ([said(1, "different"), said(2, "same")], [2]),
        ([said(1, "different"), said(2, "different", candidate="58")], [1, 2]),
        ([said(1, "same"), said(2, "same", candidate="58")], [2]),  # the record is one of them only
        ([said(1, "same"), said(2, "same", "other eno")], [2]),  # and so is the candidate
        ([said(1, "same"), said(2, "new")], [2]),
        ([said(1, "new"), said(2, "same")], [2]),
        ([said(1, "new"), said(2, "new", "hütter")], [1, 2]),
        ([said(1, "different", candidate="58"), said(2, "same")], [1, 2]),
        ([said(1, "different", candidate="58"), said(2, "new")], [1, 2]),
        ([said(1, "same"), said(2, "different", candidate="58")], [1, 2]),
        ([said(1, "same"), said(2, "same", entity_type="label")], [1, 2]),
        ([said(1, "skip")], []),
        ([said(1, "same"), said(2, "skip")], [1]),
        ([said(1, "same"), said(2, "undo", supersedes=1)], []),
        ([said(1, "same"), said(2, "different"), said(3, "undo", supersedes=2)], [1]),
        ([said(1, "same"), said(2, "undo", supersedes=1), said(3, "undo", supersedes=2)], [1]),
        ([], []),
    ],
)
def test_the_newest_word_counts_and_what_cannot_be_true_beside_it_does_not(
    events: list[Judgement], left: list[int]
) -> None:
    assert [event.judgement_id for event in in_force(events)] == [to_uuid7(at) for at in left]


def test_what_stands_is_told_newest_first() -> None:
    events = [said(2, "different"), said(1, "same"), said(3, "skip")]
    assert [event.judgement_id for event in standing(events)] == [to_uuid7(at) for at in (3, 2, 1)]


decisions = st.lists(
    st.tuples(
        st.sampled_from(["same", "different", "new", "skip"]), st.sampled_from("ab"), st.sampled_from(["1", "2", "3"])
    ),
    max_size=12,
)


@given(decisions, st.randoms(use_true_random=False))
def test_the_order_of_the_events_has_no_part_in_it(answers: list[tuple[str, str, str]], chance: Random) -> None:
    events = [said(at, *answer) for at, answer in enumerate(answers)]
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert in_force(shuffled) == in_force(events)


@given(decisions, st.sampled_from(["same", "different", "new", "skip"]), st.sampled_from("ab"))
def test_taking_back_restores_what_was(answers: list[tuple[str, str, str]], answer: str, record: str) -> None:
    events = [said(at, *given_answer) for at, given_answer in enumerate(answers)]
    later = [*events, said(20, answer, record, "2"), said(21, "undo", supersedes=20)]
    assert in_force(later) == in_force(events)


@given(decisions)
def test_no_record_is_the_same_as_two(answers: list[tuple[str, str, str]]) -> None:
    kept = [
        event for event in in_force([said(at, *answer) for at, answer in enumerate(answers)]) if event.answer == "same"
    ]
    assert len({event.source_id for event in kept}) == len(kept) == len({event.other_source_id for event in kept})


def test_what_the_newest_word_settled_stays_settled_whatever_others_say() -> None:
    first, between, newest = said(1, "same", "eno", "58"), said(2, "same", "fripp", "59"), said(3, "same", "eno", "57")
    assert in_force([first, between, newest]) == [between, newest]


def test_what_people_say_of_fields_is_nothing_of_records() -> None:
    assert in_force([said(1, "same", entity_type="recording.tempo_bpm")]) == []


def test_a_field_is_no_type_of_record() -> None:
    assert is_of_field("recording.tempo_bpm")
    assert not is_of_field("release_group")
