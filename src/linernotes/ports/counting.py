"""Counting: how much is in the catalogue."""

from collections.abc import Mapping
from typing import Protocol


class CatalogueCounter(Protocol):
    def count(self) -> Mapping[str, int]:
        """Rows by entity type: artist, label, release_group, release, medium, track, recording."""
        ...
