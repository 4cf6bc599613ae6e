"""How often a provider was right in a field, as a person wants to know it."""

from dataclasses import dataclass
from typing import Self

from linernotes.domain.policy import Policy
from linernotes.domain.reliability import ENOUGH, Reliability, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """One provider in one field."""

    field: str
    provider: str
    people: Tally
    others: Tally
    mean: float
    """The share of right values, as far as the verdicts tell, 0.0 to 1.0."""
    interval: tuple[float, float]
    """Where it lies with a probability of 90%."""
    now: float
    """How sure the active policy holds it to be."""
    is_proposed: bool
    """Whether there are verdicts enough to propose the mean."""

    @classmethod
    def of(cls, found: Reliability, active: Policy) -> Self:
        """What was found, held against a policy."""
        return cls(
            field=found.field,
            provider=found.provider,
            people=found.people,
            others=found.others,
            mean=found.tally.mean,
            interval=found.tally.interval,
            now=active.base_confidence(found.field, found.provider),
            is_proposed=found.tally.verdicts >= ENOUGH,
        )
