"""Dumps: the tracking table of a source's monthly files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from linernotes.domain.dumps import DumpState


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpFile:
    """One file of a dump."""

    entity: str
    """`artist`, `label`, `master` or `release`."""
    name: str
    url: str
    """http(s) address, or file:// for a folder."""
    size_bytes: int | None
    """As listed; None where the index does not tell. Sizes in the HTML index are rounded."""
    sha256: str | None = None
    """From the CHECKSUM file; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """One dated dump of a source, with how far it has come."""

    dump_id: UUID
    source: str
    dumped_on: date
    state: DumpState
    files: tuple[DumpFile, ...]
    checksums: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by file name, as computed here."""
    bytes_done: int = 0
    retry_count: int = 0
    retry_limit: int = 5
    error: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def year_month(self) -> str:
        """`YYYY-MM`."""
        return f"{self.dumped_on:%Y-%m}"


class Dumps(Protocol):
    """The tracking table."""

    def save(self, dump: Dump) -> None:
        """Insert a dump or replace the one of that source and date.

        Raises:
            FatalError: The change of state is not an allowed transition (`domain.dumps.is_allowed`).
        """
        ...

    def find(self, *, source: str, year_month: str | None = None, state: DumpState | None = None) -> Sequence[Dump]:
        """Dumps, newest first."""
        ...
