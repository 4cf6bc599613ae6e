"""Publications: what was promoted where, and what can be rolled back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class PublicationStatus(StrEnum):
    STAGED = "staged"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One generation of a destination."""

    publication_id: UUID
    destination: str
    status: PublicationStatus
    snapshot_id: int
    """Lake snapshot the rows were read from; always one that a green build recorded."""
    scope: str
    location: str
    """Where the generation lives: a file name, or a database without its password."""
    is_forced: bool = False
    """Promoted although validation found errors."""
    counts: Mapping[str, Mapping[str, int]]
    """Per table: rows added, changed, removed."""
    run_id: UUID
    staged_at: datetime
    promoted_at: datetime | None = None


class Publications(Protocol):
    def save(self, publication: Publication) -> None:
        """Insert a publication or replace the one with its id."""
        ...

    def find(self, *, destination: str, status: PublicationStatus | None = None) -> Sequence[Publication]:
        """Publications of a destination, newest first."""
        ...
