"""Waterfalls: which of several observations of one field counts, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one provider, or one source, says of one field of one entity."""

    provider: str
    value: object
    """None where the provider was asked and knows nothing."""
    confidence: float = 1.0
    """0.0 to 1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a waterfall: whose observation counts, if it is sure enough."""

    provider: str
    priority: int
    """The lowest comes first."""
    min_confidence: float = 0.0
    is_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """The rules of one field."""

    field: str
    rules: tuple[Rule, ...]


class StepOutcome(StrEnum):
    CHOSEN = "chosen"
    DISABLED = "disabled"
    SILENT = "silent"
    """The provider says nothing."""
    UNSURE = "unsure"
    """What the provider says is less sure than the rule asks for."""
    OUTRANKED = "outranked"
    """It would have counted, had not an earlier rule chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one rule."""

    rule: Rule
    outcome: StepOutcome
    observation: Observation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which observation of a field counts, and how that came about."""

    field: str
    winner: Observation | None
    steps: tuple[Step, ...]
    """One per rule, by priority."""
    agreeing: tuple[Observation, ...]
    """Other observations of the same value, by provider."""
    conflicting: tuple[Observation, ...]
    """Observations of another value, by provider."""


def decide(observations: Sequence[Observation], waterfall: Waterfall) -> Decision:
    """Choose the value of one field, and say why.

    The same inputs give the same decision, in whatever order the observations come.

    Args:
        observations: Everything known about one field of one entity.
        waterfall: The rules in force; those of one priority are taken by provider name.

    Returns:
        The winner, what became of every rule, and the observations that agree or conflict with the winner.
    """
    said = sorted(
        (one for one in observations if one.value is not None),
        key=lambda one: (one.provider, -one.confidence, repr(one.value)),
    )
    steps: list[Step] = []
    winner: Observation | None = None
    for rule in sorted(waterfall.rules, key=lambda rule: (rule.priority, rule.provider)):
        best = next((one for one in said if one.provider == rule.provider), None)
        outcome = _outcome(rule, best, has_winner=winner is not None)
        if outcome is StepOutcome.CHOSEN:
            winner = best
        steps.append(Step(rule=rule, outcome=outcome, observation=best))
    others = [(one, one.value == winner.value) for one in said if one is not winner] if winner else []
    return Decision(
        field=waterfall.field,
        winner=winner,
        steps=tuple(steps),
        agreeing=tuple(one for one, agrees in others if agrees),
        conflicting=tuple(one for one, agrees in others if not agrees),
    )


def _outcome(rule: Rule, best: Observation | None, *, has_winner: bool) -> StepOutcome:
    if not rule.is_enabled:
        return StepOutcome.DISABLED
    if best is None:
        return StepOutcome.SILENT
    if best.confidence < rule.min_confidence:
        return StepOutcome.UNSURE
    return StepOutcome.OUTRANKED if has_winner else StepOutcome.CHOSEN
