"""A ledger in memory, for tests of use cases: the contract suite holds it to the same promises as the real one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import UUID

from linernotes.domain.dumps import DumpState, is_allowed
from linernotes.domain.judgements import Judgement
from linernotes.domain.uuid7 import to_uuid7
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.dumps import Dump
from linernotes.ports.loads import Load
from linernotes.ports.publications import Publication, PublicationStatus
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.review import PolicyInForce
from linernotes.ports.runs import Run, RunStatus
from linernotes.ports.status import LedgerStatus, LoadSummary, QuarantineSummary
from linernotes.ports.watermarks import Watermark
from tests.fakes.clock import FakeClock
from tests.fakes.enrichment import (
    FakeAnswers,
    FakeCapabilities,
    FakeProviderDays,
    FakeStandings,
    FakeSteps,
    FakeUnknownEntities,
)
from tests.fakes.policies import FakeGenerations, FakeLocks, FakePolicies, FakeReplayQueue
from tests.fakes.quality import FakeMeasures


class FakeRuns:
    def __init__(self, clock: Callable[[], datetime], new_id: Callable[[], UUID]) -> None:
        self._clock = clock
        self._new_id = new_id
        self._runs: dict[UUID, Run] = {}
        self.abandoned: set[UUID] = set()
        """Open runs whose process the test declares gone."""

    def start(self, use_case: str, *, code_version: str, settings: Mapping[str, object]) -> Run:
        for run_id in self.abandoned:
            self._runs[run_id] = replace(
                self._runs[run_id], status=RunStatus.INTERRUPTED, finished_at=self._clock(), error="process is gone"
            )
        self.abandoned = set()
        run = Run(
            run_id=self._new_id(),
            use_case=use_case,
            status=RunStatus.RUNNING,
            started_at=self._clock(),
            code_version=code_version,
            settings=dict(settings),
            counters={},
        )
        self._runs[run.run_id] = run
        return run

    def finish(
        self,
        run_id: UUID,
        *,
        status: RunStatus,
        counters: Mapping[str, int],
        error: str | None = None,
        snapshot_id: int | None = None,
    ) -> None:
        if run_id not in self._runs:
            raise WrongUsageError(f"no run {run_id}")
        self._runs[run_id] = replace(
            self._runs[run_id],
            status=status,
            counters=dict(counters),
            error=error,
            snapshot_id=snapshot_id,
            finished_at=self._clock(),
        )

    def latest(self, *, limit: int = 20, use_case: str | None = None, status: RunStatus | None = None) -> Sequence[Run]:
        newest = sorted(self._runs.values(), key=lambda run: run.run_id, reverse=True)
        found = [run for run in newest if use_case in {None, run.use_case} and status in {None, run.status}]
        return found[:limit]


class FakeQuarantine:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._records: dict[UUID, QuarantinedRecord] = {}

    def add(self, records: Iterable[QuarantinedRecord]) -> int:
        before = len(self._records)
        for record in records:
            self._records.setdefault(record.quarantine_id, record)
        return len(self._records) - before

    def find(
        self,
        *,
        is_open: bool = True,
        source: str | None = None,
        load_id: UUID | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantinedRecord]:
        oldest = sorted(self._records.values(), key=lambda record: (record.created_at, record.quarantine_id))
        found = [
            record
            for record in oldest
            if (record.resolved_at is None) == is_open
            and source in {None, record.source}
            and load_id in {None, record.load_id}
        ]
        return found[:limit]

    def get(self, quarantine_id: UUID) -> QuarantinedRecord:
        if quarantine_id not in self._records:
            raise WrongUsageError(f"no record {quarantine_id} in quarantine")
        return self._records[quarantine_id]

    def resolve(self, quarantine_id: UUID, *, resolution: str) -> None:
        record = self.get(quarantine_id)
        self._records[quarantine_id] = replace(record, resolved_at=self._clock(), resolution=resolution)


class FakeLoads:
    def __init__(self, clock: Callable[[], datetime], quarantine: FakeQuarantine) -> None:
        self._clock = clock
        self._quarantine = quarantine
        self._loads: dict[UUID, Load] = {}

    def commit(self, load: Load, *, quarantined: Iterable[QuarantinedRecord] = ()) -> Load:
        if load.load_id not in self._loads:
            self._loads[load.load_id] = replace(load, committed_at=load.committed_at or self._clock())
            self._quarantine.add(quarantined)
        return self._loads[load.load_id]

    def discard(self, load_id: UUID) -> Load:
        if load_id not in self._loads:
            raise WrongUsageError(f"no load {load_id}")
        load = self._loads[load_id]
        self._loads[load_id] = replace(load, discarded_at=load.discarded_at or self._clock())
        return self._loads[load_id]

    def find(self, *, source: str | None = None, is_active: bool | None = None) -> Sequence[Load]:
        oldest = sorted(self._loads.values(), key=lambda load: (load.source, load.version, load.load_id))
        return [
            load for load in oldest if source in {None, load.source} and is_active in {None, load.discarded_at is None}
        ]


class FakeConsumption:
    def __init__(self) -> None:
        self._consumed: dict[str, frozenset[UUID]] = {}

    def consumed(self) -> Mapping[str, frozenset[UUID]]:
        return {model: load_ids for model, load_ids in self._consumed.items() if load_ids}

    def begin(self, versions: Collection[str]) -> None:
        names = {version.split("@")[0] for version in versions}
        self._consumed = {
            model: load_ids
            for model, load_ids in self._consumed.items()
            if model in versions or model.split("@")[0] not in names
        }

    def record(self, run_id: UUID, consumed: Mapping[str, frozenset[UUID]]) -> None:
        self._consumed |= consumed


class FakeDumps:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._dumps: dict[tuple[str, object], Dump] = {}
        self.saved: list[Dump] = []
        """Every dump as it was saved, in order: what a use case went through."""

    def save(self, dump: Dump) -> None:
        key = (dump.source, dump.dumped_on)
        before = self._dumps.get(key)
        if not is_allowed(before.state if before else None, dump.state):
            raise FatalError(f"the dump {dump.source} {dump.dumped_on} cannot become {dump.state}")
        now = self._clock()
        self._dumps[key] = replace(
            dump,
            dump_id=before.dump_id if before else dump.dump_id,
            created_at=before.created_at if before else now,
            updated_at=now,
        )
        self.saved.append(self._dumps[key])

    def find(self, *, source: str, year_month: str | None = None, state: DumpState | None = None) -> Sequence[Dump]:
        found = [
            dump
            for dump in self._dumps.values()
            if dump.source == source and year_month in {None, dump.year_month} and state in {None, dump.state}
        ]
        return sorted(found, key=lambda dump: dump.dumped_on, reverse=True)


class FakePublications:
    def __init__(self) -> None:
        self._publications: dict[UUID, Publication] = {}

    def save(self, publication: Publication) -> None:
        self._publications[publication.publication_id] = publication

    def find(self, *, destination: str, status: PublicationStatus | None = None) -> Sequence[Publication]:
        found = [
            publication
            for publication in self._publications.values()
            if publication.destination == destination and status in {None, publication.status}
        ]
        return sorted(found, key=lambda one: (one.staged_at, one.publication_id), reverse=True)

    def destinations(self) -> list[str]:
        """Every destination that was published to."""
        return sorted({publication.destination for publication in self._publications.values()})


class FakeLeases:
    def __init__(self) -> None:
        self.held: set[str] = set()

    @contextmanager
    def hold(
        self, name: str, *, wait_seconds: float = 0, on_wait: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        if name in self.held:
            holder = f"{name!r} is held by process 1 on here"
            if wait_seconds > 0 and on_wait is not None:
                on_wait(holder)
            raise TransientError(f"{holder}: try again when it is done")
        self.held.add(name)
        try:
            yield
        finally:
            self.held.discard(name)


class FakeWatermarks:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._watermarks: dict[tuple[str, str], Watermark] = {}

    def save(self, watermark: Watermark) -> None:
        key = (watermark.source, watermark.entity)
        self._watermarks[key] = replace(watermark, updated_at=self._clock())

    def find(self, *, source: str | None = None) -> Sequence[Watermark]:
        return [self._watermarks[key] for key in sorted(self._watermarks) if source in {None, key[0]}]


class FakeJudgements:
    def __init__(self) -> None:
        self._events: dict[UUID, Judgement] = {}

    def add(self, judgements: Iterable[Judgement]) -> int:
        new = {one.judgement_id: one for one in judgements if one.judgement_id not in self._events}
        self._events |= new
        return len(new)

    def all(self) -> Sequence[Judgement]:
        return [self._events[judgement_id] for judgement_id in sorted(self._events)]


class FakeMatchPolicies:
    def __init__(self) -> None:
        self._policies: list[PolicyInForce] = []

    def put(self, policy: PolicyInForce) -> None:
        self._policies.insert(0, policy)

    def history(self) -> Sequence[PolicyInForce]:
        return list(self._policies)


class FakeLedger:
    """Has the attributes of `linernotes.ledger.opening.Ledger`."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or FakeClock()
        numbers = count(1)
        self.new_id: Callable[[], UUID] = lambda: to_uuid7(next(numbers))
        self.place = "memory"
        self.runs = FakeRuns(self.clock, self.new_id)
        self.quarantine = FakeQuarantine(self.clock)
        self.loads = FakeLoads(self.clock, self.quarantine)
        self.consumption = FakeConsumption()
        self.dumps = FakeDumps(self.clock)
        self.publications = FakePublications()
        self.leases = FakeLeases()
        self.watermarks = FakeWatermarks(self.clock)
        self.judgements = FakeJudgements()
        self.match_policies = FakeMatchPolicies()
        self.provider_days = FakeProviderDays()
        self.measures = FakeMeasures(self.runs)
        self.policies = FakePolicies()
        self.generations = FakeGenerations()
        self.locks = FakeLocks()
        self.replays = FakeReplayQueue(self.clock)
        self.steps = FakeSteps(self.clock, lambda: self.runs.latest(limit=10**6))
        self.answers = FakeAnswers()
        self.standings = FakeStandings()
        self.capabilities = FakeCapabilities()
        self.unknown_entities = FakeUnknownEntities()
        self.status = FakeStatus(self)

    def close(self) -> None:
        """Nothing to close."""


class FakeStatus:
    def __init__(self, ledger: FakeLedger) -> None:
        self._ledger = ledger

    def read(self) -> LedgerStatus:
        runs = self._ledger.runs.latest(limit=10**6)
        newest = {run.use_case: run for run in reversed(runs)}
        dumps = self._ledger.dumps._dumps.values()
        return LedgerStatus(
            version="fake",
            runs=sorted(newest.values(), key=lambda run: run.run_id, reverse=True),
            loads=self._summarise_loads(),
            dumps=Counter(dump.state for dump in dumps),
            quarantine=self._summarise_quarantine(),
            publications=self._find_promoted(),
            watermarks=self._ledger.watermarks.find(),
            leases=[],
        )

    def _summarise_loads(self) -> list[LoadSummary]:
        groups: dict[tuple[str, str], list[Load]] = {}
        for load in self._ledger.loads.find(is_active=True):
            groups.setdefault((load.source, load.entity), []).append(load)
        return [_summarise(loads) for _, loads in sorted(groups.items())]

    def _summarise_quarantine(self) -> list[QuarantineSummary]:
        counts = Counter(
            (record.source, record.entity, record.reason) for record in self._ledger.quarantine.find(limit=10**6)
        )
        return [
            QuarantineSummary(source=source, entity=entity, reason=reason, record_count=number)
            for (source, entity, reason), number in sorted(counts.items())
        ]

    def _find_promoted(self) -> list[Publication]:
        promoted = [
            self._ledger.publications.find(destination=destination, status=PublicationStatus.PROMOTED)
            for destination in self._ledger.publications.destinations()
        ]
        return [max(each, key=lambda one: (one.promoted_at, one.publication_id)) for each in promoted if each]


def _summarise(loads: Sequence[Load]) -> LoadSummary:
    newest = loads[-1]
    assert newest.committed_at, "a load was kept without its time"
    return LoadSummary(
        source=newest.source,
        entity=newest.entity,
        load_count=len(loads),
        version=newest.version,
        record_count=newest.record_count,
        landed_count=sum(load.landed_count for load in loads),
        committed_at=newest.committed_at,
    )
