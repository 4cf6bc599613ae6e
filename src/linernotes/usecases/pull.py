"""Pull: one month of a source's dumps into bronze, found, fetched, verified, landed, and cleaned up after."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linernotes.domain.dumps import DumpState
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import ChecksumMismatchError, FetchedFile
from linernotes.usecases.housekeeping import CleaningTools, clean_after_pull
from linernotes.usecases.landing import FileOutcome, Landing, check_loaded, finish_replacements, planned_outcome
from linernotes.usecases.pull_plan import ChosenDump, PlannedFile, PullRequest, choose, plan_files
from linernotes.usecases.pull_tools import PullTools, dump_lease, loads_lease
from linernotes.usecases.running import recorded
from linernotes.usecases.tracking import DownloadTally, TrackedDump, settle, take_up

NEEDS_A_PERSON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PullOutcome:
    """What a pull did, or would do."""

    source: str
    year_month: str
    dumped_on: date
    is_dry_run: bool
    run_id: UUID | None
    files: tuple[FileOutcome, ...]
    bytes_to_fetch: int
    """Still to come when the pull began."""
    is_verified: bool
    """Whether every file matched a published checksum, now or when it was loaded; false in a dry run."""
    notes: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """3 where a person must look: records in quarantine, or a problem with a file."""
        needs_a_person = any(file.quarantined or file.problem for file in self.files)
        return NEEDS_A_PERSON if needs_a_person else 0


def pull(request: PullRequest, tools: PullTools) -> PullOutcome:
    """Bring one month into bronze; a month that is there already is only checked and changes nothing.

    Work is done file by file: a file whose load is committed is not read again, so a pull that was
    interrupted goes on where it stopped. What is new and what changed is told by comparing with the
    newest load before this month; `usecases.chain` says why months cannot come in any order.

    Raises:
        WrongUsageError: No such month or entity, or a newer month is loaded already.
        TransientError: The server, the dump, or another process is not ready.
        FatalError: A file cannot be used.
    """
    chosen = choose(request, tools.index, today=tools.now().date())
    planned = plan_files(chosen, request, tools.loads, source=tools.source)
    for note in chosen.notes:
        tools.progress.say(note)
    if request.dry_run:
        to_fetch = tools.fetcher.check_space(_work(planned))
        files = tuple(map(planned_outcome, planned))
        return _outcome(chosen, files, tools, bytes_to_fetch=to_fetch)
    lease = dump_lease(tools.source, chosen.year_month)
    with recorded(tools.runs, f"pull {tools.source}", code_version=tools.code_version, settings=tools.settings) as run:
        with tools.leases.hold(lease, wait_seconds=tools.wait_seconds, on_wait=tools.progress.say):
            # whoever held the lease before may have loaded the month
            planned = plan_files(chosen, request, tools.loads, source=tools.source)
            outcome = _pull(chosen, planned, request, tools, run.run_id)
        run.counters.update(_counters(outcome))
        _clean_up(tools, keep_files=request.keep_files)
    return outcome


def _pull(
    chosen: ChosenDump, planned: tuple[PlannedFile, ...], request: PullRequest, tools: PullTools, run_id: UUID
) -> PullOutcome:
    work = _work(planned)
    finish_replacements(planned, tools)
    if not work:
        settle(chosen, tools)
        checked = tuple(check_loaded(item, tools.fetcher, tools.bronze_files, tools.progress) for item in planned)
        return _outcome(chosen, checked, tools, run_id=run_id)
    to_fetch = tools.fetcher.check_space(work)
    tracked = take_up(chosen, tools, anew=request.reprocess)
    with tracked.failing():
        fetched = _fetch_all(work, tracked, tools)
        tracked.change_state(DumpState.READY_FOR_PROCESSING)
        with tools.leases.hold(loads_lease(tools.source), wait_seconds=tools.wait_seconds, on_wait=tools.progress.say):
            tracked.change_state(DumpState.PROCESSING)
            landing = Landing(tools, request, version=chosen.dumped_on, run_id=run_id)
            files = tuple(landing.bring(file, fetched.get(file.name)) for file in chosen.wanted)
            tracked.change_state(DumpState.COMPLETED)
    return _outcome(chosen, files, tools, run_id=run_id, bytes_to_fetch=to_fetch)


def _work(planned: tuple[PlannedFile, ...]) -> list[DumpFile]:
    return [item.file for item in planned if item.is_work]


def _fetch_all(files: list[DumpFile], tracked: TrackedDump, tools: PullTools) -> dict[str, FetchedFile]:
    tally = DownloadTally(tools.progress, tracked)
    fetched: dict[str, FetchedFile] = {}
    for file in files:
        here = fetched[file.name] = _fetch(file, tracked, tools, tally)
        tally.finished_bytes += here.size_bytes
        tracked.note_file(file.name, here, bytes_done=tally.finished_bytes)
    return fetched


def _fetch(file: DumpFile, tracked: TrackedDump, tools: PullTools, tally: DownloadTally) -> FetchedFile:
    while True:
        try:
            return tools.fetcher.fetch(file, progress=tally)
        except ChecksumMismatchError as error:
            tracked.count_retry(error)
            tools.progress.say(f"{error}; it is downloaded again")


def _clean_up(tools: PullTools, *, keep_files: bool) -> None:
    cleaned = clean_after_pull(
        CleaningTools(
            downloads=tools.downloads,
            bronze_files=tools.bronze_files,
            dumps=tools.dumps,
            loads=tools.loads,
            leases=tools.leases,
            runs=tools.runs,
            code_version=tools.code_version,
            settings=tools.settings,
            retention=tools.retention,
            source=tools.source,
        ),
        keep_files=keep_files,
    )
    for problem in cleaned.problems:
        tools.progress.say(f"not cleaned up: {problem}")


def _outcome(
    chosen: ChosenDump,
    files: tuple[FileOutcome, ...],
    tools: PullTools,
    *,
    run_id: UUID | None = None,
    bytes_to_fetch: int = 0,
) -> PullOutcome:
    return PullOutcome(
        source=tools.source,
        year_month=chosen.year_month,
        dumped_on=chosen.dumped_on,
        is_dry_run=run_id is None,
        run_id=run_id,
        files=files,
        bytes_to_fetch=bytes_to_fetch,
        is_verified=all(file.is_verified for file in files),
        notes=chosen.notes,
    )


def _counters(outcome: PullOutcome) -> dict[str, int]:
    names = ("records", "landed", "new", "changed", "unchanged", "gone", "quarantined")
    return {name: sum(getattr(file, name) for file in outcome.files) for name in names}
