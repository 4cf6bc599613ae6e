"""Weights that a matcher learns without labels, and the scores they give.

A model is that of Fellegi and Sunter with independent features: how often each level comes among pairs that match and
among pairs that do not (https://en.wikipedia.org/wiki/Record_linkage#Probabilistic_record_linkage). Several models may
look at the same pairs; a pair's score is the mean of theirs. They are fitted together by expectation and maximisation,
starting from a guess, so none of them can drift away from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TypeAlias

Levels: TypeAlias = tuple[int, ...]
"""One level per feature, 0 for the least alike."""
ROUNDS = 25
LIKELY, UNLIKELY = 0.95, 0.05
"""What a pair is taken for before any weight is known."""
_LARGEST_LOG_ODDS = 50.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each level of each feature says for a match, in natural logarithms of odds."""

    features: tuple[str, ...]
    by_level: tuple[tuple[float, ...], ...]
    prior: float
    """Log-odds of a pair of which nothing is known but that it is a candidate."""

    def score(self, levels: Levels) -> float:
        """Log-odds that a pair is a match."""
        return self.prior + sum(self.parts(levels).values())

    def parts(self, levels: Levels) -> dict[str, float]:
        """What each feature adds to the score."""
        return {
            feature: weights[level]
            for feature, weights, level in zip(self.features, self.by_level, levels, strict=True)
        }


@dataclass(slots=True)
class Pattern:
    """All candidate pairs that have the same levels."""

    count: int = 0
    matches: float = 0.0
    """How many of them are matches, as far as is known."""


def score_pair(models: Sequence[Weights], levels: Sequence[Levels]) -> float:
    """Log-odds that a pair is a match, from its levels in each model."""
    return sum(model.score(own) for model, own in zip(models, levels, strict=True)) / len(models)


def fit(
    features: Sequence[Sequence[str]], patterns: Mapping[tuple[Levels, ...], Pattern], *, rounds: int = ROUNDS
) -> tuple[Weights, ...]:
    """Learn the weights from candidate pairs; the same patterns give the same weights, in any order.

    Args:
        features: Names of each model's features.
        patterns: The pairs by their levels in each model, with a first guess of how many of each match.
        rounds: How often to guess again.
    """
    guess = [(levels, patterns[levels].count, patterns[levels].matches) for levels in sorted(patterns)]
    models: tuple[Weights, ...] = ()
    for _ in range(rounds):
        models = tuple(
            _maximise(names, [(levels[at], count, matches) for levels, count, matches in guess])
            for at, names in enumerate(features)
        )
        guess = [(levels, count, count * _probability(score_pair(models, levels))) for levels, count, _ in guess]
    return models


def _maximise(features: Sequence[str], guess: Sequence[tuple[Levels, int, float]]) -> Weights:
    """The weights under which the guess is likeliest; every level is taken to have been seen once more (add-1)."""
    sizes = [1 + max((levels[at] for levels, *_ in guess), default=0) for at in range(len(features))]
    seen = [[[1.0, 1.0] for _ in range(size)] for size in sizes]
    for levels, count, matches in guess:
        for at, level in enumerate(levels):
            seen[at][level][0] += matches
            seen[at][level][1] += count - matches
    match_total = sum(matches for *_, matches in guess)
    other_total = sum(count for _, count, _ in guess) - match_total
    by_level = tuple(
        tuple(log(found / (match_total + len(own))) - log(others / (other_total + len(own))) for found, others in own)
        for own in seen
    )
    return Weights(tuple(features), by_level, log((match_total + 1) / (other_total + 1)))


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-_LARGEST_LOG_ODDS, min(_LARGEST_LOG_ODDS, log_odds))))
