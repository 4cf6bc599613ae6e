"""Landing: a dump file through inflating, splitting, comparing and parsing into bronze, in constant memory."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

import pyarrow as pa

from linernotes.ports.landing import Bronze, BronzeWriter, Landed
from linernotes.ports.loads import LoadFile, LoadKind
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.sources.discogs.choosing import Choice, Chooser
from linernotes.sources.discogs.comparison import Comparison, Verdict
from linernotes.sources.discogs.inflate import inflate
from linernotes.sources.discogs.reading import BadRecord, ChunkReader, ReadRecords
from linernotes.sources.discogs.records import RecordSplitter
from linernotes.sources.discogs.tables import ENTITIES, tables
from linernotes.sources.discogs.tally import Limits, Tally

SOURCE = "discogs"
_PIECE_BYTES = 1 << 18
_CHUNKS_PER_TIDYING = 4
ERA_WITH_IMAGES = "until 2024-11"
ERA_WITHOUT_IMAGES = "from 2024-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSettings:
    """How dumps are read."""

    threads: int = 2
    """Threads that parse, beside the one that inflates, compares and writes."""
    chunk_bytes: int = 6_000_000
    """XML that a thread takes at a time."""
    limits: Limits = field(default_factory=Limits)
    is_careful_only: bool = False
    """Read every record with lxml, several times slower."""


class DiscogsLander:
    """Lands files of Discogs' monthly dumps."""

    def __init__(self, bronze: Bronze, *, now: Callable[[], datetime], settings: LandingSettings | None = None) -> None:
        self._bronze = bronze
        self._now = now
        self._settings = settings or LandingSettings()

    def land(
        self, path: Path, *, entity: str, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress
    ) -> Landed:
        """Write the records of one dump file to bronze: all of them, or those new or changed since the load before.

        Raises:
            FatalError: The file as a whole cannot be used (errors.py says how), or bronze cannot be written.
        """
        with (
            _frugal_memory(),
            self._bronze.writer(load_id) as writer,
            progress.task(f"{entity}s into bronze", total=path.stat().st_size, unit="bytes") as task,
        ):
            landing = _Landing(entity, path.name, writer=writer, previous=previous_hashes, settings=self._settings)
            landing.run(inflate(path, piece_bytes=_PIECE_BYTES, on_read=task.advance))
            files = writer.seal()
        quarantined = tuple(
            self._quarantined(number, record, entity, load_id) for number, record in enumerate(landing.tally.bad)
        )
        return landing.outcome(files, quarantined, is_increment=bool(previous_hashes))

    def _quarantined(self, number: int, record: BadRecord, entity: str, load_id: UUID) -> QuarantinedRecord:
        return QuarantinedRecord(
            quarantine_id=uuid5(load_id, f"{entity}:{number}"),
            load_id=load_id,
            source=SOURCE,
            entity=entity,
            record_id=None if record.record_id is None else str(record.record_id),
            reason=record.reason,
            detail=record.detail,
            body=record.body,
            created_at=self._now(),
        )


@contextmanager
def _frugal_memory() -> Iterator[None]:
    """Have Arrow give back what is free: its usual pool keeps it for each thread, 290 MB resident instead of 235.

    And have Python's garbage collector not go through everything that is loaded, over and over (3% of the time).
    """
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        pa.set_memory_pool(usual)


class _Landing:
    """One file on its way."""

    def __init__(
        self, entity: str, source: str, *, writer: BronzeWriter, previous: Sequence[Path], settings: LandingSettings
    ) -> None:
        self._entity = ENTITIES[entity]
        self.tally = Tally(source=source, record_table=self._entity.table, limits=settings.limits)
        self._settings = settings
        self._writer = writer
        self._taken = 0
        self._comparison = Comparison(previous)
        self._reader = ChunkReader(entity, is_careful_only=settings.is_careful_only)
        self._splitter = RecordSplitter(self._entity, source=source, chunk_bytes=settings.chunk_bytes)
        self._chooser = Chooser(self._entity, comparison=self._comparison, writer=writer)
        writer.declare(self._entity.table, tables(entity)[0].schema)

    def run(self, pieces: Iterable[bytes]) -> None:
        """Read the file to its end."""
        reading: deque[tuple[Choice, Future[ReadRecords]]] = deque()
        pool = ThreadPoolExecutor(self._settings.threads, thread_name_prefix="parse")
        try:
            for chunk in self._splitter.chunks(pieces):
                choice = self._chooser.choose(chunk)
                reading.append((choice, pool.submit(self._reader.read, chunk.data, choice.chosen)))
                while len(reading) > max(1, self._settings.threads - 1):
                    self._take(*reading.popleft())
            while reading:
                self._take(*reading.popleft())
        finally:
            pool.shutdown(cancel_futures=True)
        if self._splitter.root_attributes:
            self.tally.add_unknown(f"{self._entity.root}/@*", None)
        self.tally.judge()
        self.tally.gone_count, self.tally.withheld_count = self._chooser.write_missing()

    def outcome(
        self, files: tuple[LoadFile, ...], quarantined: tuple[QuarantinedRecord, ...], *, is_increment: bool
    ) -> Landed:
        """What came of it."""
        tally = self.tally
        has_images = tally.has_images or any(tally.rows[table] for table in self._entity.image_tables)
        return Landed(
            kind=LoadKind.INCREMENT if is_increment else LoadKind.COMPLETE,
            files=files,
            record_count=tally.record_count,
            landed_count=tally.landed_count,
            new_count=min(tally.verdicts[Verdict.NEW], tally.landed_count),
            gone_count=tally.gone_count,
            era=ERA_WITH_IMAGES if has_images else ERA_WITHOUT_IMAGES,
            is_silent_about=() if has_images else self._entity.image_tables,
            report=tally.report(
                previous_count=self._comparison.previous_count, is_in_order=self._comparison.is_in_order
            ),
            quarantined=quarantined,
        )

    def _take(self, choice: Choice, reading: Future[ReadRecords]) -> None:
        """Settle and write what was read of one chunk."""
        read = reading.result()
        settled = self._chooser.settle(choice, read)
        self.tally.add(choice, read, settled)
        by_table = self._reader.add_late(read.rows, settled.landed) if settled.landed else read.rows
        self.tally.add_rows(by_table)
        for table, rows in by_table.items():
            self._writer.write(table, rows)
        self._taken += 1
        if self._taken % _CHUNKS_PER_TIDYING == 0:
            pa.default_memory_pool().release_unused()  # else what is free between what is not adds up, 80 MB in 8 GB
