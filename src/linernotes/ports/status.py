"""The state of the ledger, as `liner status` shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.dumps import DumpState
from linernotes.ports.publications import Publication
from linernotes.ports.runs import Run
from linernotes.ports.watermarks import Watermark


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSummary:
    """The active loads of one entity of a source."""

    source: str
    entity: str
    load_count: int
    version: date
    """Of the newest load."""
    record_count: int
    """Records in the input of the newest load."""
    landed_count: int
    """Records landed by all loads together."""
    committed_at: datetime
    """When the newest load was committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineSummary:
    """Open records of one entity of a source with the same reason."""

    source: str
    entity: str
    reason: str
    record_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseHolder:
    """Who holds a lease."""

    name: str
    run_id: UUID | None
    host: str
    pid: int
    acquired_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStatus:
    """What the ledger knows, in one consistent view."""

    version: str
    """Revision of the schema."""
    runs: Sequence[Run]
    """The newest run of each use case, newest first."""
    loads: Sequence[LoadSummary]
    dumps: Mapping[DumpState, int]
    quarantine: Sequence[QuarantineSummary]
    publications: Sequence[Publication]
    """What is promoted at each destination, by destination."""
    watermarks: Sequence[Watermark]
    leases: Sequence[LeaseHolder]
    """Leases held now, by name."""


class StatusReader(Protocol):
    def read(self) -> LedgerStatus:
        """The state of everything the ledger records."""
        ...
