"""How a provider stands: whether it may be asked now, and what it does not know."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import Standing


class Standings(Protocol):
    def all(self) -> Mapping[str, Standing]:
        """By provider, those that were ever asked."""
        ...

    def put(self, standing: Standing) -> None:
        """Remember how a provider stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a provider allows us."""

    provider: str
    capability: str
    """Such as `extended`, in words of the provider's own."""
    probed_at: datetime


class Capabilities(Protocol):
    def all(self) -> Mapping[str, Capability]:
        """By provider, those that were ever probed."""
        ...

    def put(self, capability: Capability) -> None:
        """Remember what a provider allows us."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """An entity that a provider did not know when it was asked."""

    provider: str
    entity_id: UUID
    times: int
    """In a row."""
    asked_at: datetime
    again_at: datetime


class UnknownEntities(Protocol):
    def put(self, unknown: Iterable[Unknown]) -> None:
        """Remember that a provider does not know entities."""
        ...

    def forget(self, provider: str, entity_ids: Collection[UUID]) -> None:
        """A provider knows these after all."""
        ...

    def find(self, provider: str) -> Sequence[Unknown]:
        """What a provider did not know, by entity id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDay:
    """The requests to a provider on one day that came to one outcome."""

    provider: str
    day: date
    """In UTC."""
    outcome: Outcome
    requests: int
    cost: float
    """In the unit of the provider's budget."""
    seconds: float
    """Until the answers were there, all together."""


class ProviderDays(Protocol):
    def add(self, asked: ProviderDay) -> None:
        """Add requests to those of the day."""
        ...

    def find(self, *, since: date) -> Sequence[ProviderDay]:
        """What was asked that day and later, by provider, day and outcome."""
        ...
