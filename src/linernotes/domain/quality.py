"""How good what is known of one entity is: a score from 0 to 1, and whether a person should look."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_PLACES = 4


class Validation(StrEnum):
    VALID = "valid"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPolicy:
    """What the fields of an entity type weigh, and where the limits lie."""

    weights: Mapping[str, float]
    """By field; above 0."""
    valid_at: float = 0.6
    """Score from which an entity is valid."""
    rejected_below: float = 0.1


def quality_score(confidences: Mapping[str, float], policy: QualityPolicy) -> float:
    """The confidences of the fields that are known, weighed; a field that is not known counts 0.

    Never falls when a field becomes known or surer.

    Args:
        confidences: 0.0 to 1.0, by field, of the fields that have a value.
        policy: Fields that it does not weigh count nothing.

    Returns:
        0.0 to 1.0, to four places; 1.0 where nothing is weighed.
    """
    whole = sum(policy.weights.values())
    if not whole:
        return 1.0
    known = sum(weight * confidences.get(field, 0.0) for field, weight in policy.weights.items())
    return round(known / whole, _PLACES)


def validate_quality(score: float, policy: QualityPolicy, *, is_contested: bool) -> Validation:
    """Whether an entity is good enough.

    Args:
        score: As `quality_score` gives it.
        policy: Where the limits lie.
        is_contested: Whether providers contradict each other in one of its fields, and nobody has decided.
    """
    if score < policy.rejected_below:
        return Validation.REJECTED
    return Validation.VALID if score >= policy.valid_at and not is_contested else Validation.NEEDS_REVIEW
