"""A MusicBrainz database as a snapshot: one transaction for all entities; after a broken connection, another one."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from linernotes.ports.landing import Bronze, Landed
from linernotes.ports.progress import Progress
from linernotes.ports.snapshots import Selection
from linernotes.sources.musicbrainz.database import DatabaseAddress, DatabaseOrigin, open_database
from linernotes.sources.musicbrainz.extracts import available
from linernotes.sources.musicbrainz.landing import MusicBrainzLander
from linernotes.sources.musicbrainz.selection import Part
from linernotes.sources.musicbrainz.server import Connect
from linernotes.wire.retrying import AttemptError, Retries


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSource:
    """A server that the user has."""

    address: DatabaseAddress
    folder: Path
    """Where rows are put while they are compared."""
    bronze: Bronze
    connect: Connect
    """An engine that knows where its extensions are, unless rows come through a cursor."""
    retries: Retries
    selection: Selection
    with_cursor: bool = False
    """Read through a cursor, where the extension cannot be loaded."""

    @contextlib.contextmanager
    def open(self, progress: Progress) -> Iterator["DatabaseSnapshot"]:
        """See the database as it is now.

        Raises:
            WrongUsageError: The address is none.
            FatalError: The server does not let us in, or has no MusicBrainz.
            TransientError: It does not answer.
        """
        with ExitStack() as stack:
            yield DatabaseSnapshot(self, stack)

    def clean(self) -> None:
        """Nothing is kept: every attempt sees the database anew."""


class DatabaseSnapshot:
    """The database, seen."""

    sha256 = None

    def __init__(self, source: DatabaseSource, stack: ExitStack) -> None:
        self.name = source.address.shown
        self._source = source
        self._transaction = stack.enter_context(ExitStack())
        self.selection = source.selection
        self._is_broken = False
        self._origin, self._part = source.retries.run(self._see)

    @property
    def taken_at(self) -> datetime:
        """When the transaction began."""
        return self._origin.taken_at

    @property
    def unknown_artists(self) -> Sequence[str]:
        """Names and MBIDs of the selection that no artist has."""
        return self._part.unknown_artists

    @property
    def entities(self) -> Sequence[str]:
        """What the database has."""
        return tuple(available(self._origin.tables))

    def land(self, entity: str, *, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress) -> Landed:
        """Write the records of one entity to bronze; after a broken connection again, as they are by then."""

        def attempt() -> Landed:
            if self._is_broken:
                self._origin, self._part = self._see()
            scratch = self._source.folder / "rows"
            lander = MusicBrainzLander(
                bronze=self._source.bronze, origin=self._origin, part=self._part, scratch=scratch
            )
            try:
                return lander.land(entity, load_id=load_id, previous_hashes=previous_hashes, progress=progress)
            except AttemptError:
                self._is_broken = True
                raise

        return self._source.retries.run(attempt)

    def _see(self) -> tuple[DatabaseOrigin, Part]:
        self._transaction.close()
        source = self._source
        opened = open_database(source.address, source.connect, source.folder / "spill", with_cursor=source.with_cursor)
        origin = self._transaction.enter_context(opened)
        with origin.translated():
            part = Part(source.selection, origin)
        self._is_broken = False
        return origin, part
