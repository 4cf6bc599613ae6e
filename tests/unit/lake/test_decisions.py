"""Patterns of observations, as SQL writes them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from linernotes.domain.policy import Policy
from linernotes.lake.decisions import decide_pattern

POLICY = Policy.from_document(
    {
        "waterfalls": {
            "recording.tempo_bpm": [{"provider": "deezer", "max_age_days": 30}, {"provider": "acousticbrainz"}]
        }
    }
)
NOW = datetime(2026, 11, 27, tzinfo=UTC)


def pattern(*said: Sequence[object], as_of: datetime | None = None, field: str = "recording.tempo_bpm") -> str:
    moment = None if as_of is None else microseconds(as_of)
    return f"{json.dumps([POLICY.version, field, moment])}\n{json.dumps(said)}"


def microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def decide(text: str) -> dict[str, object]:
    return decide_pattern(text, policies={POLICY.version: POLICY})


SAID: list[list[object]] = [
    [1, "acousticbrainz", "136", 0.7, 1.0, None],
    [2, "deezer", "68", 1.0, 0.9, None],
    [3, "discogs", "99", 1.0, 1.0, None],
]


@pytest.mark.parametrize("order", list(permutations(SAID)))
def test_the_place_of_what_counts_is_told_in_whatever_order_it_comes(order: tuple[Sequence[object], ...]) -> None:
    assert decide(pattern(*order)) == {
        "winner": 2,
        "confidence": 0.9,
        "is_contested": False,
        "agreeing": 0,
        "alike": 1,
        "conflicting": 1,
    }


def test_where_nothing_counts_there_is_no_winner() -> None:
    found = decide(pattern([1, "discogs", "99", 1.0, 1.0, None]))
    assert (found["winner"], found["confidence"]) == (None, None)


def test_what_contradicts_and_would_count_is_contested() -> None:
    found = decide(pattern([1, "acousticbrainz", "99", 1.0, 1.0, None], SAID[1]))
    assert (found["winner"], found["is_contested"], found["conflicting"]) == (2, True, 1)


@pytest.mark.parametrize(("age", "winner"), [(30, 2), (31, 1)])
def test_times_are_microseconds(age: int, winner: int) -> None:
    said = [2, "deezer", "68", 1.0, 1.0, microseconds(NOW - timedelta(days=age))]
    assert decide(pattern(SAID[0], said, as_of=NOW))["winner"] == winner


def test_of_a_thousand_observations_the_first_place_counts_among_equals() -> None:
    said = [[place, "deezer", "120", 1.0, 1.0, None] for place in range(1_000, 0, -1)]
    assert decide(pattern(*said))["winner"] == 1
