"""Weights that a home learns from its own candidate pairs, without labels, beginning with the policy in force."""

from collections.abc import Mapping
from dataclasses import replace
from math import exp

from linernotes.domain.match_policy import EntityPolicy, levels_of
from linernotes.domain.matching import Levels, Pattern, Weights, fit

ENOUGH_PAIRS = 30
"""Fewer matches, or fewer others, teach nothing; a level that fewer pairs show keeps its weight."""
_HEAVIEST = 9.0
"""No feature alone decides more than this."""
_DECIMALS = 3


def learn(patterns: Mapping[str, int], policy: EntityPolicy) -> EntityPolicy:
    """The policy of an entity type with the weights under which its candidate pairs are likeliest.

    Args:
        patterns: How many candidate pairs have each pattern.
        policy: In force until now; its scores are the first guess, and its limits stay as they are.
    """
    known = policy.weights
    counts = {levels_of(pattern): count for pattern, count in patterns.items()}
    guess: dict[tuple[Levels, ...], Pattern] = {
        (levels,): Pattern(count, count * _probability(known.score(levels))) for levels, count in counts.items()
    }
    matches = sum(pattern.matches for pattern in guess.values())
    if min(matches, sum(counts.values()) - matches) < ENOUGH_PAIRS:
        return policy
    (learned,) = fit((known.features,), guess)
    by_level = tuple(
        tuple(
            weight if _seen(counts, at, level) < ENOUGH_PAIRS else _within(learned.by_level[at][level])
            for level, weight in enumerate(weights)
        )
        for at, weights in enumerate(known.by_level)
    )
    return replace(policy, weights=Weights(known.features, by_level, _within(learned.prior)))


def _seen(counts: Mapping[tuple[int, ...], int], at: int, level: int) -> int:
    return sum(count for levels, count in counts.items() if levels[at] == level)


def _within(weight: float) -> float:
    return round(max(-_HEAVIEST, min(_HEAVIEST, weight)), _DECIMALS)


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
