"""Pull: a source at one moment into bronze, entity by entity, each compared with the load before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from linernotes.errors import WrongUsageError
from linernotes.ports.bronze import BronzeFile, BronzeFiles
from linernotes.ports.landing import Landed
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Load, Loads
from linernotes.ports.progress import Progress
from linernotes.ports.runs import Runs
from linernotes.ports.snapshots import Snapshot, SnapshotSource
from linernotes.usecases.chain import hash_files_of, read_chain
from linernotes.usecases.landing import FALL_LIMIT
from linernotes.usecases.pull_tools import loads_lease
from linernotes.usecases.running import recorded

NEEDS_A_PERSON = 3


class SnapshotAction(StrEnum):
    LAND = "land"
    """Its records, or those that are new or changed, were landed."""
    NOTHING_NEW = "nothing new"
    """It was compared, and is as it was."""
    CHECK = "check"
    """This very snapshot of it is loaded already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityOutcome:
    """One entity of a snapshot."""

    entity: str
    action: SnapshotAction
    load_id: UUID | None = None
    """The load that holds its newest records."""
    records: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    quarantined: int = 0
    missing_tables: tuple[str, ...] = ()
    """Bronze tables that the snapshot says nothing about."""
    problem: str | None = None
    """What a person must look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotOutcome:
    """What a pull did."""

    source: str
    name: str
    taken_at: datetime
    part: str
    """What of it was wanted; empty for all."""
    unknown_artists: tuple[str, ...]
    """What was asked for and is not there."""
    run_id: UUID | None
    entities: tuple[EntityOutcome, ...]

    @property
    def exit_status(self) -> int:
        """3 where a person must look."""
        needs_a_person = self.unknown_artists or any(entity.quarantined or entity.problem for entity in self.entities)
        return NEEDS_A_PERSON if needs_a_person else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTools:
    """Everything it touches."""

    origin: SnapshotSource
    loads: Loads
    runs: Runs
    leases: Leases
    bronze_files: BronzeFiles
    bronze: Path
    """Root of the bronze folder."""
    progress: Progress
    new_id: Callable[[], UUID]
    """Makes UUIDv7."""
    code_version: str
    settings: Mapping[str, object]
    """Recorded with the run."""
    wait_seconds: float = 600
    """How long to wait for another process that pulls the same."""
    source: str


def pull_snapshot(tools: SnapshotTools, *, only: Sequence[str] = (), dry_run: bool = False) -> SnapshotOutcome:
    """Bring a snapshot into bronze; an entity whose load of this snapshot is committed is not read again.

    Args:
        tools: What it touches.
        only: Entities; empty for all.
        dry_run: Tell what the snapshot has and what of it is loaded, and change nothing.

    Raises:
        WrongUsageError: No such entity, or a newer snapshot is loaded already.
        TransientError: The source, or another process, is not ready.
        FatalError: The snapshot cannot be used.
    """
    if dry_run:
        with tools.origin.open(tools.progress) as snapshot:
            pull = _Pull(tools, snapshot, None)
            outcomes = [pull.plan(entity) for entity in pull.wanted(only)]
            return _outcome(tools, snapshot, None, outcomes)
    with recorded(tools.runs, f"pull {tools.source}", code_version=tools.code_version, settings=tools.settings) as run:
        lease = loads_lease(tools.source)
        with (
            tools.leases.hold(lease, wait_seconds=tools.wait_seconds, on_wait=tools.progress.say),
            tools.origin.open(tools.progress) as snapshot,
        ):
            pull = _Pull(tools, snapshot, run.run_id)
            outcomes = [pull.bring(entity) for entity in pull.wanted(only)]
        for name in ("new", "changed", "gone", "quarantined"):
            run.counters[name] = sum(getattr(outcome, name) for outcome in outcomes)
        tools.origin.clean()
    return _outcome(tools, snapshot, run.run_id, outcomes)


class _Pull:
    """The entities of one snapshot on their way."""

    def __init__(self, tools: SnapshotTools, snapshot: Snapshot, run_id: UUID | None) -> None:
        self._tools = tools
        self._snapshot = snapshot
        self._run_id = run_id
        self._entities = _entities_loaded(tools, snapshot) or snapshot.entities

    def wanted(self, only: Sequence[str]) -> Sequence[str]:
        """The entities asked for, in the order to land them.

        Raises:
            WrongUsageError: The snapshot has no such entity.
        """
        known = {name: entity for entity in self._entities for name in (entity, f"{entity}s")}
        for name in only:
            if name not in known:
                raise WrongUsageError(f"{self._snapshot.name} has no {name!r}; it has {', '.join(self._entities)}")
        asked = {known[name] for name in only}
        return [entity for entity in self._entities if entity in asked or not asked]

    def plan(self, entity: str) -> EntityOutcome:
        """What would become of an entity."""
        _, loaded = self._standing(entity)
        if loaded is not None:
            return _checked(loaded)
        return EntityOutcome(entity=entity, action=SnapshotAction.LAND)

    def bring(self, entity: str) -> EntityOutcome:
        """Land and commit one entity, if anything in it is new."""
        base, loaded = self._standing(entity)
        if loaded is not None:
            return _checked(loaded)
        load_id = self._tools.new_id()
        landed = self._snapshot.land(
            entity,
            load_id=load_id,
            previous_hashes=[self._tools.bronze / path for path in hash_files_of(base)],
            progress=self._tools.progress,
        )
        is_empty = not (landed.landed_count or landed.gone_count or landed.quarantined)
        if base is not None and is_empty and self._snapshot.sha256 is None:
            for file in landed.files:
                self._tools.bronze_files.delete(BronzeFile(path=file.path, size_bytes=file.size_bytes))
            return _nothing_new(base, landed)
        load = self._tools.loads.commit(self._load(entity, load_id, landed, base), quarantined=landed.quarantined)
        return _nothing_new(load, landed) if base is not None and is_empty else _landed(load, landed, base)

    def _standing(self, entity: str) -> tuple[Load | None, Load | None]:
        """The load to compare with, and the load of this very snapshot.

        Raises:
            WrongUsageError: This snapshot is not loaded, and a later one is.
        """
        loads = read_chain(self._tools.loads, source=self._tools.source, entity=entity).loads
        base = loads[-1] if loads else None
        loaded = next((load for load in loads if self._shows(load)), None)
        if base is not None and loaded is None and self._moment(base) > self._snapshot.taken_at:
            raise WrongUsageError(
                f"{entity}s as of {self._moment(base)} are loaded, and {self._snapshot.name} shows"
                f" {self._snapshot.taken_at}: `liner discard {base.load_id}` withdraws the newer load"
            )
        return base, loaded

    def _shows(self, load: Load) -> bool:
        """Whether a load is of this very snapshot, or of this very part of it."""
        snapshot = self._snapshot
        is_same = snapshot.sha256 is not None and load.file_sha256 == snapshot.sha256
        is_same = is_same and load.report.get("part", "") == str(snapshot.selection)
        return is_same and self._moment(load) == snapshot.taken_at

    def _moment(self, load: Load) -> datetime:
        return datetime.fromisoformat(str(load.report["taken_at"]))

    def _load(self, entity: str, load_id: UUID, landed: Landed, base: Load | None) -> Load:
        snapshot = self._snapshot
        previous = None if base is None else {"load_id": str(base.load_id), "record_count": base.record_count}
        assert self._run_id is not None
        return Load(
            load_id=load_id,
            source=self._tools.source,
            entity=entity,
            version=snapshot.taken_at.date(),
            kind=landed.kind,
            is_verified=False,
            is_silent_about=landed.is_silent_about,
            file_name=snapshot.name,
            file_sha256=snapshot.sha256,
            record_count=landed.record_count,
            landed_count=landed.landed_count,
            gone_count=landed.gone_count,
            quarantined_count=len(landed.quarantined),
            report={
                **landed.report,
                "taken_at": snapshot.taken_at.isoformat(),
                "part": str(snapshot.selection),
                "entities": list(self._entities),
                "previous_load": previous,
            },
            run_id=self._run_id,
            files=landed.files,
        )


def _entities_loaded(tools: SnapshotTools, snapshot: Snapshot) -> Sequence[str]:
    """What files that were loaded before have; to ask the files themselves means to read them."""
    loads = tools.loads.find(source=tools.source, is_active=True) if snapshot.sha256 else ()
    listed = [load.report["entities"] for load in loads if load.file_sha256 == snapshot.sha256]
    return [str(entity) for entity in listed[0]] if listed and isinstance(listed[0], list) else []


def _checked(load: Load) -> EntityOutcome:
    return EntityOutcome(
        entity=load.entity, action=SnapshotAction.CHECK, load_id=load.load_id, records=load.record_count
    )


def _nothing_new(load: Load, landed: Landed) -> EntityOutcome:
    return EntityOutcome(
        entity=load.entity,
        action=SnapshotAction.NOTHING_NEW,
        load_id=load.load_id,
        records=landed.record_count,
        missing_tables=landed.is_silent_about,
    )


def _landed(load: Load, landed: Landed, base: Load | None) -> EntityOutcome:
    problem = None
    known_count = _count_known(base)
    if landed.gone_count > known_count * FALL_LIMIT:
        problem = f"{landed.gone_count:,} of {known_count:,} {load.entity}s are gone: is the snapshot whole?"
    return EntityOutcome(
        entity=load.entity,
        action=SnapshotAction.LAND,
        load_id=load.load_id,
        records=load.record_count,
        new=landed.new_count,
        changed=landed.landed_count - landed.new_count,
        gone=landed.gone_count,
        quarantined=load.quarantined_count,
        missing_tables=landed.is_silent_about,
        problem=problem,
    )


def _count_known(base: Load | None) -> int:
    """The records that a load is compared with; one of a part keeps those that were not asked for."""
    paths = set(hash_files_of(base))
    return sum(file.row_count for file in base.files if file.path in paths) if base else 0


def _outcome(
    tools: SnapshotTools, snapshot: Snapshot, run_id: UUID | None, outcomes: Sequence[EntityOutcome]
) -> SnapshotOutcome:
    return SnapshotOutcome(
        source=tools.source,
        name=snapshot.name,
        taken_at=snapshot.taken_at,
        part=str(snapshot.selection),
        unknown_artists=tuple(snapshot.unknown_artists),
        run_id=run_id,
        entities=tuple(outcomes),
    )
