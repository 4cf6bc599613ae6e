"""A MusicBrainz dump as a snapshot, alone or brought up to date by replication packets."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid5

from linernotes.errors import WrongUsageError
from linernotes.ports.landing import Bronze, Landed
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.snapshots import Selection
from linernotes.sources.musicbrainz.disk import storage_errors
from linernotes.sources.musicbrainz.dump import DumpOrigin, DumpTables, ReadTable, checksums, combined
from linernotes.sources.musicbrainz.extracts import available, extracts
from linernotes.sources.musicbrainz.landing import SOURCE, MusicBrainzLander
from linernotes.sources.musicbrainz.packets import Changes, Packet, Packets
from linernotes.sources.musicbrainz.selection import Part
from linernotes.sources.musicbrainz.server import Connect
from linernotes.sources.musicbrainz.stamp import Stamp, read_stamp

TABLES = "tables"
"""The folder with the tables of one dump, in a folder of that dump's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpSource:
    """Archives that the user has."""

    archives: Sequence[Path]
    packets: Packets | None = None
    """The replication packets that go on from there."""
    folder: Path
    """Where tables that were read are kept until the pull is over, and with packets for the next pull."""
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
            TransientError: Packets were to be fetched, and the server did not answer.
        """
        for path in self.archives:
            if not path.is_file():
                raise WrongUsageError(f"no file {path}; dumps are at https://data.metabrainz.org/pub/musicbrainz/data/")
        stamps = {path: read_stamp(path, kind="dump", name="mbdump.tar.bz2") for path in self.archives}
        if len({stamp.taken_at for stamp in stamps.values()}) > 1:
            told = ", ".join(f"{path.name} {stamp.taken_at}" for path, stamp in stamps.items())
            raise WrongUsageError(f"these are of different dumps: {told}")
        stamp, *_ = stamps.values()
        packets = self.packets.continuing(stamp, progress) if self.packets else ()
        with ExitStack() as stack:
            yield DumpSnapshot(self, packets, stamp, progress, stack)

    def clean(self) -> None:
        """Remove the tables, but for those that the next packets change."""
        for path in self.folder.glob("*/*") if self.packets else [self.folder]:
            if path.name != TABLES:
                shutil.rmtree(path, ignore_errors=True)


class DumpSnapshot:
    """The archives, opened."""

    def __init__(
        self,
        source: DumpSource,
        packets: Sequence[Packet],
        stamp: Stamp,
        progress: Progress,
        open_things: ExitStack,
    ) -> None:
        sums = checksums(source.archives, progress)
        sums_of_packets = checksums([packet.path for packet in packets], progress)
        told = [f"packets {packets[0].sequence} to {packets[-1].sequence}"] if packets else []
        self.name = ", ".join([*(path.name for path in source.archives), *told])
        self.sha256 = combined([*sums, *sums_of_packets])
        self.taken_at = packets[-1].stamp().taken_at if packets else stamp.taken_at
        self.selection = source.selection
        self.unknown_artists: tuple[str, ...] = ()
        self._source = source
        self._packets = packets
        self._progress = progress
        self._open = open_things
        self._folder = source.folder / combined(sums)[:16]

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
        for other in set(self._source.folder.glob("*")) - {self._folder}:
            shutil.rmtree(other, ignore_errors=True)
        tables = DumpTables(self._source.archives, self._folder / TABLES, threads=self._source.threads)
        return tables.read(self._progress)

    @cached_property
    def _lander(self) -> MusicBrainzLander:
        spill = self._folder / "spill"
        with storage_errors(spill):
            spill.mkdir(parents=True, exist_ok=True)
        connection = self._open.enter_context(self._source.connect(spill))
        changes = Changes(self._packets, self._folder / f"changes-{self.sha256[:16]}") if self._packets else None
        origin = DumpOrigin(
            self._tables,
            self._folder / TABLES,
            connection,
            changes=changes.read(connection, self._progress) if changes else {},
        )
        with origin.translated():
            part = Part(self._source.selection, origin)
        self.unknown_artists = part.unknown_artists
        return MusicBrainzLander(bronze=self._source.bronze, origin=origin, part=part, scratch=self._folder / "rows")
