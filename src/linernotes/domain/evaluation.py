"""How good clusters are, held against the truth."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How much of what was found is right, and how much of what is right was found."""

    found: int
    right: int
    true: int
    precision: float
    """0.0 to 1.0; 1.0 where nothing was found."""
    recall: float
    """0.0 to 1.0; 1.0 where there was nothing to find."""
    f1: float
    """Harmonic mean of both."""


def accuracy(*, found: int, right: int, true: int) -> Accuracy:
    """Precision and recall of what was found."""
    return Accuracy(
        found=found,
        right=right,
        true=true,
        precision=right / found if found else 1.0,
        recall=right / true if true else 1.0,
        f1=2 * right / (found + true) if found + true else 1.0,
    )


def count_pairs(sizes: Iterable[int]) -> int:
    """How many pairs there are within groups of these sizes."""
    return sum(size * (size - 1) // 2 for size in sizes)


def pair_accuracy(clusters: Sequence[Sequence[int]], truth: Sequence[Hashable]) -> Accuracy:
    """Pairs of records in one cluster, against pairs that are one thing; `truth` names the thing of each record."""
    right = sum(count_pairs(Counter(truth[record] for record in records).values()) for records in clusters)
    return accuracy(found=count_pairs(map(len, clusters)), right=right, true=count_pairs(Counter(truth).values()))


def cluster_accuracy(clusters: Sequence[Sequence[int]], truth: Sequence[Hashable]) -> Accuracy:
    """Clusters that hold all records of one thing and nothing else, single ones included."""
    sizes = Counter(truth)
    right = sum(
        all(truth[record] == truth[records[0]] for record in records) and len(records) == sizes[truth[records[0]]]
        for records in clusters
    )
    return accuracy(found=len(clusters), right=right, true=len(sizes))
