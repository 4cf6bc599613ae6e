"""Which observation of a field counts."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.comparison import Kind
from linernotes.domain.waterfall import Decision, Observation, Rule, StepOutcome, Waterfall, decide

SPOTIFY = Observation(provider="spotify", value="120", confidence=0.9)
DEEZER = Observation(provider="deezer", value="64", confidence=0.5)
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
        alike=(),
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
    said = [Observation(provider="spotify", value="120", confidence=confidence), DEEZER]
    assert outcomes(decide(said, BPM))["spotify"] is outcome


def test_a_rule_that_is_disabled_never_chooses() -> None:
    said = [Observation(provider="beatport", value="1")]
    decision = decide(said, BPM)
    assert (decision.winner, decision.agreeing, decision.conflicting) == (None, (), ())
    assert decision.steps[0].observation == said[0]


def test_who_has_no_rule_is_heard_and_does_not_choose() -> None:
    lastfm = Observation(provider="lastfm", value="120")
    decision = decide([lastfm, SPOTIFY], BPM)
    assert (decision.winner, decision.agreeing, decision.conflicting) == (SPOTIFY, (lastfm,), ())


def test_of_one_provider_the_surest_observation_counts() -> None:
    surer = Observation(provider="spotify", value="121", confidence=0.95)
    decision = decide([SPOTIFY, surer], BPM)
    assert (decision.winner, decision.conflicting) == (surer, (SPOTIFY,))


def test_equally_sure_observations_of_one_provider_are_taken_by_value() -> None:
    other = Observation(provider="spotify", value="119", confidence=0.9)
    assert decide([SPOTIFY, other], BPM).winner == other


def test_rules_of_one_priority_are_taken_by_name() -> None:
    rules = tuple(Rule(provider=name, priority=1) for name in ("spotify", "deezer"))
    assert decide([SPOTIFY, DEEZER], Waterfall(field="tempo", rules=rules)).winner == DEEZER


def test_nothing_observed_is_nothing_decided() -> None:
    decision = decide([], BPM)
    assert decision.winner is None
    assert set(outcomes(decision).values()) == {StepOutcome.DISABLED, StepOutcome.SILENT}


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2"]) | st.none(), st.sampled_from([0.2, 0.8])),
        max_size=4,
    )
)
def test_the_order_in_which_observations_come_changes_nothing(said: list[tuple[str, str | None, float]]) -> None:
    rules = tuple(Rule(provider=name, priority=place, min_confidence=0.5) for place, name in enumerate("ab"))
    observations = [Observation(provider=name, value=value, confidence=sure) for name, value, sure in said]
    first = decide(observations, Waterfall(field="any", rules=rules))
    for order in itertools.permutations(observations):
        assert decide(order, Waterfall(field="any", rules=rules)) == first


NOW = datetime(2026, 11, 27, tzinfo=UTC)
LOCK = Observation(provider="person", value="126")


def tempo(*rules: Rule) -> Waterfall:
    return Waterfall(field="recording.tempo_bpm", kind=Kind.TEMPO, rules=rules)


def test_values_are_compared_as_their_kind_says() -> None:
    said = [
        Observation(provider="a", value="128"),
        Observation(provider="b", value="128.4"),
        Observation(provider="c", value="64"),
        Observation(provider="d", value="100"),
    ]
    decision = decide(said, tempo(Rule(provider="a", priority=1)))
    assert (decision.agreeing, decision.alike, decision.conflicting) == ((said[1],), (said[2],), (said[3],))


def test_what_a_person_set_beats_every_rule() -> None:
    decision = decide([SPOTIFY, DEEZER], BPM, lock=LOCK)
    assert (decision.winner, decision.is_locked) == (LOCK, True)
    assert decision.conflicting == (DEEZER, SPOTIFY)
    assert outcomes(decision)["spotify"] is StepOutcome.OUTRANKED
    assert not decision.is_contested


@pytest.mark.parametrize("waterfall", [BPM, Waterfall(field="artist.listeners", kind=Kind.OPEN, rules=())])
def test_a_person_may_set_that_there_is_no_value(waterfall: Waterfall) -> None:
    nothing = replace(LOCK, value=None)
    decision = decide([SPOTIFY], waterfall, lock=nothing)
    assert (decision.winner, decision.conflicting) == (nothing, (SPOTIFY,))


def test_without_a_person_nothing_is_locked() -> None:
    assert not decide([SPOTIFY], BPM).is_locked


@pytest.mark.parametrize(
    ("rule", "is_contested"),
    [
        (Rule(provider="deezer", priority=3, min_confidence=0.5), True),
        (Rule(provider="deezer", priority=3, min_confidence=0.6), False),
        (Rule(provider="deezer", priority=3, is_enabled=False), False),
        (Rule(provider="lastfm", priority=3), False),
    ],
)
def test_a_conflict_is_for_a_person_where_both_sides_could_have_won(rule: Rule, is_contested: bool) -> None:
    decision = decide([SPOTIFY, DEEZER], Waterfall(field="any", rules=(Rule(provider="spotify", priority=1), rule)))
    assert decision.conflicting == (DEEZER,)
    assert decision.is_contested is is_contested


def test_a_rival_that_agrees_contests_nothing() -> None:
    rules = (Rule(provider="spotify", priority=1), Rule(provider="deezer", priority=2))
    assert not decide([SPOTIFY, replace(DEEZER, value="60")], tempo(*rules)).is_contested


def test_what_was_observed_after_the_time_of_the_decision_is_unknown() -> None:
    later = replace(SPOTIFY, observed_at=NOW + timedelta(seconds=1))
    decision = decide([later, replace(DEEZER, observed_at=NOW)], BPM, at=NOW)
    assert decision.winner is not None
    assert decision.winner.provider == "deezer"
    assert outcomes(decision)["spotify"] is StepOutcome.SILENT
    assert decide([later], BPM).winner == later


@pytest.mark.parametrize(
    ("age", "at", "outcome"),
    [
        (timedelta(days=30), NOW, StepOutcome.CHOSEN),
        (timedelta(days=30, seconds=1), NOW, StepOutcome.STALE),
        (timedelta(days=30, seconds=1), None, StepOutcome.CHOSEN),
        (None, NOW, StepOutcome.CHOSEN),
    ],
)
def test_a_rule_may_ask_for_what_was_observed_lately(
    age: timedelta | None, at: datetime | None, outcome: StepOutcome
) -> None:
    said = replace(SPOTIFY, observed_at=NOW - age if age is not None else None)
    decision = decide([said], tempo(Rule(provider="spotify", priority=1, max_age_days=30)), at=at)
    assert outcomes(decision) == {"spotify": outcome}


def test_a_rule_without_an_age_takes_what_is_old() -> None:
    said = replace(SPOTIFY, observed_at=NOW - timedelta(days=9999))
    assert decide([said], tempo(Rule(provider="spotify", priority=1)), at=NOW).winner == said


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        ([("deezer", "120.5"), ("beatport", "60")], StepOutcome.CHOSEN),
        ([("deezer", "120.5"), ("deezer", "120")], StepOutcome.ALONE),
        ([("deezer", "120.5"), ("beatport", "99")], StepOutcome.ALONE),
        ([("deezer", "120.5"), ("spotify", "120")], StepOutcome.ALONE),
        ([], StepOutcome.ALONE),
    ],
)
def test_a_rule_may_ask_that_others_agree(others: list[tuple[str, str]], outcome: StepOutcome) -> None:
    said = [SPOTIFY, *(Observation(provider=provider, value=value, confidence=0.1) for provider, value in others)]
    assert outcomes(decide(said, tempo(Rule(provider="spotify", priority=1, min_agreeing=2)))) == {"spotify": outcome}


def test_of_equal_observations_the_earliest_counts() -> None:
    later = replace(SPOTIFY, observed_at=NOW, evidence="b")
    assert decide([later, replace(later, evidence="a")], BPM).winner == replace(later, evidence="a")
    assert decide([later, replace(later, observed_at=NOW - timedelta(days=1))], BPM).winner != later


def test_values_are_compared_as_they_are_unless_a_kind_is_said() -> None:
    assert Waterfall(field="any", rules=()).kind is Kind.IDENTIFIER
