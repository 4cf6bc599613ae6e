"""Landing the files of a dump: each compared with the load before it, committed, and counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linernotes.errors import WrongUsageError
from linernotes.ports.bronze import BronzeFiles
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import FetchedFile, Fetcher
from linernotes.ports.landing import Landed
from linernotes.ports.loads import Load, LoadKind
from linernotes.ports.progress import Progress
from linernotes.usecases.chain import hash_files_of, read_chain, withdraw
from linernotes.usecases.pull_plan import PlannedFile, PullAction, PullRequest, plan_file
from linernotes.usecases.pull_tools import PullTools, loads_lease

FALL_LIMIT = 0.1
"""A dump with this much fewer records than the one before is suspicious: Discogs only grows, by about 1% a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """What became of one file, in records."""

    entity: str
    file_name: str
    action: PullAction
    size_bytes: int | None
    is_verified: bool = False
    """Whether the file that was read matched a published checksum."""
    load_id: UUID | None = None
    """The load that holds the file; None in a dry run."""
    records: int = 0
    landed: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    quarantined: int = 0
    problem: str | None = None
    """What a person must look at."""


class Landing:
    """The files of one dump on their way into bronze; the lease on the chains must be held."""

    def __init__(self, tools: PullTools, request: PullRequest, *, version: date, run_id: UUID) -> None:
        self._tools = tools
        self._request = request
        self._version = version
        self._run_id = run_id

    def bring(self, file: DumpFile, fetched: FetchedFile | None) -> FileOutcome:
        """Land and commit one file; one that is loaded already is left alone.

        Raises:
            WrongUsageError: The file would not fit into its chain of loads.
            FatalError: The file cannot be used.
        """
        tools = self._tools
        chain = read_chain(tools.loads, source=tools.source, entity=file.entity)
        item = plan_file(file, chain, self._version, self._request)
        if fetched is None or not item.is_work:
            return kept_outcome(item)
        withdrawn = self._loads_to_withdraw(item, fetched)
        base = chain.before(self._version)
        load = self._land(file, fetched, base)
        # Withdrawn before the commit: an older load may never stand before increments that skipped it.
        for newer in withdrawn:
            withdraw(tools.loads, newer)
            tools.progress.say(f"{newer.entity}s of {newer.version} are withdrawn (load {newer.load_id})")
        committed = tools.loads.commit(load.load, quarantined=load.landed.quarantined)
        # Withdrawn after the commit: at no moment is the month missing.
        for replaced in item.present:
            withdraw(tools.loads, replaced)
        return _landed_outcome(item, committed, load.landed, base)

    def _loads_to_withdraw(self, item: PlannedFile, fetched: FetchedFile) -> tuple[Load, ...]:
        """The newer loads that cannot stand once this file is loaded, newest first.

        Those after a load that is replaced by the very same file can: they were computed against the same bytes.
        """
        if item.present and item.present[-1].file_sha256 == fetched.sha256:
            return ()
        if item.newer and not self._request.rewind:
            raise WrongUsageError(
                f"{item.file.name} is not the file that was loaded, and {item.newer[-1].version} builds on what it "
                f"held: --rewind withdraws the newer loads (they stay in bronze) and loads this one"
            )
        return tuple(reversed(item.newer))

    def _land(self, file: DumpFile, fetched: FetchedFile, base: Load | None) -> "_Landing":
        tools = self._tools
        load_id = tools.new_id()
        landed = tools.lander.land(
            fetched.path,
            entity=file.entity,
            load_id=load_id,
            previous_hashes=[tools.bronze / path for path in hash_files_of(base)],
            progress=tools.progress,
        )
        load = Load(
            load_id=load_id,
            source=tools.source,
            entity=file.entity,
            version=self._version,
            kind=landed.kind,
            era=landed.era,
            is_verified=fetched.is_verified,
            is_silent_about=landed.is_silent_about,
            file_name=file.name,
            file_sha256=fetched.sha256,
            record_count=landed.record_count,
            landed_count=landed.landed_count,
            gone_count=landed.gone_count,
            quarantined_count=len(landed.quarantined),
            report={**landed.report, "previous_load": _describe(base)},
            run_id=self._run_id,
            files=landed.files,
        )
        return _Landing(load, landed)


@dataclass(frozen=True, slots=True)
class _Landing:
    load: Load
    landed: Landed


def finish_replacements(planned: Iterable[PlannedFile], tools: PullTools) -> None:
    """Withdraw what a process that was killed left standing beside the load that replaced it."""
    replaced = [load for item in planned for load in item.present[:-1]]
    if replaced:
        with tools.leases.hold(loads_lease(tools.source), wait_seconds=tools.wait_seconds, on_wait=tools.progress.say):
            for load in replaced:
                withdraw(tools.loads, load)


def check_loaded(item: PlannedFile, fetcher: Fetcher, bronze: BronzeFiles, progress: Progress) -> FileOutcome:
    """Compare a file that is loaded already, and its bronze files, with what the ledger says; change nothing."""
    load = item.present[-1]
    found = fetcher.check(item.file, progress=progress)
    known = load.file_sha256
    problem = None
    if known is not None and item.file.sha256 not in (None, known):
        problem = f"{item.file.name} was published again with other contents; --reprocess loads it"
    elif found is not None and known not in (None, found.sha256):
        problem = f"{item.file.name} is not the file that was loaded any more; --reprocess loads it as it is now"
    missing = bronze.find_missing(load)
    if missing:
        problem = f"{len(missing)} bronze files are lost or damaged, first {missing[0]}; --reprocess makes them again"
    if problem:
        progress.say(problem)
    return kept_outcome(item, problem=problem)


def kept_outcome(item: PlannedFile, *, problem: str | None = None) -> FileOutcome:
    """A file whose load stays as it is."""
    load = item.present[-1]
    return FileOutcome(
        entity=item.file.entity,
        file_name=item.file.name,
        action=PullAction.CHECK,
        size_bytes=item.file.size_bytes,
        is_verified=load.is_verified,
        load_id=load.load_id,
        records=load.record_count,
        unchanged=load.record_count,
        problem=problem,
    )


def planned_outcome(item: PlannedFile) -> FileOutcome:
    """A file as a dry run shows it."""
    return FileOutcome(
        entity=item.file.entity, file_name=item.file.name, action=item.action, size_bytes=item.file.size_bytes
    )


def _landed_outcome(item: PlannedFile, load: Load, landed: Landed, base: Load | None) -> FileOutcome:
    is_first = landed.kind is LoadKind.COMPLETE
    new = landed.landed_count if is_first else landed.new_count
    problem = None
    if base is not None and load.record_count < base.record_count * (1 - FALL_LIMIT):
        problem = f"{load.record_count:,} {load.entity}s, where {base.version} had {base.record_count:,}: is it whole?"
    return FileOutcome(
        entity=load.entity,
        file_name=load.file_name,
        action=item.action,
        size_bytes=item.file.size_bytes,
        is_verified=load.is_verified,
        load_id=load.load_id,
        records=load.record_count,
        landed=load.landed_count,
        new=new,
        changed=load.landed_count - new,
        unchanged=load.record_count - load.landed_count - load.quarantined_count,
        gone=load.gone_count,
        quarantined=load.quarantined_count,
        problem=problem,
    )


def _describe(base: Load | None) -> dict[str, object] | None:
    if base is None:
        return None
    return {"load_id": str(base.load_id), "version": base.version.isoformat(), "record_count": base.record_count}
