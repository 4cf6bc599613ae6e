"""How often a provider is right: held against what people said, and against what most others say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linernotes.domain.beta import beta_quantile
from linernotes.domain.comparison import Agreement, compare
from linernotes.domain.fields import FIELDS
from linernotes.domain.policy import Policy

ENOUGH = 20
"""Comparisons below which nothing is proposed."""
_TAIL = 0.05
_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of one entity of which several spoke, or one and a person."""

    field: str
    """`<entity type>.<field>`."""
    said: Sequence[tuple[str, str]]
    """Providers with their values."""
    truth: str | None = None
    """What a person set it to; None where nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often a provider was right in one field, and how often not."""

    right: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.right + self.wrong

    @property
    def mean(self) -> float:
        """The mean of the posterior Beta(1 + right, 1 + wrong), 0.0 to 1.0."""
        return (self.right + 1) / (self.total + 2)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of right values lies with a probability of 90%."""
        a, b = self.right + 1, self.wrong + 1
        return beta_quantile(_TAIL, a, b), beta_quantile(1 - _TAIL, a, b)

    def plus(self, *, is_right: bool) -> "Tally":
        """One comparison more."""
        return replace(self, right=self.right + is_right, wrong=self.wrong + (not is_right))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How often one provider is right in one field."""

    field: str
    """Without its entity type, as policies name it."""
    provider: str
    people: Tally
    """Held against what people set."""
    others: Tally
    """Held against what most other providers say."""

    @property
    def tally(self) -> Tally:
        """What people say where they said enough, else what others do."""
        return self.people if self.people.total >= ENOUGH else self.others


def tally_cells(cells: Iterable[Cell]) -> Sequence[Reliability]:
    """How often each provider is right, by field and provider.

    That something does not contradict, such as half the tempo, makes nobody wrong. Where as many others contradict as
    do not, nothing is counted.
    """
    found: dict[tuple[str, str], Reliability] = {}
    for cell in cells:
        field = cell.field.partition(".")[2]
        for provider, value in cell.said:
            key = (field, provider)
            before = found.get(key) or Reliability(field=field, provider=provider, people=Tally(), others=Tally())
            found[key] = _compared(before, cell, value)
    return [one for _, one in sorted(found.items())]


def calibrate(policy: Policy, found: Iterable[Reliability]) -> Policy:
    """The policy with confidences as they were found, where enough was compared; everything else stays."""
    confidence: dict[str, Mapping[str, float]] = dict(policy.confidence)
    for one in found:
        if one.tally.total >= ENOUGH:
            confidence[one.field] = {**confidence.get(one.field, {}), one.provider: round(one.tally.mean, _PLACES)}
    return replace(policy, confidence=confidence)


def _compared(before: Reliability, cell: Cell, value: str) -> Reliability:
    after = before
    if cell.truth is not None:
        after = replace(after, people=after.people.plus(is_right=_fits(cell.field, value, cell.truth)))
    votes = [_fits(cell.field, value, other) for other in _others(cell, before.provider)]
    if sum(votes) * 2 != len(votes):
        after = replace(after, others=after.others.plus(is_right=sum(votes) * 2 > len(votes)))
    return after


def _others(cell: Cell, provider: str) -> Iterator[str]:
    return (value for other, value in cell.said if other != provider)


def _fits(field: str, value: str, other: str) -> bool:
    return compare(FIELDS[field].kind, value, other) is not Agreement.DIFFERENT
