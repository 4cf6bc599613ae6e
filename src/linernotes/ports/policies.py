"""Policies of enrichment: every version there was, which of them decides, and what people have set for good."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPolicy:
    """A policy that decided, or may."""

    version: str
    """Its hash."""
    name: str
    """As people call it."""
    policy: Policy | None
    """None where this version of Linernotes cannot read it."""
    added_at: datetime


class Policies(Protocol):
    def add(self, policy: StoredPolicy) -> bool:
        """Keep a policy; False where that version is known."""
        ...

    def all(self) -> Sequence[StoredPolicy]:
        """Every policy, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """From when on a policy decides: everything, or some fields of some entities."""

    generation_id: UUID
    policy_version: str
    as_of: datetime | None = None
    """The time as of which it decides: what was observed later does not count. None for whatever is known."""
    fields: tuple[str, ...] = ()
    """`<entity type>.<field>`; empty for all."""
    entity_ids: tuple[UUID, ...] = ()
    """Empty for all."""
    share: float = 1.0
    """Of those entities this share, above 0.0 to 1.0: always the same, and a larger share has those of a smaller."""
    by: str
    reason: str
    made_at: datetime

    @property
    def is_of_everything(self) -> bool:
        """Whether nothing is left to an earlier generation."""
        return not self.fields and not self.entity_ids and self.share == 1

    def speaks_of(self, name: str, entity_id: UUID) -> bool:
        """Whether it decides a field, `<entity type>.<field>`, of an entity, where no newer one does."""
        falls_into = int(entity_id.hex[-8:], 16) < self.share * 2**32  # as the model of decisions has it
        return (
            (not self.fields or name in self.fields)
            and (not self.entity_ids or entity_id in self.entity_ids)
            and falls_into
        )


class Generations(Protocol):
    def add(self, generation: Generation) -> None:
        """Let a policy decide from the next build on."""
        ...

    def all(self) -> Sequence[Generation]:
        """Every generation, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a person set a field to, or that they took that back."""

    lock_id: UUID
    entity_id: UUID
    field: str
    """`<entity type>.<field>`."""
    value: str | None
    """None says that there is no value."""
    is_lifted: bool = False
    by: str
    reason: str
    locked_at: datetime


class Locks(Protocol):
    def add(self, lock: Lock) -> None:
        """Append an event; the last of a field of an entity counts."""
        ...

    def all(self) -> Sequence[Lock]:
        """Every event, oldest first."""
        ...


def locks_in_force(events: Sequence[Lock]) -> Sequence[Lock]:
    """The last word on each field of each entity, where it was not taken back."""
    last = {(event.entity_id, event.field): event for event in events}
    return [lock for lock in last.values() if not lock.is_lifted]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRules:
    """By what fields are decided."""

    policies: Mapping[str, Policy] = field(default_factory=dict)
    """By version: those of the generations."""
    generations: Sequence[Generation] = ()
    """Oldest first, the first of everything."""
    locks: Sequence[Lock] = ()
    """Those in force."""

    def generation_of(self, name: str, entity_id: UUID) -> Generation:
        """The generation that decides a field of an entity: the newest that speaks of it.

        Args:
            name: `<entity type>.<field>`.
            entity_id: The entity.
        """
        return next(one for one in reversed(self.generations) if one.speaks_of(name, entity_id))

    @property
    def widest_policy(self) -> Policy | None:
        """The policy that decides what no narrower generation speaks of; None where nothing decides."""
        widest = (one for one in reversed(self.generations) if one.is_of_everything)
        return next((self.policies[one.policy_version] for one in widest), None)

    @property
    def version(self) -> str:
        """A hash of everything that decides."""
        parts = [
            f"{one.generation_id} {one.policy_version} {one.as_of} {one.fields} {one.entity_ids} {one.share}"
            for one in self.generations
        ]
        parts += sorted(str(lock.lock_id) for lock in self.locks)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
