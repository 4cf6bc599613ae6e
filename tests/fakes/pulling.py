"""A world to pull from, in memory: dumps are dicts of record id and value, bronze is a dict of such dicts."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from linernotes.domain.dumps import ENTITIES, ListedDump, ListedFile, Retention, RetentionRule, StoredFile
from linernotes.errors import FatalError
from linernotes.ports.bronze import BronzeFile
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import FetchedFile
from linernotes.ports.landing import Landed
from linernotes.ports.loads import Load, LoadFile, LoadKind
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.usecases.discard import DiscardTools
from linernotes.usecases.housekeeping import CleaningTools
from linernotes.usecases.pull_tools import PullTools
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.progress import RecordedProgress

Records = dict[int, str]
BAD = "bad"
"""A record of this value goes to quarantine."""
BRONZE = Path("/bronze")


def file_name(day: date, entity: str) -> str:
    return f"discogs_{day:%Y%m%d}_{entity}s.xml.gz"


def sha256(records: Mapping[int, str]) -> str:
    return hashlib.sha256(repr(sorted(records.items())).encode()).hexdigest()


@dataclass
class FakeOrigin:
    """Index and fetcher over dumps in memory; `published` is what an index says, `here` what is on this disk."""

    published: dict[date, dict[str, Records]] = field(default_factory=dict)
    publishes_checksums: bool = True
    unlisted: set[tuple[date, str]] = field(default_factory=set)
    """Files (or `checksum`) that the index does not list yet."""
    unsigned: set[str] = field(default_factory=set)
    """Files that the checksum file does not name."""
    here: dict[str, Records] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)
    """Raised by the next fetches, one each."""
    fetched: list[str] = field(default_factory=list)
    years: list[int | None] = field(default_factory=list)

    def discover(self, *, year: int | None = None) -> Iterable[ListedDump]:
        self.years.append(year)
        for day in sorted(self.published, reverse=True):
            if year in (None, day.year):
                yield ListedDump(dumped_on=day, files=tuple(self._list(day)))

    def _list(self, day: date) -> Iterable[ListedFile]:
        for entity in self.published[day]:
            if (day, entity) not in self.unlisted:
                yield ListedFile(entity=entity, name=file_name(day, entity), url="memory:", size_bytes=100)
        if self.publishes_checksums and (day, "checksum") not in self.unlisted:
            yield ListedFile(entity="checksum", name=f"discogs_{day:%Y%m%d}_CHECKSUM.txt", url="memory:")

    def fetch_checksums(self, dump: ListedDump) -> Mapping[str, str]:
        if dump.find("checksum") is None:
            return {}
        day = dump.dumped_on
        names = {file_name(day, entity): sha256(records) for entity, records in self.published[day].items()}
        return {name: digest for name, digest in names.items() if name not in self.unsigned}

    def check_space(self, files: Sequence[DumpFile]) -> int:
        return sum(file.size_bytes or 0 for file in files if file.name not in self.here)

    def check(self, file: DumpFile, *, progress: Progress) -> FetchedFile | None:
        return self._here(file) if file.name in self.here else None

    def fetch(self, file: DumpFile, *, progress: Progress) -> FetchedFile:
        self.fetched.append(file.name)
        if self.errors:
            raise self.errors.pop(0)
        day = date.fromisoformat(file.name[8:16])
        with progress.task(f"download {file.name}", total=100, unit="bytes") as task:
            task.advance(100)
        self.here[file.name] = self.published[day][file.entity]
        return self._here(file)

    def _here(self, file: DumpFile) -> FetchedFile:
        digest = sha256(self.here[file.name])
        return FetchedFile(
            path=Path("/downloads") / file.name, sha256=digest, size_bytes=100, is_verified=digest == file.sha256
        )


@dataclass
class FakeLander:
    """Lands records of memory; the hash file of a load is simply its records."""

    origin: FakeOrigin
    bronze: dict[str, Records] = field(default_factory=dict)
    """Landed records, and for hash files all records, by path."""
    gone: dict[UUID, set[int]] = field(default_factory=dict)
    error: Exception | None = None
    landings: list[str] = field(default_factory=list)

    def land(
        self, path: Path, *, entity: str, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress
    ) -> Landed:
        if self.error is not None:
            raise self.error
        self.landings.append(path.name)
        records = self.origin.here[path.name]
        good = {key: value for key, value in records.items() if value != BAD}
        before = self.bronze[str(previous_hashes[0].relative_to(BRONZE))] if previous_hashes else None
        landed = good if before is None else {key: value for key, value in good.items() if before.get(key) != value}
        self.gone[load_id] = set(before or {}) - set(records)
        tables = {f"discogs_{entity}": landed, f"discogs_{entity}_hash": good}
        files = []
        for table, rows in tables.items():
            self.bronze[f"{table}/{load_id}.parquet"] = dict(rows)
            files.append(
                LoadFile(table=table, path=f"{table}/{load_id}.parquet", row_count=len(rows), size_bytes=len(rows))
            )
        return Landed(
            kind=LoadKind.COMPLETE if before is None else LoadKind.INCREMENT,
            files=tuple(files),
            record_count=len(records),
            landed_count=len(landed),
            new_count=len(landed.keys() - (before or {}).keys()),
            gone_count=len(self.gone[load_id]),
            report={"drift": {}},
            quarantined=tuple(_set_aside(load_id, entity, key) for key in sorted(records) if records[key] == BAD),
        )

    def silver(self, loads: Iterable[Load], entity: str) -> Records:
        """What a build makes of the active loads: the newest word on every record."""
        found: Records = {}
        for load in loads:
            if load.entity == entity:
                found |= self.bronze[f"discogs_{entity}/{load.load_id}.parquet"]
                found = {key: value for key, value in found.items() if key not in self.gone[load.load_id]}
        return found


def _set_aside(load_id: UUID, entity: str, key: int) -> QuarantinedRecord:
    return QuarantinedRecord(
        quarantine_id=UUID(int=load_id.int + key),
        load_id=load_id,
        source="discogs",
        entity=entity,
        record_id=str(key),
        reason="not_well_formed",
        detail="",
        body=b"",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@dataclass
class FakeDownloads:
    files: list[StoredFile] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    is_unreadable: bool = False

    def find(self, *, dumped_on: date | None = None) -> Sequence[StoredFile]:
        if self.is_unreadable:
            raise FatalError("cannot read the downloads")
        return [file for file in self.files if dumped_on in (None, file.dumped_on)]

    def delete(self, file: StoredFile) -> None:
        if file.path in self.stuck:
            raise FatalError(f"cannot delete {file.path}")
        self.files.remove(file)


@dataclass
class FakeBronzeFiles:
    lost: dict[UUID, list[str]] = field(default_factory=dict)
    unlisted: list[BronzeFile] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    sweeps: int = 0
    is_unsweepable: bool = False

    def find_missing(self, load: Load) -> Sequence[str]:
        return self.lost.get(load.load_id, [])

    def find_unlisted(self, *, source: str, listed: Collection[str]) -> Sequence[BronzeFile]:
        return [file for file in self.unlisted if file.path not in listed]

    def sweep(self) -> int:
        if self.is_unsweepable:
            raise FatalError("cannot sweep")
        self.sweeps += 1
        return 0

    def delete(self, file: BronzeFile) -> None:
        if file.path in self.stuck:
            raise FatalError(f"cannot delete {file.path}")
        self.unlisted.remove(file)


class World:
    """Everything a pull touches, in memory."""

    def __init__(self) -> None:
        self.clock = FakeClock(datetime(2026, 3, 10, 12, tzinfo=UTC))
        self.ledger = FakeLedger(self.clock)
        self.origin = FakeOrigin()
        self.lander = FakeLander(self.origin)
        self.downloads = FakeDownloads()
        self.bronze_files = FakeBronzeFiles()
        self.progress = RecordedProgress()
        self.retention = Retention(rule=RetentionRule.MONTHS, keep_months=1)

    def publish(self, day: str, **records: Records) -> None:
        """Publish a dump; entities that are not named hold one record each."""
        contents = {entity: {1: f"{entity} one"} for entity in ENTITIES}
        self.origin.published[date.fromisoformat(day)] = contents | records

    @property
    def tools(self) -> PullTools:
        return PullTools(
            index=self.origin,
            fetcher=self.origin,
            lander=self.lander,
            dumps=self.ledger.dumps,
            loads=self.ledger.loads,
            runs=self.ledger.runs,
            leases=self.ledger.leases,
            downloads=self.downloads,
            retention=self.retention,
            bronze_files=self.bronze_files,
            bronze=BRONZE,
            progress=self.progress,
            new_id=self.ledger.new_id,
            now=self.clock,
            code_version="test",
            settings={"a": 1},
            wait_seconds=0,
        )

    @property
    def cleaning(self) -> CleaningTools:
        return CleaningTools(
            downloads=self.downloads,
            bronze_files=self.bronze_files,
            dumps=self.ledger.dumps,
            loads=self.ledger.loads,
            leases=self.ledger.leases,
            runs=self.ledger.runs,
            code_version="test",
            settings={},
            retention=self.retention,
        )

    @property
    def discarding(self) -> DiscardTools:
        return DiscardTools(
            loads=self.ledger.loads,
            runs=self.ledger.runs,
            leases=self.ledger.leases,
            code_version="test",
            settings={},
            say=self.progress.say,
            wait_seconds=0,
        )

    def active(self, entity: str | None = None) -> list[Load]:
        return [load for load in self.ledger.loads.find(is_active=True) if entity in (None, load.entity)]

    def silver(self, entity: str = "label") -> Records:
        return self.lander.silver(self.active(), entity)

    def states(self) -> list[str]:
        """The states that dumps went through, each once where it stayed."""
        states = [str(dump.state) for dump in self.ledger.dumps.saved]
        return [state for place, state in enumerate(states) if place == 0 or states[place - 1] != state]

    def leave(self, **changes: Any) -> None:
        """Leave the only dump's row as a killed process does."""
        (dump,) = self.ledger.dumps.find(source="discogs")
        changed = replace(dump, **changes)
        self.ledger.dumps._dumps["discogs", dump.dumped_on] = changed
