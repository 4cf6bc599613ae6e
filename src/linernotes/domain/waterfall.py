"""Waterfalls: which of several observations of one field counts, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linernotes.domain.comparison import Agreement, Kind, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one provider, one source or a person says of one field of one entity."""

    provider: str
    value: str | None
    """None where the provider was asked and knows nothing."""
    confidence: float = 1.0
    """0.0 to 1.0."""
    observed_at: datetime | None = None
    """None for what never gets old."""
    evidence: str | None = None
    """The id of the answer or record that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a waterfall: whose observation counts, and on what conditions."""

    provider: str
    priority: int
    """The lowest comes first."""
    min_confidence: float = 0.0
    max_age_days: int | None = None
    """What was observed earlier does not count."""
    min_agreeing: int = 0
    """How many other providers must say the same, or nothing that contradicts."""
    is_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """The rules of one field."""

    field: str
    rules: tuple[Rule, ...]
    kind: Kind = Kind.IDENTIFIER


class StepOutcome(StrEnum):
    CHOSEN = "chosen"
    DISABLED = "disabled"
    SILENT = "silent"
    """The provider says nothing."""
    UNSURE = "unsure"
    """What the provider says is less sure than the rule asks for."""
    STALE = "stale"
    """What the provider said is older than the rule allows."""
    ALONE = "alone"
    """Fewer others agree than the rule asks for."""
    OUTRANKED = "outranked"
    """It would have counted, had not a person or an earlier rule chosen."""


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
    alike: tuple[Observation, ...]
    """Observations of another value that does not contradict, by provider."""
    conflicting: tuple[Observation, ...]
    """Observations that contradict, by provider."""
    is_locked: bool = False
    """A person set the value."""

    @property
    def is_contested(self) -> bool:
        """Whether a person should look: what contradicts would have counted by its own rule, and nobody has decided."""
        rivals = [step.observation for step in self.steps if step.outcome is StepOutcome.OUTRANKED]
        return not self.is_locked and any(rival in self.conflicting for rival in rivals)


def decide(
    observations: Sequence[Observation],
    waterfall: Waterfall,
    *,
    at: datetime | None = None,
    lock: Observation | None = None,
) -> Decision:
    """Choose the value of one field, and say why.

    The same inputs give the same decision, in whatever order the observations come.

    Args:
        observations: Everything known about one field of one entity.
        waterfall: The rules in force; those of one priority are taken by provider name.
        at: The time as of which it is decided: later observations are unknown, and ages are counted to it. None leaves
            out all of that.
        lock: What a person set the value to, which beats every rule.

    Returns:
        The winner, what became of every rule, and the observations that agree or conflict with the winner.
    """
    said = sorted(
        (one for one in observations if one.value is not None and not _is_later(one, at)),
        key=lambda one: (one.provider, -one.confidence, one.value, str(one.observed_at), str(one.evidence)),
    )
    steps: list[Step] = []
    winner = lock
    for rule in sorted(waterfall.rules, key=lambda rule: (rule.priority, rule.provider)):
        best = next((one for one in said if one.provider == rule.provider), None)
        outcome = _verdict(rule, best, said, waterfall.kind, at)
        if outcome is StepOutcome.CHOSEN:
            if winner is None:
                winner = best
            else:
                outcome = StepOutcome.OUTRANKED
        steps.append(Step(rule=rule, outcome=outcome, observation=best))
    others = [(one, _compare(waterfall.kind, winner, one)) for one in said if one is not winner] if winner else []
    return Decision(
        field=waterfall.field,
        winner=winner,
        steps=tuple(steps),
        agreeing=tuple(one for one, agreement in others if agreement is Agreement.SAME),
        alike=tuple(one for one, agreement in others if agreement is Agreement.ALIKE),
        conflicting=tuple(one for one, agreement in others if agreement is Agreement.DIFFERENT),
        is_locked=lock is not None,
    )


def _verdict(
    rule: Rule, best: Observation | None, said: Sequence[Observation], kind: Kind, at: datetime | None
) -> StepOutcome:
    """What a rule comes to by itself."""
    if not rule.is_enabled:
        return StepOutcome.DISABLED
    if best is None:
        return StepOutcome.SILENT
    if best.confidence < rule.min_confidence:
        return StepOutcome.UNSURE
    if _is_stale(rule, best, at):
        return StepOutcome.STALE
    if rule.min_agreeing and len(_supporters(best, said, kind)) < rule.min_agreeing:
        return StepOutcome.ALONE
    return StepOutcome.CHOSEN


def _supporters(best: Observation, said: Sequence[Observation], kind: Kind) -> set[str]:
    """The other providers that do not contradict."""
    return {
        one.provider
        for one in said
        if one.provider != best.provider and _compare(kind, best, one) is not Agreement.DIFFERENT
    }


def _compare(kind: Kind, one: Observation, other: Observation) -> Agreement:
    """Whether two agree; a person who says that there is no value contradicts whoever has one."""
    if one.value is None or other.value is None:
        return Agreement.DIFFERENT
    return compare(kind, one.value, other.value)


def _is_later(one: Observation, at: datetime | None) -> bool:
    return at is not None and one.observed_at is not None and one.observed_at > at


def _is_stale(rule: Rule, best: Observation, at: datetime | None) -> bool:
    if rule.max_age_days is None or best.observed_at is None or at is None:
        return False
    return at - best.observed_at > timedelta(days=rule.max_age_days)
