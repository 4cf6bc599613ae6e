"""How good what is known of an entity is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.quality import QualityPolicy, Validation, quality_score, validate_quality

POLICY = QualityPolicy(weights={"isrc": 1.0, "tempo_bpm": 2.0, "key": 1.0}, valid_at=0.6, rejected_below=0.1)
FIELDS = st.dictionaries(st.sampled_from(["isrc", "tempo_bpm", "key", "genre"]), st.floats(0, 1))


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [
        ({}, 0.0),
        ({"isrc": 1.0}, 0.25),
        ({"tempo_bpm": 0.85}, 0.425),
        ({"isrc": 1.0, "tempo_bpm": 1.0, "key": 1.0}, 1.0),
        ({"genre": 1.0}, 0.0),
        ({"isrc": 0.3333}, 0.0833),
    ],
)
def test_a_score_weighs_what_is_known(confidences: dict[str, float], expected: float) -> None:
    assert quality_score(confidences, POLICY) == expected


def test_where_nothing_is_asked_for_nothing_is_missing() -> None:
    assert quality_score({}, QualityPolicy(weights={})) == 1.0


@given(FIELDS, st.sampled_from(["isrc", "tempo_bpm", "key"]), st.floats(0, 1))
def test_a_score_never_falls_when_more_is_known(known: dict[str, float], field: str, confidence: float) -> None:
    more = {**known, field: max(confidence, known.get(field, 0))}
    assert 0 <= quality_score(known, POLICY) <= quality_score(more, POLICY) <= 1


@pytest.mark.parametrize(
    ("score", "is_contested", "expected"),
    [
        (0.6, False, Validation.VALID),
        (0.6, True, Validation.NEEDS_REVIEW),
        (0.59, False, Validation.NEEDS_REVIEW),
        (0.1, False, Validation.NEEDS_REVIEW),
        (0.09, False, Validation.REJECTED),
        (0.09, True, Validation.REJECTED),
    ],
)
def test_an_entity_is_as_good_as_its_score_and_its_conflicts(
    score: float, is_contested: bool, expected: Validation
) -> None:
    assert validate_quality(score, POLICY, is_contested=is_contested) is expected


def test_limits_that_nobody_sets() -> None:
    policy = QualityPolicy(weights={})
    assert (policy.valid_at, policy.rejected_below) == (0.6, 0.1)
