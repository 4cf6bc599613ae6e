"""Steps: work that is planned once, cut into batches, and done by any number of processes until nothing is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from linernotes.ports.providers import Subject


class BatchState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    """A process holds it, until its lease ends or the process does."""
    DONE = "done"
    FAILED = "failed"
    """It is not tried again unless somebody says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Entities that one provider is to be asked about, frozen when it was planned."""

    step_id: UUID
    provider: str
    fields: tuple[str, ...]
    run_id: UUID
    """The run that planned it."""
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A part of a step, taken by one process at a time."""

    step_id: UUID
    number: int
    """From 1."""
    subjects: tuple[Subject, ...]
    attempts: int
    """How often it was taken, this time included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """How far a step is."""

    step: Step
    batches: Mapping[BatchState, int]
    subject_count: int
    counters: Mapping[str, int] = field(default_factory=dict)
    """What its finished batches counted, added up: one for each outcome."""
    error: str | None = None
    """Of the batch that failed last."""


class Steps(Protocol):
    def plan(self, step: Step, batches: Iterable[Sequence[Subject]]) -> int:
        """Freeze a step with its batches, all or none, and answer how many batches it has."""
        ...

    def take(self, step_id: UUID, *, run_id: UUID, until: datetime) -> Batch | None:
        """The next batch that waits, or whose process is gone or too late; None where none is left to take."""
        ...

    def renew(self, batch: Batch, *, run_id: UUID, until: datetime) -> bool:
        """Hold a batch longer; False where another process has taken it meanwhile."""
        ...

    def finish(self, batch: Batch, *, run_id: UUID, counters: Mapping[str, int]) -> bool:
        """Call a batch done, with what it counted; False where another process has taken it meanwhile."""
        ...

    def fail(self, batch: Batch, *, run_id: UUID, error: str) -> bool:
        """Call a batch failed; False where another process has taken it meanwhile."""
        ...

    def release(self, batch: Batch, *, run_id: UUID) -> bool:
        """Let a batch wait again; False where another process has taken it meanwhile."""
        ...

    def retry(self, step_id: UUID, *, is_reset: bool = False) -> int:
        """Let failed batches, or all of them, wait again, and answer how many."""
        ...

    def progress(self, *, step_id: UUID | None = None) -> Sequence[StepProgress]:
        """How far each step is, newest first, or one of them."""
        ...
