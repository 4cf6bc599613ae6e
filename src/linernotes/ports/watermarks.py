"""Watermarks: how far a source has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """How far one entity of a source has been read; what lies before it is in bronze."""

    source: str
    entity: str
    value: str
    """In the source's own words: a date, a sequence number, a page token."""
    run_id: UUID
    """The run that read so far."""
    updated_at: datetime | None = None
    """Set by the ledger."""


class Watermarks(Protocol):
    def save(self, watermark: Watermark) -> None:
        """Insert a watermark or replace the one of that source and entity."""
        ...

    def find(self, *, source: str | None = None) -> Sequence[Watermark]:
        """Watermarks by source and entity."""
        ...
