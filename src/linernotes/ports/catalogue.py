"""The catalogue as enrichment sees it: which entities lack what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.ports.loads import Load
from linernotes.ports.providers import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Sufficient:
    """What makes asking for a field needless: an observation of a provider or source that is this sure."""

    field: str
    """Without the entity type."""
    provider: str
    base: float
    """How sure it usually is."""
    min_confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Entities to ask a provider about."""

    entity_type: EntityType
    provider: str
    fields: tuple[str, ...]
    """Without the entity type: who has all of them is not asked about."""
    sufficient: Sequence[Sufficient]
    kinds: frozenset[str]
    """Kinds of identifiers by any of which the provider can be asked."""
    is_by_name: bool
    """Whether it can also be asked by what an entity is called."""
    ways: Mapping[frozenset[str], str]
    """By the kinds of identifiers that are known of an entity, how it is asked: the same text in the same way."""
    asked_since: datetime
    """Who it was asked about since then in the same way is not asked about again."""
    entity_ids: Sequence[UUID] = ()
    """These alone; empty for all."""
    not_yet: Sequence[UUID] = ()
    """Whom it did not know, and is not to be asked about yet."""
    limit: int


class Catalogue(Protocol):
    def find(self, wanted: Wanted, loads: Sequence[Load]) -> Iterator[Subject]:
        """The entities to ask about, with what identifies and describes them, the weightiest first.

        Args:
            wanted: Which.
            loads: Every committed load.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        ...
