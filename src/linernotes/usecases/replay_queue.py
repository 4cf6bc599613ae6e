"""The queue of replays: answers that somebody wants read or decided again, worked off in the order of the wishes.

What is worked off only says what decides from now on; the next build decides.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from linernotes.errors import LinernotesError, WrongUsageError
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.replays import QueuedReplay, ReplayQueue, ReplayStatus, TargetLayer
from linernotes.usecases.replay import ReplayRequest, ReplayTools, find_run, replay


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayQueueTools:
    """What the queue needs."""

    queue: ReplayQueue
    replay: ReplayTools
    find_answer: Callable[[UUID], StoredAnswer | None]
    """An answer in bronze; None where it has none of that id."""
    reread: Callable[[Collection[UUID]], object]
    """Read answers again by the readers as they are now."""
    entity_now: Callable[[UUID], UUID]
    """The id that an entity has now."""


def queue_replay(
    bronze_ids: Sequence[UUID],
    tools: ReplayQueueTools,
    *,
    target_layer: TargetLayer,
    config_snapshot_run_id: UUID | None,
    by: str,
    reason: str,
) -> QueuedReplay:
    """Put a replay into the queue.

    Args:
        bronze_ids: Answers.
        tools: What it touches.
        target_layer: Whether they are read again, or only decided again.
        config_snapshot_run_id: The run by whose policy, and as of whose time; None for what decides now.
        by: Who asks.
        reason: Why.

    Raises:
        WrongUsageError: Bronze has no such answer, or there is no such run.
    """
    for bronze_id in bronze_ids:
        if tools.find_answer(bronze_id) is None:
            raise WrongUsageError(f"bronze has no answer {bronze_id}; `liner explain` names those that count")
    if config_snapshot_run_id is not None:
        find_run(config_snapshot_run_id, tools.replay.runs)
    queued = QueuedReplay(
        replay_id=tools.replay.new_id(),
        bronze_ids=tuple(bronze_ids),
        target_layer=target_layer,
        use_historical_config=config_snapshot_run_id is not None,
        config_snapshot_run_id=config_snapshot_run_id,
        requested_by=by,
        reason=reason,
        requested_at=tools.replay.now(),
    )
    tools.queue.add(queued)
    return queued


def work_off(tools: ReplayQueueTools) -> Sequence[QueuedReplay]:
    """Do every replay that waits, and answer them as they ended; one that fails keeps no other from being done."""
    waiting = [one for one in tools.queue.all() if one.status is ReplayStatus.WAITING]
    for one in waiting:
        try:
            status, outcome = ReplayStatus.DONE, _replay(one, tools)
        except LinernotesError as error:
            status, outcome = ReplayStatus.FAILED, str(error)
        tools.queue.finish(one.replay_id, status=status, outcome=outcome)
    done = {one.replay_id for one in waiting}
    return [one for one in tools.queue.all() if one.replay_id in done]


def _replay(queued: QueuedReplay, tools: ReplayQueueTools) -> str:
    answers = [tools.find_answer(bronze_id) for bronze_id in queued.bronze_ids]
    if None in answers:
        raise WrongUsageError("bronze has one of the answers no more: its load was discarded")
    if queued.target_layer is TargetLayer.SILVER:
        tools.reread(queued.bronze_ids)
    subjects = {subject.entity_id for answer in answers if answer for subject in answer.question.subjects}
    entity_ids = sorted({tools.entity_now(entity_id) for entity_id in subjects})
    request = ReplayRequest(run_id=queued.config_snapshot_run_id, entity_ids=entity_ids)
    outcome = replay(request, tools.replay, by=queued.requested_by, reason=queued.reason, apply=True)
    entities = "1 entity" if len(entity_ids) == 1 else f"{len(entity_ids)} entities"
    return f"generation {outcome.generation_id} decides {entities} by policy {outcome.policy}"
