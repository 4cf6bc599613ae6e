"""Housekeeping: which files may go, and letting them go without endangering anything."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby

import structlog

from linernotes.domain.dumps import Retention, StoredFile, files_to_delete
from linernotes.errors import LinernotesError, TransientError
from linernotes.ports.bronze import BronzeFile, BronzeFiles
from linernotes.ports.dumps import Dumps
from linernotes.ports.fetching import Downloads
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Loads
from linernotes.ports.runs import Runs
from linernotes.usecases.pull_tools import dump_lease, loads_lease
from linernotes.usecases.running import recorded

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningTools:
    """Everything cleaning touches."""

    downloads: Downloads
    bronze_files: BronzeFiles
    dumps: Dumps
    loads: Loads
    leases: Leases
    runs: Runs
    code_version: str
    settings: Mapping[str, object]
    """Recorded with the run."""
    retention: Retention
    source: str = "discogs"


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedFile:
    """One file that went, or would go."""

    path: str
    """Relative to the downloads or the bronze folder."""
    size_bytes: int
    kind: str
    """`download`, or `bronze` for what a killed pull left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanOutcome:
    """What was deleted, or would be."""

    is_dry_run: bool
    files: tuple[CleanedFile, ...]
    problems: tuple[str, ...] = ()
    """What could not be deleted now, and why."""

    @property
    def size_bytes(self) -> int:
        """Bytes of the files together."""
        return sum(file.size_bytes for file in self.files)

    @property
    def exit_status(self) -> int:
        """Always 0: what cannot be deleted now is tried again next time."""
        return 0


def clean(tools: CleaningTools, *, dry_run: bool) -> CleanOutcome:
    """Delete downloads that retention lets go, and bronze files that no load lists.

    A month that somebody works on is left alone, and so is bronze while somebody lands.
    """
    if dry_run:
        return _join(clean_downloads(tools, dry_run=True), _clean_bronze(tools, dry_run=True))
    with recorded(tools.runs, "clean", code_version=tools.code_version, settings=tools.settings) as run:
        outcome = _join(clean_downloads(tools, dry_run=False), _clean_bronze(tools, dry_run=False))
        run.counters.update(files=len(outcome.files), bytes=outcome.size_bytes, problems=len(outcome.problems))
    return outcome


def clean_after_pull(tools: CleaningTools, *, keep_files: bool) -> CleanOutcome:
    """Clean what a pull need not keep: scratch of killed writers, and downloads that retention lets go.

    Never raised: a pull does not fail because of it.
    """
    problems: tuple[str, ...] = ()
    try:
        tools.bronze_files.sweep()
    except LinernotesError as error:
        problems = (_problem(error),)
    downloads = CleanOutcome(is_dry_run=False, files=()) if keep_files else clean_downloads(tools, dry_run=False)
    return CleanOutcome(is_dry_run=False, files=downloads.files, problems=(*problems, *downloads.problems))


def clean_downloads(tools: CleaningTools, *, dry_run: bool) -> CleanOutcome:
    """Delete downloads that retention lets go; what goes wrong is logged and told, never raised."""
    gone: list[CleanedFile] = []
    problems: list[str] = []
    try:
        found = _downloads_to_delete(tools)
    except LinernotesError as error:
        return CleanOutcome(is_dry_run=dry_run, files=(), problems=(_problem(error),))
    for year_month, group in groupby(found, key=lambda file: f"{file.dumped_on:%Y-%m}"):
        files = list(group)
        gone += map(_cleaned, files) if dry_run else _clean_month(tools, year_month, files, problems)
    return CleanOutcome(is_dry_run=dry_run, files=tuple(gone), problems=tuple(problems))


def _join(downloads: CleanOutcome, bronze: CleanOutcome) -> CleanOutcome:
    return CleanOutcome(
        is_dry_run=downloads.is_dry_run,
        files=(*downloads.files, *bronze.files),
        problems=(*downloads.problems, *bronze.problems),
    )


def _clean_month(
    tools: CleaningTools, year_month: str, files: Sequence[StoredFile], problems: list[str]
) -> list[CleanedFile]:
    try:
        with tools.leases.hold(dump_lease(tools.source, year_month)):
            # between listing and lease somebody may have taken the month up again
            still = set(_downloads_to_delete(tools))
            return _delete_downloads(tools, [file for file in files if file in still], problems)
    except LinernotesError as error:
        problems.append(_problem(error))
        return []


def _downloads_to_delete(tools: CleaningTools) -> Sequence[StoredFile]:
    states = {dump.dumped_on: dump.state for dump in tools.dumps.find(source=tools.source)}
    return files_to_delete(tools.downloads.find(), states=states, retention=tools.retention)


def _delete_downloads(tools: CleaningTools, files: Sequence[StoredFile], problems: list[str]) -> list[CleanedFile]:
    gone = []
    for file in files:
        try:
            tools.downloads.delete(file)
        except LinernotesError as error:
            problems.append(_problem(error))
        else:
            gone.append(_cleaned(file))
    return gone


def _clean_bronze(tools: CleaningTools, *, dry_run: bool) -> CleanOutcome:
    gone: list[CleanedFile] = []
    problems: list[str] = []
    try:
        with nullcontext() if dry_run else tools.leases.hold(loads_lease(tools.source)):
            listed = {file.path for load in tools.loads.find(source=tools.source) for file in load.files}
            if not dry_run:
                tools.bronze_files.sweep()
            for file in tools.bronze_files.find_unlisted(source=tools.source, listed=listed):
                if not dry_run:
                    tools.bronze_files.delete(file)
                gone.append(_cleaned(file))
    except LinernotesError as error:
        problems.append(_problem(error))
    return CleanOutcome(is_dry_run=dry_run, files=tuple(gone), problems=tuple(problems))


def _cleaned(file: StoredFile | BronzeFile) -> CleanedFile:
    kind = "download" if isinstance(file, StoredFile) else "bronze"
    return CleanedFile(path=file.path, size_bytes=file.size_bytes, kind=kind)


def _problem(error: LinernotesError) -> str:
    event = "clean.waits" if isinstance(error, TransientError) else "clean.failed"
    log.warning(event, error=str(error))
    return str(error)
