"""What people set fields to: by locking them, and by answering what review asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from linernotes.domain.judgements import Answer, Judgement, is_of_field, standing
from linernotes.ports.policies import Lock, Locks
from linernotes.ports.review import Judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class AllLocks:
    """Locks of both kinds, in the order in which they were set."""

    locks: Locks
    judgements: Judgements

    def add(self, lock: Lock) -> None:
        """Append an event; the last of a field of an entity counts."""
        self.locks.add(lock)

    def all(self) -> Sequence[Lock]:
        """Every event, oldest first."""
        return sorted([*self.locks.all(), *locks_of(self.judgements.all())], key=lambda lock: lock.lock_id)


def locks_of(events: Iterable[Judgement]) -> Sequence[Lock]:
    """What answers set fields to; one that was taken back sets nothing."""
    return [
        Lock(
            lock_id=event.judgement_id,
            entity_id=UUID(event.source_id),
            field=event.entity_type,
            value=event.other_source_id,
            by=event.decided_by,
            reason=event.reason or "reviewed",
            locked_at=event.decided_at,
        )
        for event in standing(events)
        if is_of_field(event.entity_type) and event.answer in (Answer.SAME, Answer.NEW)
    ]
