"""Review: what a person is asked, what people said, and the policy that decides without them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from linernotes.domain.judgements import Judgement
from linernotes.domain.match_policy import MatchPolicy

CATALOGUE = "catalogue"
"""The source of an item that is a field of an entity; its id there is that of the entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record of the other source that an item may be the same as; of a field, a value that it may have."""

    other_source: str
    """Of a value, who says so; of several the surest."""
    other_source_id: str
    """Of a value, the value."""
    name: str | None
    detail: str
    """What tells it from others of its name, in words."""
    basis: str
    score: float | None
    pattern: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A record, or a field of an entity, with the candidates that a machine could not decide between."""

    item_id: UUID
    """The id that the record's entity has by itself; of a field, made of the entity's and its name."""
    version: str
    """A hash of the candidates and of what is known of them: when it changes, an older answer is stale."""
    entity_type: str
    """Of a field `<entity type>.<field>`."""
    source: str
    source_id: str
    name: str | None
    detail: str
    downstream: int
    """Rows that mention the record or one of its candidates; of a field, how often somebody said something."""
    candidates: tuple[Candidate, ...]
    """The likeliest first."""


class ReviewQueue(Protocol):
    def items(
        self, *, entity_types: Collection[str], limit: int | None = None, item_id: UUID | None = None
    ) -> Sequence[ReviewItem]:
        """What waits for a person, that on which most hangs first, type by type.

        Args:
            entity_types: Which types.
            limit: How many of each type at most.
            item_id: Only this one.

        Raises:
            WrongUsageError: Nothing was built yet.
        """
        ...


class Judgements(Protocol):
    def add(self, judgements: Iterable[Judgement]) -> int:
        """Append events, all or none, and answer how many were new; the same id again is no new event."""
        ...

    def all(self) -> Sequence[Judgement]:
        """Every event, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInForce:
    """A policy for matching that was put in force, and when."""

    policy_id: UUID
    version: str
    policy: MatchPolicy | None
    """None where it weighs other features than this version of Linernotes compares."""
    origin: str
    """How it came: `learned`, `limits`, `back to …`."""
    in_force_since: datetime


class MatchPolicies(Protocol):
    def put(self, policy: PolicyInForce) -> None:
        """Let a policy decide from now on. Earlier ones stay known."""
        ...

    def history(self) -> Sequence[PolicyInForce]:
        """Policies, that in force first; none before the first was put."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a review sheet, as a person left it."""

    line: int
    item: str
    version: str
    candidate: str
    answer: str
    chosen: str
    note: str


class ReviewSheets(Protocol):
    def write(self, path: Path, items: Iterable[ReviewItem]) -> int:
        """Write items as a sheet, a line for each candidate, and answer how many lines.

        Raises:
            WrongUsageError: There is a file that is no sheet, or a sheet with judgements.
            FatalError: The file cannot be written.
        """
        ...

    def read(self, path: Path) -> Sequence[Row]:
        """The lines of a sheet in which somebody answered.

        Raises:
            WrongUsageError: The file is not there, or lacks a column.
            FatalError: It is no CSV in UTF-8.
        """
        ...
