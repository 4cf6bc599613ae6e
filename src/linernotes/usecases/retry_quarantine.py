"""Retry: read records set aside again, after Linernotes learned to, and land those that can be read now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from linernotes.errors import WrongUsageError
from linernotes.ports.landing import Landed, RecordLander
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Load, LoadKind, Loads
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import ALL, Quarantine, QuarantinedRecord
from linernotes.ports.runs import Runs
from linernotes.usecases.pull_tools import loads_lease
from linernotes.usecases.running import recorded
from linernotes.usecases.seal import SOURCE as ANSWERS

NEEDS_A_PERSON = 3
NOT_BY_ITSELF = frozenset({"duplicate_record"})
"""Reasons that lie beside the record: read alone, a second record of the same id would replace the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryTools:
    """Everything a retry touches."""

    lander: RecordLander
    quarantine: Quarantine
    loads: Loads
    runs: Runs
    leases: Leases
    progress: Progress
    new_id: Callable[[], UUID]
    code_version: str
    settings: Mapping[str, object]
    wait_seconds: float = 600
    source: str = "discogs"
    """Whose records the lander reads; of a table's row nothing can be told without the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOutcome:
    """What came of it, in records."""

    landed_count: int
    still_count: int

    @property
    def exit_status(self) -> int:
        """3 where records still wait for a person."""
        return NEEDS_A_PERSON if self.still_count else 0


def retry_quarantined(tools: RetryTools, *, quarantine_id: UUID | None) -> RetryOutcome:
    """Read one record again, or all that wait. What lands stands in a supplement to the load it was set aside from.

    Raises:
        WrongUsageError: No such record, or an answer of a provider.
        TransientError: Somebody else is loading from the same source.
    """
    if quarantine_id:
        records = [tools.quarantine.get(quarantine_id)]
        if records[0].source == ANSWERS:
            raise WrongUsageError(f"{quarantine_id} is an answer: `liner reread {records[0].entity}` reads it again")
    else:
        records = [record for record in tools.quarantine.find(limit=ALL) if record.source != ANSWERS]
    waiting = sorted((record for record in records if record.resolved_at is None), key=lambda record: record.load_id)
    loads = {load.load_id: load for load in tools.loads.find(source=tools.source, is_active=True)}
    landed = 0
    with recorded(tools.runs, "retry", code_version=tools.code_version, settings=tools.settings) as run:
        for load_id, group in groupby(waiting, key=lambda record: record.load_id):
            if load_id in loads:
                landed += _retry_group(loads[load_id], list(group), tools, run.run_id)
        run.counters["landed"] = landed
    return RetryOutcome(landed_count=landed, still_count=len(waiting) - landed)


def _retry_group(origin: Load, records: Sequence[QuarantinedRecord], tools: RetryTools, run_id: UUID) -> int:
    tried = [record for record in records if record.reason not in NOT_BY_ITSELF]
    if not tried:
        return 0
    with tools.leases.hold(loads_lease(origin.source), wait_seconds=tools.wait_seconds, on_wait=tools.progress.say):
        load_id = tools.new_id()
        bodies = [record.body for record in tried]
        landed = tools.lander.land_records(bodies, entity=origin.entity, load_id=load_id, progress=tools.progress)
        still = {record.body for record in landed.quarantined}
        read = [record for record in tried if record.body not in still]
        if read:
            tools.loads.commit(_supplement(origin, landed, load_id, run_id))
        for record in read:
            tools.quarantine.resolve(record.quarantine_id, resolution="retried")
    return len(read)


def _supplement(origin: Load, landed: Landed, load_id: UUID, run_id: UUID) -> Load:
    return Load(
        load_id=load_id,
        source=origin.source,
        entity=origin.entity,
        version=origin.version,
        kind=LoadKind.SUPPLEMENT,
        era=origin.era,
        is_verified=origin.is_verified,
        is_silent_about=origin.is_silent_about,
        file_name=origin.file_name,
        file_sha256=origin.file_sha256,
        record_count=landed.record_count,
        landed_count=landed.landed_count,
        report=landed.report,
        run_id=run_id,
        files=landed.files,
    )
