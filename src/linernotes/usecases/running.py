"""Recording a run: opened before the work, closed whatever happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from linernotes.ports.runs import Runs, RunStatus


@dataclass(slots=True)
class OpenRun:
    """A run under way."""

    run_id: UUID
    counters: dict[str, int] = field(default_factory=dict)


@contextmanager
def recorded(runs: Runs, use_case: str, *, code_version: str, settings: Mapping[str, object]) -> Iterator[OpenRun]:
    """Record the block as a run; an error or a Ctrl-C closes it with the reason and goes on its way."""
    run = OpenRun(runs.start(use_case, code_version=code_version, settings=settings).run_id)
    try:
        yield run
    except BaseException as error:
        status = RunStatus.FAILED if isinstance(error, Exception) else RunStatus.INTERRUPTED
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        runs.finish(run.run_id, status=status, counters=run.counters, error=reason)
        raise
    runs.finish(run.run_id, status=RunStatus.SUCCEEDED, counters=run.counters)
