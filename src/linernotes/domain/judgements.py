"""Judgements of people on which records are one thing: a log of events, and what of it is in force.

Nothing in the log is ever changed. Who changes their mind judges again, who erred takes back (`undo`); the later word
counts. Records are named by their source's own ids (an MBID, an id of Discogs), which outlive every rebuild.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

FIELD = "field"
"""What fields of entities are reviewed as: `<entity type>.<field>` stands in place of an entity type."""


def is_of_field(entity_type: str) -> bool:
    """Whether what is judged is a field of an entity, and not a record."""
    return "." in entity_type


class Answer(StrEnum):
    SAME = "same"
    """The two records are one thing; the field has this value."""
    DIFFERENT = "different"
    """The two records are not one thing."""
    NEW = "new"
    """The record is none of the other source's; the field has none of these values."""
    SKIP = "skip"
    """Not to be decided now; asked again when something about it changes."""
    UNDO = "undo"
    """Takes an earlier event back, as if it had never been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One event: what a person said of one item of the review queue."""

    judgement_id: UUID
    """UUIDv7: later events have greater ids."""
    entity_type: str
    source: str
    source_id: str
    other_source: str
    other_source_id: str | None
    """The candidate; None for `new`, `skip` and `undo`."""
    answer: Answer
    item_id: UUID
    item_version: str
    """The state of the item that the person saw."""
    score: float | None
    """What the machine had said of the pair; with `new`, of the best."""
    reason: str | None
    decided_by: str
    decided_at: datetime
    supersedes: UUID | None = None
    """The event that an `undo` takes back."""


def standing(events: Iterable[Judgement]) -> list[Judgement]:
    """The events that nobody took back, newest first; an undo can be taken back like any other event."""
    taken_back: set[UUID] = set()
    left = []
    for event in sorted(events, key=lambda event: event.judgement_id, reverse=True):
        if event.judgement_id in taken_back:
            continue
        if event.supersedes is not None:
            taken_back.add(event.supersedes)
        else:
            left.append(event)
    return left


def in_force(events: Iterable[Judgement]) -> list[Judgement]:
    """What people hold of pairs and records, oldest first; the order of the events has no part in it, nor has what they
    hold of fields.

    The newest word on a pair counts, and on a record that is said to be the same as another, or as none. An older word
    that cannot be true beside it is left out.
    """
    judged = _Judged()
    kept = [event for event in standing(events) if judged.admits(event)]
    return kept[::-1]


class _Judged:
    """What newer events said already."""

    def __init__(self) -> None:
        self._pairs: set[tuple[str, str, str, str, str | None]] = set()
        self._settled: set[tuple[str, str, str | None]] = set()

    def admits(self, event: Judgement) -> bool:
        """Whether an event says something that no newer one has settled; what it says is settled then."""
        if event.answer is Answer.SKIP or is_of_field(event.entity_type):
            return False
        own = (event.entity_type, event.source, event.source_id)
        pair = (*own, event.other_source, event.other_source_id)
        sides = {own, (event.entity_type, event.other_source, event.other_source_id)}
        if event.answer is Answer.NEW:
            sides = {own}
        if pair in self._pairs or (event.answer is not Answer.DIFFERENT and not sides.isdisjoint(self._settled)):
            return False
        self._pairs.add(pair)
        if event.answer is not Answer.DIFFERENT:
            self._settled |= sides
        return True
