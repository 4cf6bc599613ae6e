"""Snapshots: a source that shows all its entities as they were at one moment, be it a dump or a database."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from linernotes.ports.landing import Landed
from linernotes.ports.progress import Progress


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
