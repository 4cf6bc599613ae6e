"""Working on a step: batch by batch, beside other processes, until nothing is left to take."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linernotes.domain.outcomes import Outcome, ask_again_at
from linernotes.errors import WrongUsageError
from linernotes.ports.progress import Progress
from linernotes.ports.standing import Unknown, UnknownEntities
from linernotes.ports.steps import Batch, Step, StepProgress, Steps
from linernotes.usecases.asking import Asked, AskingTools, ask, kept_answers

_UNFINISHED = (Outcome.TRANSIENT, Outcome.QUOTA, Outcome.REFUSED)
"""Outcomes after which an entity still has to be asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTools:
    """What working on steps needs."""

    steps: Steps
    unknown: UnknownEntities
    asking: AskingTools
    lease: timedelta = timedelta(minutes=10)
    """How long a batch is held without a word from its process."""


def work_on(step_id: UUID, tools: StepTools, *, run_id: UUID, progress: Progress) -> StepProgress:
    """Do what is left of a step, and tell how far it is.

    Raises:
        WrongUsageError: There is no such step.
        ParkedError: The provider is to be left alone; what was done is kept, the batch under way waits.
    """
    before = find_step(step_id, tools.steps)
    with progress.task(f"asking {before.step.provider}", total=before.subject_count, unit="entities") as task:
        while batch := tools.steps.take(step_id, run_id=run_id, until=_lease_end(tools)):
            _work_on_batch(before.step, batch, tools, run_id)
            task.advance(len(batch.subjects))
    return find_step(step_id, tools.steps)


def find_step(step_id: UUID, steps: Steps) -> StepProgress:
    """How far one step is.

    Raises:
        WrongUsageError: There is no such step.
    """
    found = steps.progress(step_id=step_id)
    if not found:
        raise WrongUsageError(f"there is no step {step_id}; `liner step status` lists those there are")
    return found[0]


def _work_on_batch(step: Step, batch: Batch, tools: StepTools, run_id: UUID) -> None:
    asked: list[Asked] = []
    try:
        questions = list(tools.asking.provider.ask(batch.subjects))
        is_first = batch.attempts == 1
        kept = {} if is_first else kept_answers(questions, tools.asking, since=step.planned_at)
        for question in questions:
            asked.append(ask(question, tools.asking, run_id=run_id, kept=kept.get(question.fingerprint)))
            tools.steps.renew(batch, run_id=run_id, until=_lease_end(tools))
    except BaseException:
        tools.steps.release(batch, run_id=run_id)
        raise
    _remember_unknown(step.provider, asked, tools.unknown)
    unfinished = [one.reading for one in asked if one.reading.outcome in _UNFINISHED]
    if unfinished:
        what = f"{len(unfinished)} of {len(asked)} questions: {unfinished[0].outcome}, {unfinished[0].reason}"
        tools.steps.fail(batch, run_id=run_id, error=what)
    else:
        tools.steps.finish(batch, run_id=run_id, counters=_count(batch, asked))


def _remember_unknown(provider: str, asked: Iterable[Asked], unknown: UnknownEntities) -> None:
    """What the provider does not know is asked again ever more rarely; the same answer is counted once."""
    before = {one.entity_id: one for one in unknown.find(provider)}
    known, now_unknown = set[UUID](), list[Unknown]()
    for one in asked:
        if one.reading.outcome is Outcome.OK:
            known |= {subject.entity_id for subject in one.question.subjects} - set(one.reading.unknown)
        for entity_id in _not_found(one):
            last = before.get(entity_id)
            if last is None or last.asked_at < one.received_at:
                now_unknown.append(_unknown(provider, entity_id, one.received_at, last))
    unknown.put(now_unknown)
    unknown.forget(provider, known & before.keys())


def _not_found(asked: Asked) -> Iterable[UUID]:
    if asked.reading.outcome is Outcome.NOT_FOUND:
        return [subject.entity_id for subject in asked.question.subjects]
    return asked.reading.unknown


def _unknown(provider: str, entity_id: UUID, asked_at: datetime, last: Unknown | None) -> Unknown:
    times = last.times + 1 if last else 1
    return Unknown(
        provider=provider,
        entity_id=entity_id,
        times=times,
        asked_at=asked_at,
        again_at=ask_again_at(asked_at, times),
    )


def _count(batch: Batch, asked: Iterable[Asked]) -> dict[str, int]:
    """Entities by what became of them; every one of the batch is in one of the counts."""
    counts = Counter[str]()
    for one in asked:
        missing = len(one.reading.unknown)
        counts[one.reading.outcome] += len(one.question.subjects) - missing
        counts[Outcome.NOT_FOUND] += missing
    counts["not_asked"] = len(batch.subjects) - counts.total()
    return {name: number for name, number in counts.items() if number}


def _lease_end(tools: StepTools) -> datetime:
    return tools.asking.now() + tools.lease
