"""Counting: how much is in the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from linernotes.ports.matching import MatchCount


class CatalogueCounter(Protocol):
    def count(self) -> Mapping[str, int]:
        """Rows by entity type: artist, label, release_group, release, medium, track, recording."""
        ...

    def count_matches(self) -> Sequence[MatchCount]:
        """Pairs of records by entity type: artist, label, release_group, release; none before the first build."""
        ...

    def count_patterns(self, entity_type: str) -> Mapping[str, int]:
        """Candidate pairs by pattern of how alike they are; none before the first build."""
        ...
