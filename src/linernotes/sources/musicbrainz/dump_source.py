"""A MusicBrainz dump as a snapshot."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid5

from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.landing import Bronze, Landed
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.snapshots import Selection
from linernotes.sources.musicbrainz.dump import DumpOrigin, DumpTables, ReadTable, digest, read_moment
from linernotes.sources.musicbrainz.extracts import available, extracts
from linernotes.sources.musicbrainz.landing import SOURCE, MusicBrainzLander
from linernotes.sources.musicbrainz.selection import Part
from linernotes.sources.musicbrainz.server import Connect


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpSource:
    """Archives that the user has."""

    archives: Sequence[Path]
    folder: Path
    """Where tables that were read are kept until the pull is over."""
    bronze: Bronze
    connect: Connect
    selection: Selection
    now: Callable[[], datetime]
    threads: int = 2

    @contextmanager
    def open(self, progress: Progress) -> Iterator["DumpSnapshot"]:
        """Read who the archives are; their tables are read when something is asked of them.

        Raises:
            WrongUsageError: One is not there, or they are of different dumps.
            FatalError: One cannot be read.
        """
        for path in self.archives:
            if not path.is_file():
                raise WrongUsageError(f"no file {path}; dumps are at https://data.metabrainz.org/pub/musicbrainz/data/")
        moments = {path: read_moment(path) for path in self.archives}
        if len(set(moments.values())) > 1:
            told = ", ".join(f"{path.name} {moment}" for path, moment in moments.items())
            raise WrongUsageError(f"these are of different dumps: {told}")
        with ExitStack() as stack:
            yield DumpSnapshot(self, digest(self.archives, progress), next(iter(moments.values())), progress, stack)

    def clean(self) -> None:
        """Remove the tables."""
        shutil.rmtree(self.folder, ignore_errors=True)


class DumpSnapshot:
    """The archives, opened."""

    def __init__(
        self, source: DumpSource, sha256: str, taken_at: datetime, progress: Progress, open_things: ExitStack
    ) -> None:
        self.name = ", ".join(path.name for path in source.archives)
        self.sha256 = sha256
        self.taken_at = taken_at
        self.selection = source.selection
        self.unknown_artists: tuple[str, ...] = ()
        self._source = source
        self._progress = progress
        self._open = open_things
        self._folder = source.folder / sha256[:16]

    @property
    def entities(self) -> Sequence[str]:
        """What the archives have."""
        return tuple(available({table.name for table in self._tables}))

    def land(self, entity: str, *, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress) -> Landed:
        """Write the records of one entity to bronze, and set aside the rows of its tables that could not be read."""
        landed = self._lander.land(entity, load_id=load_id, previous_hashes=previous_hashes, progress=progress)
        own = frozenset().union(*(query.tables for query in extracts()[entity]))
        unreadable = [table for table in self._tables if table.name in own and table.bad]
        quarantined = tuple(
            QuarantinedRecord(
                quarantine_id=uuid5(load_id, f"{table.name}:{line.number}"),
                load_id=load_id,
                source=SOURCE,
                entity=entity,
                record_id=None,
                reason="unreadable_row",
                detail=f"row {line.number} of {table.name}: {line.reason}",
                body=line.body,
                created_at=self._source.now(),
            )
            for table in unreadable
            for line in table.bad
        )
        counts = {table.name: table.bad_count for table in unreadable}
        return replace(landed, quarantined=quarantined, report={**landed.report, "unreadable_rows": counts})

    @cached_property
    def _tables(self) -> Sequence[ReadTable]:
        return DumpTables(self._source.archives, self._folder / "tables", threads=self._source.threads).read(
            self._progress
        )

    @cached_property
    def _lander(self) -> MusicBrainzLander:
        spill = self._folder / "spill"
        try:
            spill.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FatalError(f"cannot write {spill}: {error.strerror}") from error
        connection = self._open.enter_context(self._source.connect(spill))
        origin = DumpOrigin(self._tables, self._folder / "tables", connection)
        with origin.translated():
            part = Part(self._source.selection, origin)
        self.unknown_artists = part.unknown_artists
        return MusicBrainzLander(bronze=self._source.bronze, origin=origin, part=part, scratch=self._folder / "rows")
