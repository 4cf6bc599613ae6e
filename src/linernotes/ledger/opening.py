"""Opening the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

from linernotes.ledger.answers import LedgerAnswers
from linernotes.ledger.dumps import LedgerDumps
from linernotes.ledger.engine import Store
from linernotes.ledger.heart import Heart
from linernotes.ledger.ids import Uuid7Factory
from linernotes.ledger.judgements import LedgerJudgements
from linernotes.ledger.leases import LedgerLeases
from linernotes.ledger.loads import LedgerConsumption, LedgerLoads
from linernotes.ledger.match_policies import LedgerMatchPolicies
from linernotes.ledger.measures import LedgerMeasures
from linernotes.ledger.place import find_place
from linernotes.ledger.policies import LedgerGenerations, LedgerLocks, LedgerPolicies
from linernotes.ledger.processes import this_process
from linernotes.ledger.publications import LedgerPublications
from linernotes.ledger.quarantine import LedgerQuarantine
from linernotes.ledger.replays import LedgerReplayQueue
from linernotes.ledger.runs import LedgerRuns
from linernotes.ledger.schema import bring_up
from linernotes.ledger.standing import LedgerCapabilities, LedgerProviderDays, LedgerStandings, LedgerUnknownEntities
from linernotes.ledger.status import LedgerStatusReader
from linernotes.ledger.steps import LedgerSteps
from linernotes.ledger.watermarks import LedgerWatermarks
from linernotes.ports.runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An open ledger: one adapter per port. Not to be carried into a forked process; open another one there."""

    place: str
    """Where it is: a path, or a URL without its password."""
    new_id: Callable[[], UUID] = field(repr=False)
    """A new UUIDv7 at each call, greater than all before."""
    runs: Runs = field(repr=False)
    loads: LedgerLoads = field(repr=False)
    consumption: LedgerConsumption = field(repr=False)
    dumps: LedgerDumps = field(repr=False)
    quarantine: LedgerQuarantine = field(repr=False)
    publications: LedgerPublications = field(repr=False)
    leases: LedgerLeases = field(repr=False)
    watermarks: LedgerWatermarks = field(repr=False)
    judgements: LedgerJudgements = field(repr=False)
    match_policies: LedgerMatchPolicies = field(repr=False)
    policies: LedgerPolicies = field(repr=False)
    generations: LedgerGenerations = field(repr=False)
    locks: LedgerLocks = field(repr=False)
    replays: LedgerReplayQueue = field(repr=False)
    steps: LedgerSteps = field(repr=False)
    answers: LedgerAnswers = field(repr=False)
    standings: LedgerStandings = field(repr=False)
    capabilities: LedgerCapabilities = field(repr=False)
    unknown_entities: LedgerUnknownEntities = field(repr=False)
    provider_days: LedgerProviderDays = field(repr=False)
    measures: LedgerMeasures = field(repr=False)
    status: LedgerStatusReader = field(repr=False)
    _store: Store = field(repr=False)
    _heart: Heart = field(repr=False)

    def close(self) -> None:
        """End the heartbeat and close every connection; runs and leases still open count as abandoned soon."""
        self._heart.stop()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(
    url: str,
    *,
    clock: Callable[[], datetime],
    code_version: str,
    wait_seconds: float = 30,
    lease_seconds: float = 60,
) -> Ledger:
    """Open a ledger, making or migrating it first where needed.

    Args:
        url: `sqlite:///…/ledger.db` or `postgresql://…`.
        clock: The time, with time zone.
        code_version: This Linernotes, for messages.
        wait_seconds: How long a transaction waits for those of other processes.
        lease_seconds: After how long without renewal a lease, or a run on another machine, counts as abandoned.

    Raises:
        WrongUsageError: The URL is none of a ledger.
        FatalError: The ledger is damaged, read-only, of a newer version, or something else; or the disk is full.
        TransientError: The ledger is locked, or its server does not answer.
    """
    store = Store(find_place(url, wait_seconds=wait_seconds, code_version=code_version))
    try:
        bring_up(store)
    except BaseException:
        store.close()
        raise
    heart = Heart(store, clock=clock, life=timedelta(seconds=lease_seconds))
    new_id = Uuid7Factory(clock=clock)
    here = this_process()
    return Ledger(
        place=str(store.place),
        new_id=new_id,
        runs=LedgerRuns(store, clock=clock, new_id=new_id, heart=heart, here=here),
        loads=LedgerLoads(store, clock=clock),
        consumption=LedgerConsumption(store),
        dumps=LedgerDumps(store, clock=clock),
        quarantine=LedgerQuarantine(store, clock=clock),
        publications=LedgerPublications(store),
        leases=LedgerLeases(store, clock=clock, new_id=new_id, heart=heart, here=here),
        watermarks=LedgerWatermarks(store, clock=clock),
        judgements=LedgerJudgements(store),
        match_policies=LedgerMatchPolicies(store),
        policies=LedgerPolicies(store),
        generations=LedgerGenerations(store),
        locks=LedgerLocks(store),
        replays=LedgerReplayQueue(store, clock=clock),
        steps=LedgerSteps(store, clock=clock),
        answers=LedgerAnswers(store),
        standings=LedgerStandings(store),
        capabilities=LedgerCapabilities(store),
        unknown_entities=LedgerUnknownEntities(store),
        provider_days=LedgerProviderDays(store),
        measures=LedgerMeasures(store),
        status=LedgerStatusReader(store, clock=clock),
        _store=store,
        _heart=heart,
    )
