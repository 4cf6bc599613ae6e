"""Progress of long work: a bar with rate and time left on a terminal, one log event a minute elsewhere."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from linernotes.ports.progress import Progress, Task

EVENT_SECONDS = 60


def choose_progress(*, quiet: bool) -> Progress:
    """The progress that fits where standard error goes; log events go there, too."""
    _send_events_to_standard_error()
    return TerminalProgress() if sys.stderr.isatty() and not quiet else LoggedProgress(quiet=quiet)


@dataclass(slots=True)
class _LoggedTask:
    description: str
    total: int | None
    unit: str
    log: Callable[..., None]
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def advance(self, amount: int = 1, /) -> None:
        self.done += amount
        now = time.monotonic()
        if now - self.told >= EVENT_SECONDS:
            self.told = now
            rate = round(self.done / (now - self.started))
            self.log(
                "task.progress",
                task=self.description,
                done=self.done,
                total=self.total,
                unit=self.unit,
                per_second=rate,
            )


@dataclass(frozen=True, slots=True)
class LoggedProgress:
    """For pipes, schedulers and CI: events on standard error, at most one a minute for each task."""

    quiet: bool = False

    @contextlib.contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator[Task]:
        yield _LoggedTask(description, total, unit, _nothing if self.quiet else _log())

    def say(self, message: str) -> None:
        if not self.quiet:
            _log()("said", message=message)

    def step(self, message: str) -> None:
        """Logs do not tell it."""


def _nothing(*_: object, **__: object) -> None:
    """Log nothing."""


def _send_events_to_standard_error() -> None:
    """Keep events out of standard output, which is for what was asked."""
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stream as it is by then
    )


@cache
def _log() -> Callable[..., None]:
    import structlog

    info: Callable[..., None] = structlog.get_logger().info
    return info


class TerminalProgress:
    """For people: one line per running task."""

    @contextlib.contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator[Task]:
        from rich import progress as bars
        from rich.console import Console

        amount = bars.DownloadColumn() if unit == "bytes" else bars.MofNCompleteColumn()
        columns = [bars.TextColumn("{task.description}"), bars.BarColumn(), amount]
        if unit == "bytes":
            columns.append(bars.TransferSpeedColumn())
        columns += [bars.TimeRemainingColumn(compact=True), bars.TimeElapsedColumn()]
        with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task_id = bar.add_task(description, total=total)
            yield _BarTask(lambda amount: bar.advance(task_id, amount))

    def say(self, message: str) -> None:
        sys.stderr.write(message + "\n")

    def step(self, message: str) -> None:
        self.say(message)


@dataclass(frozen=True, slots=True)
class _BarTask:
    step: Callable[[int], None]

    def advance(self, amount: int = 1, /) -> None:
        self.step(amount)
