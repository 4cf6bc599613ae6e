"""Weights that a home learns from its own candidate pairs."""

import pytest

from linernotes.domain.match_learning import ENOUGH_PAIRS, learn
from linernotes.domain.match_policy import SHIPPED

LABEL = SHIPPED.entities["label"]
MANY = {"6301": 900, "6001": 100, "2001": 1_200, "0001": 800, "5001": 60, "5301": 40, "4401": 5}
"""Names of these two only mostly share numbers; names that are merely alike never do."""


@pytest.mark.parametrize(
    ("matches", "others", "is_learned"), [(40, 40, True), (20, 40, False), (40, 20, False), (0, 0, False)]
)
def test_too_few_matches_or_others_teach_nothing(matches: int, others: int, *, is_learned: bool) -> None:
    assert (learn({"6301": matches, "0001": others}, LABEL) != LABEL) is is_learned


def test_what_goes_with_matches_weighs_more_and_what_does_not_less() -> None:
    learned = learn(MANY, LABEL).weights
    names, numbers, *_ = learned.by_level
    assert names[6] > names[5] > names[2]
    assert numbers[3] > 0 > numbers[0]
    assert learned.score((6, 3, 0, 1)) > 0 > learned.score((2, 0, 0, 1))


def test_a_level_that_is_rarely_seen_keeps_its_weight() -> None:
    names, numbers, *_ = learn(MANY, LABEL).weights.by_level
    assert names[4] == LABEL.weights.by_level[0][4]  # 5 pairs
    assert numbers[4] == LABEL.weights.by_level[1][4]
    assert names[3] == LABEL.weights.by_level[0][3]  # none
    edge = {**MANY, "4401": ENOUGH_PAIRS}
    assert learn(edge, LABEL).weights.by_level[0][4] != LABEL.weights.by_level[0][4]


def test_limits_stay_as_they_are() -> None:
    learned = learn(MANY, LABEL)
    assert (learned.match_at, learned.review_at, learned.margin) == (LABEL.match_at, LABEL.review_at, LABEL.margin)


def test_no_weight_is_without_bounds() -> None:
    learned = learn({"6401": 5_000_000, "0001": 5_000_000}, LABEL).weights
    heaviest = max(abs(weight) for weights in learned.by_level for weight in weights)
    assert heaviest == 9.0


def test_the_order_of_the_patterns_has_no_part_in_it() -> None:
    assert learn(dict(reversed(MANY.items())), LABEL) == learn(MANY, LABEL)


def test_weights_are_rounded_so_that_a_policy_can_be_read() -> None:
    learned = learn(MANY, LABEL).weights
    assert all(round(weight, 3) == weight for weights in learned.by_level for weight in weights)
    assert round(learned.prior, 3) == learned.prior
    assert round(learned.prior) != learned.prior
