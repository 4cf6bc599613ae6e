"""Clusters: which records stand for one thing, at most one of each source."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence

LARGEST_SCORE = 9.0
"""No single pair decides more than this, for or against."""
STRANGERS = -3.0
"""Score of a pair that nobody proposed."""


class PairScores:
    """Scores of candidate pairs, in 12 bytes each."""

    def __init__(self, record_count: int) -> None:
        self._begins = array("q", [0]) * (record_count + 1)
        self._others = array("i")
        self._scores = array("f")
        self._last = 0

    def __len__(self) -> int:
        return len(self._others)

    def add(self, one: int, other: int, score: float) -> None:
        """Add a pair; pairs come in order, the smaller record first."""
        while self._last < one:
            self._last += 1
            self._begins[self._last] = len(self._others)
        self._others.append(other)
        self._scores.append(score)

    def close(self) -> None:
        """Say that there are no more pairs."""
        for record in range(self._last + 1, len(self._begins)):
            self._begins[record] = len(self._others)

    def get(self, one: int, other: int) -> float:
        """Score of a pair in any order, within LARGEST_SCORE; STRANGERS if it is no candidate."""
        one, other = min(one, other), max(one, other)
        end = self._begins[one + 1]
        at = bisect_left(self._others, other, self._begins[one], end)
        if at == end or self._others[at] != other:
            return STRANGERS
        return max(-LARGEST_SCORE, min(LARGEST_SCORE, self._scores[at]))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs, in order."""
        for record in range(len(self._begins) - 1):
            for at in range(self._begins[record], self._begins[record + 1]):
                yield record, self._others[at]

    def best_first(self) -> Iterator[tuple[int, int]]:
        """The pairs that are more likely a match than not, by falling score, then by record."""
        firsts = array("i", (one for one, _ in self.pairs()))
        likely = [at for at, score in enumerate(self._scores) if score > 0]
        likely.sort(key=lambda at: -self._scores[at])  # stable, so equal scores stay in order of records
        for at in likely:
            yield firsts[at], self._others[at]


def cluster(sources: Sequence[str], scores: PairScores) -> list[list[int]]:
    """Records that are one thing, each cluster in order, clusters by their first record; single ones included.

    Pairs are taken by falling score. Two clusters join if no source would be there twice, and all pairs across them
    together speak for it.
    """
    cluster_of = list(range(len(sources)))
    members: dict[int, list[int]] = {}
    for one, other in scores.best_first():
        ours, theirs = cluster_of[one], cluster_of[other]
        if ours == theirs:
            continue
        our_members, their_members = members.get(ours, [ours]), members.get(theirs, [theirs])
        if not {sources[record] for record in our_members}.isdisjoint(sources[record] for record in their_members):
            continue
        if sum(scores.get(a, b) for a in our_members for b in their_members) <= 0:
            continue
        members[ours] = our_members + their_members
        members.pop(theirs, None)
        for record in their_members:
            cluster_of[record] = ours
    clusters = [sorted(records) for records in members.values()]
    clusters += [[record] for record, own in enumerate(cluster_of) if own == record and record not in members]
    return sorted(clusters)
