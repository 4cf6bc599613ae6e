"""The queue of replays: what somebody wants decided again, done when the queue is worked off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class TargetLayer(StrEnum):
    SILVER = "silver"
    """The answers are read again, and what they speak of is decided again."""
    GOLD = "gold"
    """What they speak of is decided again, from what was read."""


class ReplayStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedReplay:
    """One wish."""

    replay_id: UUID
    bronze_ids: tuple[UUID, ...]
    """Answers in bronze.provider_answer."""
    target_layer: TargetLayer
    use_historical_config: bool
    """By the policy, and as of the time, of `config_snapshot_run_id`; else by what decides now."""
    config_snapshot_run_id: UUID | None = None
    requested_by: str
    reason: str
    requested_at: datetime
    status: ReplayStatus = ReplayStatus.WAITING
    finished_at: datetime | None = None
    outcome: str = ""
    """What came of it, or why it failed."""


class ReplayQueue(Protocol):
    def add(self, replay: QueuedReplay) -> None:
        """Put a replay at the end."""
        ...

    def all(self) -> Sequence[QueuedReplay]:
        """Every replay there was, oldest first."""
        ...

    def finish(self, replay_id: UUID, *, status: ReplayStatus, outcome: str) -> None:
        """Say what came of one that waited; of one that is finished nothing is changed."""
        ...
