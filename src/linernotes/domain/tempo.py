"""Tempo in beats per minute, and whether two tempos are one, or can be mixed."""

import math
from typing import NamedTuple

_SLOWEST_BPM, _FASTEST_BPM = 20, 400
_RATIOS = (1.0, 2.0, 0.5)
"""Half and double tempo count as the same: which of them is written down is taste."""
MIXING_TOLERANCE = 0.06
"""The pitch range of a turntable at which most records still sound right."""
AGREEMENT_TOLERANCE = 0.01


class TempoRelation(NamedTuple):
    """How one tempo stands to another."""

    ratio: float
    """1.0, 2.0 or 0.5."""
    difference: float
    """What is left once the ratio is taken out, as a share of the tempo, to four places."""


def parse_bpm(value: str | float | None) -> float | None:
    """Beats per minute; None for what cannot be one (0, 999, NaN, text)."""
    try:
        bpm = float(value) if value is not None else math.nan
    except ValueError:
        return None
    return bpm if _SLOWEST_BPM <= bpm <= _FASTEST_BPM else None


def relate_bpm(
    one: str | float | None, other: str | float | None, tolerance: float = MIXING_TOLERANCE
) -> TempoRelation | None:
    """The ratio at which the other tempo comes nearest to the one, if that is within the tolerance."""
    first, second = parse_bpm(one), parse_bpm(other)
    if first is None or second is None:
        return None
    relations = (TempoRelation(ratio, round(abs(second / (first * ratio) - 1), 4)) for ratio in _RATIOS)
    nearest = min(relations, key=lambda relation: relation.difference)
    return nearest if nearest.difference <= tolerance else None
