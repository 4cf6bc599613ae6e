"""Snapshots: a source that shows all its entities as they were at one moment, be it a dump or a database."""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from linernotes.ports.landing import Landed
from linernotes.ports.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which part of a source is wanted; all of it by default."""

    artists: tuple[str, ...] = ()
    """Names or MBIDs: these, and what is theirs."""
    area: str = ""
    """Name, ISO code or MBID: artists of it and of what is part of it, and what is theirs."""
    limit: int | None = None
    """At most so many artists, the oldest entries first."""
    since: datetime | None = None
    """Only what the source says was updated since."""

    @property
    def is_of_artists(self) -> bool:
        """Whether only some artists are wanted."""
        return bool(self.artists or self.area or self.limit is not None)

    def __str__(self) -> str:
        """What a person would recognise it by, and what tells it from others; nothing for all."""
        digest = hashlib.sha256("\n".join(sorted(self.artists)).encode()).hexdigest()[:8]
        parts = [
            f"{len(self.artists):,} named artists ({digest})" if self.artists else "",
            f"artists of {self.area}" if self.area else "",
            f"at most {self.limit:,} artists" if self.limit is not None else "",
            f"updated since {self.since.isoformat()}" if self.since else "",
        ]
        return ", ".join(filter(None, parts))


WHOLE = Selection()


class Snapshot(Protocol):
    """A source at one moment."""

    @property
    def name(self) -> str:
        """What the user would recognise it by: names of files, or server and database; never a secret."""
        ...

    @property
    def sha256(self) -> str | None:
        """The checksum of its files; None for a database."""
        ...

    @property
    def taken_at(self) -> datetime:
        """The moment it shows."""
        ...

    @property
    def selection(self) -> Selection:
        """What of it is wanted; what is not is neither landed nor taken for gone."""
        ...

    @property
    def unknown_artists(self) -> Sequence[str]:
        """What the selection names and the source does not have, as far as was looked."""
        ...

    @property
    def entities(self) -> Sequence[str]:
        """What it has, in the order to land it."""
        ...

    def land(self, entity: str, *, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress) -> Landed:
        """Write the records of one entity to bronze: all of them, or those new or changed since the load before.

        Args:
            entity: One of `entities`.
            load_id: Names the files and stands in every row.
            previous_hashes: The record hashes that the load before left (table `<source>_<entity>_hash`), in order;
                without any, everything lands.
            progress: Told the tables done.

        Raises:
            FatalError: The snapshot cannot be used, or bronze cannot be written.
            TransientError: The source did not answer.
        """
        ...


class SnapshotSource(Protocol):
    def open(self, progress: Progress) -> AbstractContextManager[Snapshot]:
        """Take a snapshot for the block.

        Raises:
            WrongUsageError: What the user named is not there, or does not belong together.
            FatalError: It cannot be read.
            TransientError: The source did not answer.
        """
        ...

    def clean(self) -> None:
        """Forget what was kept for an interrupted pull."""
        ...
