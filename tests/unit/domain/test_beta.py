"""What a count of yes and no says of a share, held against the binomial distribution, which is exact."""

from math import comb, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.beta import beta_probability, beta_quantile

COUNTS = st.integers(1, 40)
MANY = st.integers(1, 10**7)
SHARES = st.floats(0.001, 0.999)


def tail(share: float, a: int, b: int) -> float:
    """That of a + b - 1 throws, each hitting with that share, at least a hit."""
    throws = a + b - 1
    return sum(comb(throws, hits) * share**hits * (1 - share) ** (throws - hits) for hits in range(a, throws + 1))


@given(SHARES, COUNTS, COUNTS)
def test_a_probability_is_the_tail_of_the_binomial_distribution(share: float, a: int, b: int) -> None:
    assert beta_probability(share, a, b) == pytest.approx(tail(share, a, b), abs=1e-12)


@given(st.floats(0.01, 0.99), COUNTS, COUNTS)
def test_a_quantile_is_where_the_probability_is_reached(probability: float, a: int, b: int) -> None:
    assert tail(beta_quantile(probability, a, b), a, b) == pytest.approx(probability, abs=1e-10)


@given(SHARES, MANY, MANY)
def test_large_counts_are_no_trouble(share: float, a: int, b: int) -> None:
    probability = beta_probability(share, a, b)
    assert isfinite(probability)
    assert -1e-9 <= probability <= 1 + 1e-9


@pytest.mark.parametrize(
    ("probability", "a", "b", "expected"),
    [
        (0.5, 1, 1, 0.5),
        (0.05, 1, 1, 0.05),
        (0.05, 96, 6, 0.898731),
        (0.95, 96, 6, 0.973815),
        (0.05, 9e5, 1e5, 0.8995),
    ],
)
def test_quantiles_that_are_known(probability: float, a: float, b: float, expected: float) -> None:
    assert beta_quantile(probability, a, b) == pytest.approx(expected, abs=1e-5)
