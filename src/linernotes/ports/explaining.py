"""Explaining and replaying: what is known of a field of an entity, and how other rules would decide it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.domain.reliability import Cell
from linernotes.ports.policies import DecisionRules


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntity:
    """An entity that somebody may mean."""

    entity_type: EntityType
    entity_id: UUID
    name: str | None
    detail: str
    """What tells it from others of its name, and by what it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody said of a field of an entity, or that they said nothing of it."""

    provider: str
    """A provider or a source."""
    value: str | None
    outcome: Outcome
    reason: str
    match: float
    signal: float
    observed_at: datetime | None
    """None for what a source has."""
    until: datetime | None
    """When the provider answered the same question again; what it said before counts no more."""
    extractor_version: int | None
    answer_id: UUID | None
    """The answer, in bronze.provider_answer."""
    source: str
    record_id: str
    """The record that says so, as its source counts: (load_id, source, record_id) names it."""
    load_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An answer as received."""

    answer_id: UUID
    run_id: UUID
    """The run that asked."""
    path: str
    parameters: Mapping[str, str]
    status: int
    received_at: datetime
    size_bytes: int
    body: bytes
    collector_version: str


class Explaining(Protocol):
    def find(self, text: str, *, entity_type: EntityType | None = None) -> Sequence[FoundEntity]:
        """Entities that a text may mean: an id of ours, an MBID, a Discogs id, an ISRC, or a name."""
        ...

    def newest_at(self) -> datetime | None:
        """When the newest answer was received that silver knows; None where it knows none."""
        ...

    def fields(self, entity: FoundEntity) -> Sequence[str]:
        """Fields of an entity, without its type, of which somebody says something, in order."""
        ...

    def told(self, entity: FoundEntity, field: str) -> Sequence[Told]:
        """Everything said of one field of an entity, oldest first, what sources have before what providers say."""
        ...

    def evidence(self, told: Told) -> Evidence | None:
        """The answer that says so; None for what a source has."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field of an entity that other rules decide otherwise."""

    entity_type: EntityType
    entity_id: UUID
    name: str | None
    field: str
    before: str | None
    before_provider: str | None
    after: str | None
    after_provider: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What other rules would decide."""

    decisions: int
    """Fields of entities that have a value by them."""
    changed: Mapping[str, int] = field(default_factory=dict)
    """Values that would be another, by `<entity type>.<field>`."""
    new: Mapping[str, int] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    examples: Sequence[Change] = ()

    @property
    def difference_count(self) -> int:
        """How many fields of entities would have another value."""
        return sum(sum(counts.values()) for counts in (self.changed, self.new, self.gone))


class Trials(Protocol):
    def run(self, rules: DecisionRules, *, example_count: int) -> Trial:
        """Decide everything by other rules, and compare with what the last build decided; nothing is written.

        Raises:
            WrongUsageError: Nothing was built yet.
        """
        ...

    def reproduces(self, rules: DecisionRules, *, snapshot_id: int) -> bool:
        """Whether the rules decide, from the lake as of a snapshot, just what stands there, column by column.

        Raises:
            WrongUsageError: The snapshot has expired.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedField:
    """What became of what was said of a field, in the share of the entities that a policy decides or in the rest."""

    field: str
    """`<entity type>.<field>`."""
    is_in_share: bool
    said: int
    """Entities of which somebody said something."""
    decided: int
    """Those that have a value."""
    mean_confidence: float | None
    """0.0 to 1.0; None where nothing was decided."""
    agreed: int
    """Values that another provider gives, too."""
    contested: int
    """Values that a person should look at."""


class Cells(Protocol):
    def cells(self) -> Iterator[Cell]:
        """Fields of entities of which several spoke, or one and a person, in any order.

        Raises:
            WrongUsageError: Nothing was built yet.
        """
        ...

    def compare(self, share: float) -> Sequence[ComparedField]:
        """How fields were decided in a share of the entities and in the rest, by field, the share first.

        Raises:
            WrongUsageError: Nothing was built yet.
        """
        ...
