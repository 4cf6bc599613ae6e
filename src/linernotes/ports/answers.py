"""Answers of providers: kept as received, before anybody reads them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from linernotes.ports.providers import Answer, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """One answer, and what it answers."""

    answer_id: UUID
    run_id: UUID
    question: Question
    answer: Answer
    collector_version: str
    """The Linernotes that asked."""
    cost: float = 0.0
    """In the unit in which the provider's budget is set."""


class AnswerJournal(Protocol):
    def add(self, answer: StoredAnswer) -> None:
        """Keep an answer; the same id again changes nothing."""
        ...

    def find(self, question: Question, *, since: datetime) -> StoredAnswer | None:
        """The newest answer to a question, received then or later."""
        ...

    def unsealed(self) -> Iterator[StoredAnswer]:
        """Answers that are in no bronze file yet, oldest first."""
        ...

    def seal(self, answer_ids: Collection[UUID]) -> int:
        """Forget answers that a bronze file has, and answer how many they were."""
        ...

    def unsealed_bytes(self) -> int:
        """How much the answers take that are in no bronze file yet."""
        ...
