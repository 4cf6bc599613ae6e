"""What every ledger promises of judgements and policies: on SQLite, on PostgreSQL, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from linernotes.domain.judgements import Answer, Judgement
from linernotes.domain.match_policy import SHIPPED, MatchPolicy
from linernotes.domain.uuid7 import to_uuid7
from linernotes.errors import FatalError
from linernotes.ledger.opening import Ledger
from linernotes.ports.review import PolicyInForce

pytestmark = pytest.mark.proves("The ledger is the same on SQLite and PostgreSQL")
NOW = datetime(2026, 11, 27, 12, 30, 15, 250_000, tzinfo=UTC)


def judgement(at: int) -> Judgement:
    return Judgement(
        judgement_id=to_uuid7(at),
        entity_type="artist",
        source="musicbrainz",
        source_id="ff95eb47-41c4-4f7f-a104-cdc30f02e872",
        other_source="discogs",
        other_source_id="57",
        answer=Answer.SAME,
        item_id=to_uuid7(99),
        item_version="f2c09d9bd7cd",
        score=1.25,
        reason="=cmd|'/C calc'!A0\tand 名前",
        decided_by="somebody",
        decided_at=NOW,
    )


def test_judgements_are_told_as_they_were_given_oldest_first(ledger: Ledger) -> None:
    new = replace(judgement(3), answer=Answer.NEW, other_source_id=None, score=None, reason=None)
    undone = replace(new, judgement_id=to_uuid7(4), answer=Answer.UNDO, supersedes=new.judgement_id)
    assert ledger.judgements.add([new, undone]) == 2
    assert ledger.judgements.add([judgement(1)]) == 1
    assert ledger.judgements.all() == [judgement(1), new, undone]


def test_the_same_judgement_again_is_no_new_one(ledger: Ledger) -> None:
    ledger.judgements.add([judgement(1)])
    assert ledger.judgements.add([replace(judgement(1), answer=Answer.DIFFERENT), judgement(2)]) == 1
    assert [one.answer for one in ledger.judgements.all()] == ["same", "same"]


def test_a_new_ledger_has_no_judgements_and_no_policy_of_its_own(ledger: Ledger) -> None:
    assert list(ledger.judgements.all()) == []
    assert list(ledger.match_policies.history()) == []


def policy(at: int, match_at: float) -> PolicyInForce:
    artist = replace(SHIPPED.entities["artist"], match_at=match_at)
    changed = MatchPolicy(entities={**SHIPPED.entities, "artist": artist})
    return PolicyInForce(
        policy_id=to_uuid7(at),
        version=changed.version,
        policy=changed,
        origin="limits",
        in_force_since=NOW + timedelta(seconds=at),
    )


def test_the_policy_that_came_last_is_in_force_and_earlier_ones_stay_known(ledger: Ledger) -> None:
    for one in (policy(1, 4.5), policy(2, 0.1), policy(3, 4.5)):
        ledger.match_policies.put(one)
    assert ledger.match_policies.history() == [policy(3, 4.5), policy(2, 0.1), policy(1, 4.5)]


def test_a_failed_judgement_leaves_none_of_its_batch(ledger_url: str, open_here: Callable[..., Ledger]) -> None:
    ledger = open_here(ledger_url)
    nobody = replace(judgement(2), supersedes=to_uuid7(77))
    with pytest.raises(FatalError):
        ledger.judgements.add([judgement(1), nobody])
    assert list(ledger.judgements.all()) == []


@pytest.mark.parametrize("document", ["{}", '{"features": {}, "normalisation": "1", "entities": {}}', '"policy"'])
def test_a_policy_that_this_version_cannot_read_is_known_by_its_version_and_can_be_left(
    ledger_url: str, open_here: Callable[..., Ledger], document: str
) -> None:
    ledger = open_here(ledger_url)
    ledger.match_policies.put(policy(1, 4.5))
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE match_policy SET document = :document"), {"document": document})
    engine.dispose()
    (unread,) = ledger.match_policies.history()
    assert (unread.version, unread.policy) == (policy(1, 4.5).version, None)
    ledger.match_policies.put(policy(2, 5.0))
    assert ledger.match_policies.history() == [policy(2, 5.0), unread]
