"""How sure an observation is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.confidence import Confidence

SHARES = st.floats(0, 1)


def test_a_confidence_is_the_product_of_its_factors() -> None:
    assert Confidence(base=0.75, match=0.9, signal=0.5).value == 0.3375
    assert Confidence(base=0.85).value == 0.85
    assert Confidence(base=0.33333, match=0.5).value == 0.1667


@pytest.mark.parametrize(
    ("factors", "named"),
    [
        ({"base": 1.01}, "'base' of a confidence is 1.01, not 0 to 1"),
        ({"base": 1.0, "match": -0.1}, "'match' of a confidence is -0.1, not 0 to 1"),
        ({"base": 0.0, "signal": float("nan")}, "'signal' of a confidence is nan, not 0 to 1"),
    ],
)
def test_what_is_no_share_is_refused(factors: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Confidence(**factors)


@given(SHARES, SHARES, SHARES)
def test_no_factor_makes_an_observation_surer_than_its_base(base: float, match: float, signal: float) -> None:
    assert 0 <= Confidence(base=base, match=match, signal=signal).value <= round(base, 4)
