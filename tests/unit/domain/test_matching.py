from math import log

import pytest

from linernotes.domain.matching import ROUNDS, Pattern, Weights, fit, score_pair

Levels = tuple[int, ...]


def test_score_is_the_sum_of_its_parts() -> None:
    weights = Weights(("title", "year"), ((-2.0, 3.0), (0.5, -1.0)), -4.0)
    assert weights.score((1, 1)) == -2.0
    assert weights.parts((1, 1)) == {"title": 3.0, "year": -1.0}


def test_several_models_have_one_score() -> None:
    models = Weights(("title",), ((-2.0, 3.0),), 1.0), Weights(("text",), ((0.0, 6.0),), -2.0)
    assert score_pair(models, ((1,), (1,))) == 4.0


def test_pair_is_scored_by_all_its_levels_or_not_at_all() -> None:
    weights = Weights(("title", "year"), ((-2.0, 3.0), (0.5, -1.0)), -4.0)
    with pytest.raises(ValueError, match="shorter"):
        weights.parts((1,))
    with pytest.raises(ValueError, match="longer"):
        score_pair([weights], ((1, 1), (1,)))


def one_model(patterns: dict[Levels, Pattern]) -> dict[tuple[Levels, ...], Pattern]:
    return {(levels,): pattern for levels, pattern in patterns.items()}


def test_first_round_counts_the_guess() -> None:
    patterns: dict[Levels, Pattern] = {(1,): Pattern(count=10, matches=9.0), (0,): Pattern(count=90, matches=1.0)}
    (weights,) = fit([["title"]], one_model(patterns), rounds=1)
    assert weights.prior == pytest.approx(log(11 / 91))
    assert weights.by_level[0] == pytest.approx((log(2 / 12) - log(90 / 92), log(10 / 12) - log(2 / 92)))


@pytest.mark.parametrize("rounds", [2, 3, ROUNDS])
def test_levels_of_matches_are_told_from_the_others_without_labels(rounds: int) -> None:
    patterns: dict[Levels, Pattern] = {
        (1, 1, 1): Pattern(count=500, matches=300.0),
        (1, 1, 0): Pattern(count=60, matches=20.0),
        (1, 0, 0): Pattern(count=100, matches=20.0),
        (0, 1, 0): Pattern(count=100, matches=20.0),
        (0, 0, 1): Pattern(count=100, matches=20.0),
        (0, 0, 0): Pattern(count=5000, matches=250.0),
    }
    (weights,) = fit([["title", "artist", "length"]], one_model(patterns), rounds=rounds)
    assert weights.score((1, 1, 1)) > 5
    assert weights.score((1, 1, 0)) > 0
    assert weights.score((1, 0, 0)) < 0
    assert weights.score((0, 0, 0)) < -5


def test_model_that_sees_little_is_held_by_the_other() -> None:
    patterns: dict[tuple[Levels, ...], Pattern] = {
        ((1, 1), (1,)): Pattern(count=45, matches=43.0),
        ((0, 0), (0,)): Pattern(count=300, matches=15.0),
        ((0, 1), (1,)): Pattern(count=20, matches=19.0),
    }
    models = fit([["title", "artist"], ["text"]], patterns)
    assert score_pair(models, ((1, 1), (1,))) > 3
    assert score_pair(models, ((0, 0), (0,))) < -3


def test_order_of_the_pairs_does_not_matter() -> None:
    patterns = one_model({(at % 3, at % 2): Pattern(count=at + 1, matches=at * 0.7) for at in range(6)})
    assert fit([["a", "b"]], patterns) == fit([["a", "b"]], dict(reversed(patterns.items())))


def test_without_pairs_nothing_is_learned() -> None:
    assert fit([["a"]], {}) == (Weights(("a",), ((0.0,),), 0.0),)


def test_without_a_round_there_is_no_model() -> None:
    assert fit([["title"]], one_model({(1,): Pattern(count=10, matches=9.0)}), rounds=0) == ()


def test_certain_pairs_do_not_overflow() -> None:
    features = [str(number) for number in range(400)]
    patterns: dict[Levels, Pattern] = {(1,) * 400: Pattern(count=1000, matches=1000.0), (0,) * 400: Pattern(count=1000)}
    (weights,) = fit([features], one_model(patterns))
    assert weights.score((1,) * 400) > 1000
    assert weights.score((0,) * 400) < -1000
