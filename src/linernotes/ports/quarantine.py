"""Quarantine: records set aside with their bytes and the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

ALL = 1_000_000
"""As a limit: everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRecord:
    """One record that could not be used."""

    quarantine_id: UUID
    load_id: UUID
    source: str
    entity: str
    record_id: str | None
    """The source's id of the record where it could be read."""
    reason: str
    """Short machine word, such as `invalid_utf8`, `not_well_formed`, `missing_id`, `duplicate_record`."""
    detail: str
    body: bytes
    """The record as received."""
    created_at: datetime
    resolved_at: datetime | None = None
    resolution: str | None = None


class Quarantine(Protocol):
    def add(self, records: Iterable[QuarantinedRecord]) -> int:
        """Set records aside and answer how many were new; the same id again is no new record."""
        ...

    def find(
        self,
        *,
        is_open: bool = True,
        source: str | None = None,
        load_id: UUID | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantinedRecord]:
        """Records set aside, oldest first."""
        ...

    def get(self, quarantine_id: UUID) -> QuarantinedRecord:
        """One record.

        Raises:
            WrongUsageError: No such record.
        """
        ...

    def resolve(self, quarantine_id: UUID, *, resolution: str) -> None:
        """Close a record, saying how: `retried` or `discarded`."""
        ...
