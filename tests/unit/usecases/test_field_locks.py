"""What people answered of fields is a lock, until they take it back."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from linernotes.domain.judgements import Answer, Judgement
from linernotes.ports.policies import Lock, locks_in_force
from linernotes.usecases.field_locks import AllLocks, locks_of
from tests.fakes.ledger import FakeLedger

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ENTITY = UUID(int=7)
SAID = Judgement(
    judgement_id=UUID(int=100),
    entity_type="recording.tempo_bpm",
    source="catalogue",
    source_id=str(ENTITY),
    other_source="deezer",
    other_source_id="136",
    answer=Answer.SAME,
    item_id=UUID(int=1),
    item_version="v1",
    score=0.85,
    reason="counted",
    decided_by="ada",
    decided_at=NOON,
)
LOCK = Lock(
    lock_id=SAID.judgement_id,
    entity_id=ENTITY,
    field="recording.tempo_bpm",
    value="136",
    by="ada",
    reason="counted",
    locked_at=NOON,
)


@pytest.mark.parametrize(
    ("event", "locks"),
    [
        (SAID, [LOCK]),
        (replace(SAID, reason=None), [replace(LOCK, reason="reviewed")]),
        (replace(SAID, answer=Answer.NEW, other_source_id=None), [replace(LOCK, value=None)]),
        (replace(SAID, answer=Answer.SKIP, other_source_id=None), []),
        (replace(SAID, answer=Answer.DIFFERENT), []),
        (replace(SAID, entity_type="artist"), []),
    ],
)
def test_an_answer_sets_a_field_or_leaves_it(event: Judgement, locks: list[Lock]) -> None:
    assert locks_of([event]) == locks


def test_what_was_taken_back_sets_nothing() -> None:
    undo = replace(
        SAID, judgement_id=UUID(int=101), answer=Answer.UNDO, other_source_id=None, supersedes=SAID.judgement_id
    )
    assert locks_of([SAID, undo]) == []


def test_the_last_word_counts_whichever_way_it_was_said() -> None:
    ledger = FakeLedger()
    every = AllLocks(locks=ledger.locks, judgements=ledger.judgements)
    before, after = replace(LOCK, lock_id=UUID(int=99), value="68"), replace(LOCK, lock_id=UUID(int=101), value="70")
    every.add(before)
    ledger.judgements.add([SAID])
    assert every.all() == [before, LOCK]
    assert locks_in_force(every.all()) == [LOCK]
    every.add(after)
    assert locks_in_force(every.all()) == [after]
