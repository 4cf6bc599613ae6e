"""Calibrate: how often each provider was right in each field, and the policy that would follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from linernotes.domain.policy import Policy
from linernotes.domain.reliability import ENOUGH, Reliability, Tally, calibrate, tally_cells
from linernotes.ports.explaining import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedLine:
    """One provider in one field."""

    field: str
    provider: str
    people: Tally
    others: Tally
    mean: float
    """The share of right values, as far as there is something to hold them against, 0.0 to 1.0."""
    interval: tuple[float, float]
    """Where it lies with a probability of 90%."""
    now: float
    """How sure the active policy holds it to be."""
    is_proposed: bool
    """Whether there is enough to propose the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was found; nothing is changed by it."""

    lines: Sequence[CalibratedLine]
    """By field and provider."""
    proposed: Policy
    """The active policy with the means that are proposed."""


def calibrate_policy(cells: Cells, active: Policy) -> Calibration:
    """Hold what providers say against what people set, and against what most others say.

    Raises:
        WrongUsageError: Nothing was built yet.
    """
    found = tally_cells(cells.cells())
    return Calibration(lines=[_line(one, active) for one in found], proposed=calibrate(active, found))


def _line(found: Reliability, active: Policy) -> CalibratedLine:
    return CalibratedLine(
        field=found.field,
        provider=found.provider,
        people=found.people,
        others=found.others,
        mean=found.tally.mean,
        interval=found.tally.interval,
        now=active.base_confidence(found.field, found.provider),
        is_proposed=found.tally.total >= ENOUGH,
    )
