"""Which observation of a field counts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.waterfall import Decision, Observation, Rule, StepOutcome, Waterfall, decide

SPOTIFY = Observation(provider="spotify", value=120.0, confidence=0.9)
DEEZER = Observation(provider="deezer", value=60.0, confidence=0.5)
UNKNOWN = Observation(provider="acousticbrainz", value=None)
BPM = Waterfall(
    field="track.tempo_bpm",
    rules=(
        Rule(provider="deezer", priority=3, min_confidence=0.5),
        Rule(provider="beatport", priority=0, is_enabled=False),
        Rule(provider="acousticbrainz", priority=1),
        Rule(provider="spotify", priority=2, min_confidence=0.8),
    ),
)


def outcomes(decision: Decision) -> dict[str, StepOutcome]:
    return {step.rule.provider: step.outcome for step in decision.steps}


def test_the_first_rule_that_finds_something_sure_enough_chooses() -> None:
    decision = decide([DEEZER, SPOTIFY, UNKNOWN], BPM)
    assert decision == Decision(
        field="track.tempo_bpm",
        winner=SPOTIFY,
        steps=decision.steps,
        agreeing=(),
        conflicting=(DEEZER,),
    )
    assert list(outcomes(decision).items()) == [
        ("beatport", StepOutcome.DISABLED),
        ("acousticbrainz", StepOutcome.SILENT),
        ("spotify", StepOutcome.CHOSEN),
        ("deezer", StepOutcome.OUTRANKED),
    ]
    assert [step.observation for step in decision.steps] == [None, None, SPOTIFY, DEEZER]


@pytest.mark.parametrize(
    ("confidence", "outcome"), [(0.8, StepOutcome.CHOSEN), (0.79, StepOutcome.UNSURE), (1.0, StepOutcome.CHOSEN)]
)
def test_what_is_less_sure_than_the_rule_asks_for_does_not_count(confidence: float, outcome: StepOutcome) -> None:
    said = [Observation(provider="spotify", value=120.0, confidence=confidence), DEEZER]
    assert outcomes(decide(said, BPM))["spotify"] is outcome


def test_a_rule_that_is_disabled_never_chooses() -> None:
    said = [Observation(provider="beatport", value=1.0)]
    decision = decide(said, BPM)
    assert (decision.winner, decision.agreeing, decision.conflicting) == (None, (), ())
    assert decision.steps[0].observation == said[0]


def test_who_has_no_rule_is_heard_and_does_not_choose() -> None:
    lastfm = Observation(provider="lastfm", value=120.0)
    decision = decide([lastfm, SPOTIFY], BPM)
    assert (decision.winner, decision.agreeing, decision.conflicting) == (SPOTIFY, (lastfm,), ())


def test_of_one_provider_the_surest_observation_counts() -> None:
    surer = Observation(provider="spotify", value=121.0, confidence=0.95)
    decision = decide([SPOTIFY, surer], BPM)
    assert (decision.winner, decision.conflicting) == (surer, (SPOTIFY,))


def test_equally_sure_observations_of_one_provider_are_taken_by_value() -> None:
    other = Observation(provider="spotify", value=119.0, confidence=0.9)
    assert decide([SPOTIFY, other], BPM).winner == other


def test_rules_of_one_priority_are_taken_by_name() -> None:
    rules = tuple(Rule(provider=name, priority=1) for name in ("spotify", "deezer"))
    assert decide([SPOTIFY, DEEZER], Waterfall(field="tempo", rules=rules)).winner == DEEZER


def test_nothing_observed_is_nothing_decided() -> None:
    decision = decide([], BPM)
    assert decision.winner is None
    assert set(outcomes(decision).values()) == {StepOutcome.DISABLED, StepOutcome.SILENT}


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2) | st.none(), st.sampled_from([0.2, 0.8])), max_size=4)
)
def test_the_order_in_which_observations_come_changes_nothing(said: list[tuple[str, int | None, float]]) -> None:
    rules = tuple(Rule(provider=name, priority=place, min_confidence=0.5) for place, name in enumerate("ab"))
    observations = [Observation(provider=name, value=value, confidence=sure) for name, value, sure in said]
    first = decide(observations, Waterfall(field="any", rules=rules))
    for order in itertools.permutations(observations):
        assert decide(order, Waterfall(field="any", rules=rules)) == first
