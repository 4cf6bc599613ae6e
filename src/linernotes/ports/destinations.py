"""Destinations: where the catalogue is published to, by staging, validating, promoting and rolling back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from linernotes.domain.validation import Measurement
from linernotes.ports.providers import Terms


class ScopeKind(StrEnum):
    ALL = "all"
    FILTER = "filter"
    COLLECTION = "collection"
    PLAYS = "plays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What part of the catalogue is published.

    A filter chooses releases that answer to every field given, and to any one of a field's values (upper and lower
    case are the same); with them come their release groups and whoever is credited on them.
    """

    kind: ScopeKind = ScopeKind.ALL
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    artists: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    is_cc0: bool = False
    """Without the values that may not be published under CC0."""

    @property
    def text(self) -> str:
        """The same scope as one line, such as `filter genre=Jazz|Blues year=1959-`."""
        fields = {
            "genre": self.genres,
            "style": self.styles,
            "country": self.countries,
            "label": self.labels,
            "artist": self.artists,
        }
        parts = [f"{name}={'|'.join(values)}" for name, values in fields.items() if values]
        if self.first_year is not None or self.last_year is not None:
            parts.append(f"year={'' if self.first_year is None else self.first_year}-{self.last_year or ''}")
        if self.is_cc0:
            parts.append("licence=cc0")
        return " ".join([self.kind.value, *parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRequest:
    """What to stage."""

    publication_id: UUID
    """Names the generation, should one be made."""
    snapshot_id: int
    """Lake snapshot to read."""
    scope: Scope
    staged_at: datetime
    terms: Mapping[str, Terms] = field(default_factory=dict)
    """On what terms values are taken, by source or provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a staged catalogue would take."""

    rows: Mapping[str, int]
    """By table."""
    size_bytes: int
    """Of everything that staging writes, at its largest."""
    free_bytes: int | None
    """Where it would be written; None where that cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A generation that waits for promotion, or was promoted last."""

    publication_id: UUID
    snapshot_id: int
    scope: Scope
    staged_at: datetime
    location: str
    rows: Mapping[str, int]
    """By table."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Rows that were left out for their licence, by table."""
    is_stale: bool = False
    """Production has another shape than when this was staged: it must be staged again before promotion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """What a switch did to one table, in rows."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What a promotion or a roll-back did to production."""

    is_switched: bool
    """False where production already said the same."""
    changes: Mapping[str, TableChange]
    """By table, tables without change included."""
    location: str
    backup: str | None = None
    """What a roll-back would return to now."""
    publication_id: UUID | None = None
    """What production holds now, where the destination knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One change that a repair makes."""

    table: str
    key: str
    action: str
    """`removed`, `cleared` (a reference to something removed) or `moved` (a reference to the row that stays)."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A former state of production."""

    name: str
    made_at: datetime
    location: str
    size_bytes: int
    is_former: bool
    """The one that a roll-back without a time returns to."""
    publication_id: UUID | None = None
    """What it holds, where the destination knows."""


class Stage(Protocol):
    """Where a generation is made ready, out of everybody's sight."""

    @property
    def name(self) -> str:
        """The destination, as publications are recorded under it."""
        ...

    def estimate(self, request: StageRequest) -> Estimate:
        """Count what would be staged; nothing is written."""
        ...

    def stage(self, request: StageRequest) -> Staged:
        """Make a generation, in place of one that was staged before; production is not touched.

        What already stands staged for the same snapshot, scope and shape is answered as it is.

        Raises:
            FatalError: The disk is full, the folder cannot be written, production is not what it should be.
            TransientError: Production is locked.
        """
        ...

    def staged(self) -> Staged | None:
        """What was staged last, promoted or not."""
        ...


class Inspection(Protocol):
    """Looking at what is staged, and mending it."""

    def measure(self, *, today: date) -> Sequence[Measurement]:
        """Every check, with counts and examples; checks that found nothing may be left out.

        Raises:
            WrongUsageError: Nothing is staged.
        """
        ...

    def repair(self, *, dry_run: bool) -> Sequence[Repair]:
        """Remove orphans and duplicates from what is staged, and list every change; the same list for a dry run.

        Raises:
            WrongUsageError: Nothing is staged, or it is promoted already.
        """
        ...


class Production(Protocol):
    """What everybody reads."""

    def promote(self, *, backed_up_at: datetime) -> Switch:
        """Put what is staged into production, at once for every reader; a second time changes nothing.

        Raises:
            WrongUsageError: Nothing is staged, or it is stale.
            TransientError: Production is busy for longer than the destination waits; nothing has changed.
        """
        ...

    def holds(self) -> UUID | None:
        """The publication in production; None where there is none, or where it is not ours."""
        ...


class History(Protocol):
    """Former states of production."""

    def backups(self) -> Sequence[Backup]:
        """What can be returned to, newest first; that nothing of ours was in production is such a state."""
        ...

    def roll_back(self, backup: Backup, *, backed_up_at: datetime) -> Switch:
        """Return to a former state; the present one becomes the former, so that a second time undoes the first."""
        ...

    def retain(self, keep: int) -> Sequence[str]:
        """Remove the oldest backups but `keep`, never what is in use or the former state; answers what went."""
        ...


class Destination(Stage, Inspection, Production, History, Protocol):
    """All of it."""
