from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.clusters import LARGEST_SCORE, STRANGERS, PairScores, cluster


def scores_of(count: int, pairs: Mapping[tuple[int, int], float]) -> PairScores:
    scores = PairScores(count)
    for (one, other), score in sorted(pairs.items()):
        scores.add(one, other, score)
    scores.close()
    return scores


def test_scores_are_found_in_any_order_of_the_pair_and_within_the_limit() -> None:
    scores = scores_of(5, {(0, 2): 1.5, (0, 4): -20.0, (3, 4): 30.0})
    assert (scores.get(0, 2), scores.get(2, 0)) == (1.5, 1.5)
    assert (scores.get(0, 4), scores.get(3, 4)) == (-LARGEST_SCORE, LARGEST_SCORE)
    assert (scores.get(0, 1), scores.get(1, 2), scores.get(2, 4)) == (STRANGERS, STRANGERS, STRANGERS)
    assert list(scores.pairs()) == [(0, 2), (0, 4), (3, 4)]
    assert len(scores) == 3


def test_best_pairs_come_first_and_unlikely_ones_not_at_all() -> None:
    scores = scores_of(4, {(0, 1): 1.0, (0, 2): 5.0, (1, 2): 1.0, (1, 3): 0.0, (2, 3): -1.0})
    assert list(scores.best_first()) == [(0, 2), (0, 1), (1, 2)]


def test_pairs_make_clusters() -> None:
    pairs = {(0, 1): 5.0, (1, 2): 4.0, (0, 2): 3.0, (3, 4): 1.0}
    assert cluster(list("abcab"), scores_of(5, pairs)) == [[0, 1, 2], [3, 4]]


def test_a_source_is_in_a_cluster_once() -> None:
    pairs = {(0, 1): 5.0, (1, 2): 8.0}
    assert cluster(list("aba"), scores_of(3, pairs)) == [[0], [1, 2]]


def test_pair_that_does_not_join_keeps_no_later_pair_from_joining() -> None:
    already_one = {(0, 1): 9.0, (0, 2): 8.0, (1, 2): 7.0, (3, 4): 1.0}
    assert cluster(list("abcab"), scores_of(5, already_one)) == [[0, 1, 2], [3, 4]]
    same_source = {(0, 1): 9.0, (1, 2): 8.0, (3, 4): 1.0}
    assert cluster(list("abaab"), scores_of(5, same_source)) == [[0, 1], [2], [3, 4]]
    outvoted = {(0, 1): 9.0, (1, 2): 2.0, (3, 4): 1.0}
    assert cluster(list("abcab"), scores_of(5, outvoted)) == [[0, 1], [2], [3, 4]]


def test_clusters_join_only_if_all_their_pairs_together_speak_for_it() -> None:
    pairs = {(0, 1): 9.0, (2, 3): 9.0, (1, 2): 8.0}
    assert cluster(list("abcd"), scores_of(4, pairs)) == [[0, 1], [2, 3]]
    pairs |= {(0, 3): 2.0}
    assert cluster(list("abcd"), scores_of(4, pairs)) == [[0, 1, 2, 3]]


def test_strong_doubt_about_one_pair_is_bounded() -> None:
    pairs = {(0, 1): 9.0, (0, 2): 20.0, (1, 2): -50.0}
    assert cluster(list("abc"), scores_of(3, pairs)) == [[0, 2], [1]]
    assert cluster(list("abc"), scores_of(3, pairs | {(1, 2): -8.0})) == [[0, 1, 2]]


def test_records_that_nobody_proposes_stay_alone() -> None:
    assert cluster(list("ab"), scores_of(2, {})) == [[0], [1]]
    assert cluster([], scores_of(0, {})) == []


@given(
    st.lists(st.sampled_from("abc"), min_size=2, max_size=8),
    st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.floats(-9, 9), max_size=20),
)
def test_every_record_is_in_one_cluster_with_one_of_each_source(
    sources: list[str], pairs: dict[tuple[int, int], float]
) -> None:
    valid = {
        (min(pair), max(pair)): score
        for pair, score in pairs.items()
        if max(pair) < len(sources) and sources[pair[0]] != sources[pair[1]]
    }
    clusters = cluster(sources, scores_of(len(sources), valid))
    assert sorted(record for records in clusters for record in records) == list(range(len(sources)))
    assert all(len({sources[record] for record in records}) == len(records) for records in clusters)
