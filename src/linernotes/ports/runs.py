"""Runs: one execution of a use case each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class RunStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a use case."""

    run_id: UUID
    use_case: str
    status: RunStatus
    started_at: datetime
    finished_at: datetime | None = None
    code_version: str
    settings: Mapping[str, object]
    counters: Mapping[str, int]
    error: str | None = None
    snapshot_id: int | None = None


class Runs(Protocol):
    """The record of what Linernotes did."""

    def start(self, use_case: str, *, code_version: str, settings: Mapping[str, object]) -> Run:
        """Open a run, after marking as interrupted every open run whose process is gone."""
        ...

    def finish(
        self,
        run_id: UUID,
        *,
        status: RunStatus,
        counters: Mapping[str, int],
        error: str | None = None,
        snapshot_id: int | None = None,
    ) -> None:
        """Close a run; `snapshot_id` is the lake snapshot it left behind."""
        ...

    def latest(self, *, limit: int = 20, use_case: str | None = None, status: RunStatus | None = None) -> Sequence[Run]:
        """Runs, newest first."""
        ...
