"""The beta distribution: what a count of yes and no says of a share."""

from math import exp, lgamma, log

_HALVINGS = 60
"""Of the interval from 0 to 1: to the last digit of a float."""
_TERMS = 1000
_PRECISION = 1e-14


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The share below which a variable of Beta(a, b) lies with a probability.

    Args:
        probability: Between 0.0 and 1.0.
        a: Above 0; one more than what speaks for, where nothing was known before.
        b: Above 0; one more than what speaks against.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_probability(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return high


def beta_probability(share: float, a: float, b: float) -> float:
    """The probability that a variable of Beta(a, b) lies below a share: the regularised incomplete beta function.

    Args:
        share: Between 0.0 and 1.0, neither of them.
        a: Above 0.
        b: Above 0.
    """
    if share > (a + 1) / (a + b + 2):  # beyond the bulk the fraction is slow, and the other tail is not
        return 1 - beta_probability(1 - share, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(share) + b * log(1 - share)) / a
    return front * _fraction(share, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method (https://dlmf.nist.gov/8.17#v)."""
    c = 1.0
    value = d = 1 / (1 - (a + b) * x / (a + 1))
    m, change = 1, 0.0
    while m < _TERMS and abs(change - 1) > _PRECISION:
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            change = c * d
            value *= change
        m += 1
    return value
