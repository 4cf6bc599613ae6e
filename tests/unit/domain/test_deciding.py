"""Deciding a field by a policy."""

from datetime import UTC, datetime, timedelta

import pytest

from linernotes.domain.comparison import Kind
from linernotes.domain.deciding import Observed, decide_field, succession, waterfall_of, weigh
from linernotes.domain.policy import Policy
from linernotes.domain.waterfall import Observation

NOW = datetime(2026, 11, 27, tzinfo=UTC)
BPM = "recording.tempo_bpm"
POLICY = Policy.from_document(
    {
        "waterfalls": {
            BPM: [{"provider": "deezer", "min_confidence": 0.5, "max_age_days": 30}, {"provider": "acousticbrainz"}]
        },
        "confidence": {"tempo_bpm": {"deezer": 0.8}},
    }
)
DEEZER = Observed(provider="deezer", value="136", observed_at=NOW, evidence="1")
HEARD = Observed(provider="acousticbrainz", value="68", signal=0.5, observed_at=NOW, evidence="2")


def test_an_observation_is_as_sure_as_its_factors() -> None:
    (weighed,) = weigh(BPM, [Observed(provider="deezer", value="136", match=0.5, signal=0.9, evidence="7")], POLICY)
    assert weighed == Observation(provider="deezer", value="136", confidence=0.36, evidence="7")


def test_a_provider_of_which_the_policy_says_nothing_is_believed() -> None:
    assert [one.confidence for one in weigh(BPM, [HEARD], POLICY)] == [0.5]


@pytest.mark.parametrize(
    ("deezer", "winner"),
    [
        (DEEZER, "136"),
        (Observed(provider="deezer", value="136", match=0.6, observed_at=NOW), "68"),
        (Observed(provider="deezer", value="136", observed_at=NOW - timedelta(days=31)), "68"),
    ],
)
def test_the_policy_decides(deezer: Observed, winner: str) -> None:
    decision = decide_field(BPM, [HEARD, deezer], POLICY, at=NOW)
    assert decision.winner
    assert decision.winner.value == winner
    assert decision.field == BPM


def test_those_who_would_count_succeed_each_other() -> None:
    policy = Policy.from_document(
        {
            "waterfalls": {
                BPM: [
                    {"provider": "spotify", "is_enabled": False},
                    {"provider": "deezer", "min_confidence": 0.5},
                    {"provider": "musicbrainz"},
                    {"provider": "discogs", "min_confidence": 0.9},
                    {"provider": "beatport", "min_agreeing": 1},
                ]
            },
            "confidence": {"tempo_bpm": {"deezer": 0.6, "discogs": 0.8, "musicbrainz": 0.7}},
        }
    )
    asked = ["beatport", "discogs", "musicbrainz", "deezer", "spotify"]
    assert [(one.provider, one.confidence) for one in succession(BPM, asked, policy)] == [
        ("deezer", 0.6),
        ("musicbrainz", 0.7),
    ]
    assert list(succession("recording.key", asked, policy)) == []


def test_a_lock_beats_the_policy() -> None:
    lock = Observation(provider="person", value="70")
    decision = decide_field(BPM, [DEEZER, HEARD], POLICY, at=NOW, lock=lock)
    assert (decision.winner, decision.is_locked) == (lock, True)


def test_a_field_without_rules_has_no_value() -> None:
    decision = decide_field("recording.key", [DEEZER], POLICY)
    assert (decision.field, decision.winner) == ("recording.key", None)
    assert waterfall_of("recording.key", POLICY).rules == ()
    assert waterfall_of(BPM, POLICY).kind is Kind.TEMPO
