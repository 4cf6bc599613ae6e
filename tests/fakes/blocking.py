"""Blocking that leaves nothing out."""

from collections.abc import Iterator, Sequence
from itertools import combinations


class EveryPair:
    """Proposes every pair of records of different sources."""

    def candidates(self, texts: Sequence[str], sources: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the pairs in order."""
        for one, other in combinations(range(len(texts)), 2):
            if sources[one] != sources[other]:
                yield one, other
