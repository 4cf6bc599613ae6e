"""Loads: the manifest of bronze, and what silver has consumed of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from linernotes.ports.quarantine import QuarantinedRecord


class LoadKind(StrEnum):
    COMPLETE = "complete"
    """Holds every record of its source's entity at that time."""
    INCREMENT = "increment"
    """Holds only the records that are new or changed since the load before it."""
    SUPPLEMENT = "supplement"
    """Holds records that an earlier load of the same version set aside, and that could be read later."""
    ADDITION = "addition"
    """Holds records of its own, whatever other loads hold: nothing builds on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFile:
    """One immutable Parquet file of one bronze table."""

    table: str
    """Bronze table name without schema, such as `discogs_release_track`."""
    path: str
    """Relative to the bronze folder, with forward slashes."""
    row_count: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One read of one entity of a source, committed whole."""

    load_id: UUID
    """UUIDv7, so loads sort by the time they were opened."""
    source: str
    entity: str
    """Entity of the source, singular: `artist`, `label`, `master`, `release`."""
    version: date
    """Date of the dump or extract."""
    kind: LoadKind
    era: str | None = None
    """Format era of the source, where it has several."""
    is_verified: bool
    """Whether the input matched a published checksum."""
    is_silent_about: tuple[str, ...] = ()
    """Bronze tables this input says nothing about (images since 2024-12): absence there is not removal."""
    file_name: str
    file_sha256: str | None
    record_count: int
    """Records in the input, landed or not."""
    landed_count: int
    """Records written to bronze: new and changed ones."""
    gone_count: int = 0
    quarantined_count: int = 0
    report: Mapping[str, object] = field(default_factory=dict)
    """Drift, reconciliation and clean-up counts, as JSON."""
    run_id: UUID
    committed_at: datetime | None = None
    discarded_at: datetime | None = None
    files: tuple[LoadFile, ...] = ()


class Loads(Protocol):
    """The bronze manifest: a file that no committed load lists does not exist for readers."""

    def commit(self, load: Load, *, quarantined: Iterable[QuarantinedRecord] = ()) -> Load:
        """Record a load with its files and the records it set aside, in one transaction.

        Committing the same id again changes nothing.
        """
        ...

    def discard(self, load_id: UUID) -> Load:
        """Withdraw a load. Its files stay.

        Raises:
            WrongUsageError: No such load.
        """
        ...

    def find(self, *, source: str | None = None, is_active: bool | None = None) -> Sequence[Load]:
        """Loads by source, version and load id, oldest first; active ones are committed and not discarded."""
        ...


class Consumption(Protocol):
    """Which loads each version of a silver or gold model has taken in."""

    def consumed(self) -> Mapping[str, frozenset[UUID]]:
        """Load ids by `<model>@<version>`: a changed model is another one, and starts anew."""
        ...

    def begin(self, versions: Collection[str]) -> None:
        """Forget what other versions of these models took in: their tables are about to be those of these versions."""
        ...

    def record(self, run_id: UUID, consumed: Mapping[str, frozenset[UUID]]) -> None:
        """Replace, for each model named, the set of loads it reflects."""
        ...
