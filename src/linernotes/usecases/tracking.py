"""One dump on its way through the tracking table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from linernotes.domain.dumps import DumpState
from linernotes.errors import FatalError, LinernotesError
from linernotes.ports.dumps import Dump, Dumps
from linernotes.ports.fetching import FetchedFile
from linernotes.ports.progress import Progress, Task
from linernotes.usecases.pull_plan import ChosenDump
from linernotes.usecases.pull_tools import PullTools

INTERRUPTED = "interrupted: the process ended while the dump was processed"
SAVE_EVERY_BYTES = 256 << 20
"""How often `liner status` sees a download move."""


class TrackedDump:
    """A dump whose every change of state is saved as it happens."""

    def __init__(self, dumps: Dumps, dump: Dump, *, now: Callable[[], datetime]) -> None:
        self._dumps = dumps
        self._now = now
        self.dump = dump

    def change_state(self, state: DumpState, *, error: str | None = None) -> None:
        """Go to another state.

        Raises:
            FatalError: The transition is not allowed.
        """
        dump = replace(self.dump, state=state, error=error)
        if state is DumpState.DOWNLOADING:
            dump = replace(dump, started_at=self._now(), completed_at=None)
        if state is DumpState.COMPLETED:
            dump = replace(dump, completed_at=self._now())
        self._save(dump)

    def count_retry(self, error: LinernotesError) -> None:
        """Count one more retry, or give up.

        Raises:
            LinernotesError: The error given, when no retry is left.
        """
        if self.dump.retry_count >= self.dump.retry_limit:
            raise error
        self._save(replace(self.dump, retry_count=self.dump.retry_count + 1, error=str(error)))

    def note_file(self, name: str, fetched: FetchedFile, *, bytes_done: int) -> None:
        """Remember that a file is here, with its checksum."""
        checksums = {**self.dump.checksums, name: fetched.sha256}
        self._save(replace(self.dump, checksums=checksums, bytes_done=bytes_done))

    def note_bytes(self, bytes_done: int) -> None:
        """Remember how far the download has come."""
        self._save(replace(self.dump, bytes_done=bytes_done))

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Let an error of the block end in the state failed, with its message."""
        try:
            yield
        except LinernotesError as error:
            self.change_state(DumpState.FAILED, error=str(error))
            raise

    def _save(self, dump: Dump) -> None:
        self._dumps.save(dump)
        self.dump = dump


def take_up(chosen: ChosenDump, tools: PullTools, *, anew: bool) -> TrackedDump:
    """Bring a dump to the state downloading, whatever it was left in.

    A dump that was interrupted goes on without a retry being counted; one that failed costs a retry.

    Args:
        anew: Begin the count of retries again.

    Raises:
        FatalError: It failed as often as allowed.
    """
    found = _find(chosen, tools)
    fresh = Dump(
        dump_id=tools.new_id(),
        source=tools.source,
        dumped_on=chosen.dumped_on,
        state=DumpState.NOT_STARTED,
        files=chosen.files,
    )
    tracked = TrackedDump(tools.dumps, found or fresh, now=tools.now)
    if found is None:
        tracked.change_state(DumpState.NOT_STARTED)
    if tracked.dump.state is DumpState.FAILED and not anew:
        _count_failure(tracked)
    if tracked.dump.state is DumpState.PROCESSING:
        tracked.change_state(DumpState.FAILED, error=INTERRUPTED)
    retry_count = 0 if anew else tracked.dump.retry_count
    tracked.dump = replace(tracked.dump, files=chosen.files, bytes_done=0, retry_count=retry_count)
    tracked.change_state(DumpState.DOWNLOADING)
    return tracked


def settle(chosen: ChosenDump, tools: PullTools) -> None:
    """Complete a dump whose process ended between its last load and saying so."""
    dump = _find(chosen, tools)
    if dump is None or dump.state is not DumpState.PROCESSING:
        return
    loads = tools.loads.find(source=tools.source, is_active=True)
    if set(dump.checksums) <= {load.file_name for load in loads}:
        TrackedDump(tools.dumps, dump, now=tools.now).change_state(DumpState.COMPLETED)


def _find(chosen: ChosenDump, tools: PullTools) -> Dump | None:
    known = tools.dumps.find(source=tools.source, year_month=chosen.year_month)
    return next((dump for dump in known if dump.dumped_on == chosen.dumped_on), None)


def _count_failure(tracked: TrackedDump) -> None:
    dump = tracked.dump
    if dump.error == INTERRUPTED:
        return
    if dump.retry_count >= dump.retry_limit:
        raise FatalError(
            f"the dump of {dump.dumped_on} failed {dump.retry_count + 1} times, at last with: {dump.error}; "
            f"when the cause is gone, --month {dump.year_month} --reprocess begins anew"
        )
    tracked.dump = replace(dump, retry_count=dump.retry_count + 1)


class DownloadTally:
    """Progress that also saves, from time to time, how many bytes of a dump are here."""

    def __init__(self, progress: Progress, tracked: TrackedDump) -> None:
        self._progress = progress
        self._tracked = tracked
        self.finished_bytes = 0
        self._saved_bytes = 0

    @contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator[Task]:
        with self._progress.task(description, total=total, unit=unit) as task:
            yield _TalliedTask(task, self)

    def say(self, message: str) -> None:
        self._progress.say(message)

    def step(self, message: str) -> None:
        self._progress.step(message)

    def tell(self, current_bytes: int) -> None:
        """Save the bytes done, if enough came since the last time."""
        done = self.finished_bytes + current_bytes
        if done - self._saved_bytes >= SAVE_EVERY_BYTES:
            self._saved_bytes = done
            self._tracked.note_bytes(done)


class _TalliedTask:
    def __init__(self, task: Task, tally: DownloadTally) -> None:
        self._task = task
        self._tally = tally
        self._done = 0

    def advance(self, amount: int = 1, /) -> None:
        self._task.advance(amount)
        self._done += amount
        self._tally.tell(self._done)
