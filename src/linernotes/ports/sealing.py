"""Sealing: answers of providers out of the journal into bronze, with what their readers make of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.loads import Load, LoadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedField:
    """What an answer says of one field of one entity, or that it says nothing of it."""

    answer_id: UUID
    provider: str
    question: str
    """The fingerprint of the request."""
    entity_type: EntityType
    entity_id: UUID
    outcome: Outcome
    reason: str = ""
    field: str | None = None
    """Without the entity type; None where the answer says nothing of the entity."""
    value: str | None = None
    match: float = 1.0
    signal: float = 1.0
    extractor_version: int
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFiles:
    """Bronze files that no load lists yet."""

    files: tuple[LoadFile, ...]
    record_count: int


class AnswerFiles(Protocol):
    def write_answers(self, load_id: UUID, answers: Iterable[StoredAnswer]) -> SealedFiles:
        """Write answers as received.

        Raises:
            FatalError: Bronze cannot be written.
        """
        ...

    def write_observations(self, load_id: UUID, observations: Iterable[ObservedField]) -> SealedFiles:
        """Write what answers say; one record for each answer and entity.

        Raises:
            FatalError: Bronze cannot be written.
        """
        ...

    def answer_ids(self, load: Load) -> Collection[UUID]:
        """The answers that a load holds."""
        ...

    def find(
        self, loads: Sequence[Load], fingerprints: Collection[str], *, since: datetime
    ) -> Mapping[str, StoredAnswer]:
        """The newest answer to each of some questions, received then or later, by fingerprint."""
        ...

    def answers(
        self, loads: Sequence[Load], *, providers: Collection[str] = (), answer_ids: Collection[UUID] = ()
    ) -> Iterator[StoredAnswer]:
        """Answers as they were received, oldest first: of some providers or of all, of some ids or of all."""
        ...
