from linernotes.domain.evaluation import accuracy, cluster_accuracy, count_pairs, pair_accuracy


def test_pairs_within_groups_are_counted() -> None:
    assert count_pairs([1, 2, 3]) == 4
    assert count_pairs([]) == 0


def test_pairs_within_a_group_of_millions_are_counted_exactly() -> None:
    assert count_pairs([180_000_003]) == 180_000_003 * 90_000_001


def test_pairs_are_held_against_the_truth() -> None:
    found = pair_accuracy([[0, 1, 2], [3], [4, 5]], "xxyyzz")
    assert (found.found, found.right, found.true) == (4, 2, 3)
    assert (found.precision, found.recall, found.f1) == (0.5, 2 / 3, 4 / 7)


def test_only_whole_clusters_are_right() -> None:
    found = cluster_accuracy([[0, 1, 2], [3], [4, 5], [6]], "xxyyzzw")
    assert (found.found, found.right, found.true) == (4, 2, 4)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_nothing_to_find_is_found_wholly() -> None:
    found = accuracy(found=0, right=0, true=0)
    assert (found.precision, found.recall, found.f1) == (1.0, 1.0, 1.0)
