"""How complete and how sure the catalogue is, build by build."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One field of an entity type, or the entities as such."""

    entity_type: str
    field: str
    """Empty for the entities as such."""
    entity_count: int
    known_count: int | None
    """Entities of which the field is known; None without a field."""
    contested_count: int | None
    """Of those, how many a person should look at; None without a field."""
    mean_confidence: float | None
    """Of the values that are known, 0.0 to 1.0, None where none is; without a field the mean score of the entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredBuild:
    """What one build came to."""

    run_id: UUID
    started_at: datetime
    measures: Sequence[Measure]
    """By entity type and field."""


class Measures(Protocol):
    def add(self, run_id: UUID, measures: Sequence[Measure]) -> None:
        """Keep what a build came to; a second time changes nothing."""
        ...

    def latest(self, *, limit: int) -> Sequence[MeasuredBuild]:
        """The builds that were measured, newest first."""
        ...
