"""The ledger's part in enrichment, in memory."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from linernotes.domain.standing import Standing
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.providers import Question, Subject
from linernotes.ports.runs import Run, RunStatus
from linernotes.ports.standing import Capability, ProviderDay, Unknown
from linernotes.ports.steps import Batch, BatchState, Step, StepProgress


@dataclass
class _Held:
    """A batch and who has it."""

    batch: Batch
    state: BatchState = BatchState.WAITING
    run_id: UUID | None = None
    until: datetime | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None


class FakeSteps:
    def __init__(self, clock: Callable[[], datetime], runs: Callable[[], Sequence[Run]]) -> None:
        self._clock = clock
        self._runs = runs
        self._steps: dict[UUID, Step] = {}
        self._batches: dict[UUID, list[_Held]] = {}

    def plan(self, step: Step, batches: Iterable[Sequence[Subject]]) -> int:
        held = [
            _Held(Batch(step_id=step.step_id, number=number, subjects=tuple(subjects), attempts=0))
            for number, subjects in enumerate(batches, 1)
        ]
        self._steps[step.step_id] = step
        self._batches[step.step_id] = held
        return len(held)

    def take(self, step_id: UUID, *, run_id: UUID, until: datetime) -> Batch | None:
        held = next(filter(self._is_takeable, self._batches[step_id]), None)
        if held is None:
            return None
        held.batch = replace(held.batch, attempts=held.batch.attempts + 1)
        held.state, held.run_id, held.until = BatchState.RUNNING, run_id, until
        return held.batch

    def _is_takeable(self, held: _Held) -> bool:
        if held.state is not BatchState.RUNNING:
            return held.state is BatchState.WAITING
        running = {run.run_id for run in self._runs() if run.status is RunStatus.RUNNING}
        return held.run_id not in running or (held.until is not None and held.until <= self._clock())

    def renew(self, batch: Batch, *, run_id: UUID, until: datetime) -> bool:
        return self._change(batch, run_id, until=until)

    def finish(self, batch: Batch, *, run_id: UUID, counters: Mapping[str, int]) -> bool:
        return self._change(batch, run_id, state=BatchState.DONE, counters=counters, error=None)

    def fail(self, batch: Batch, *, run_id: UUID, error: str) -> bool:
        return self._change(batch, run_id, state=BatchState.FAILED, error=error)

    def release(self, batch: Batch, *, run_id: UUID) -> bool:
        return self._change(batch, run_id, state=BatchState.WAITING)

    def _change(self, batch: Batch, run_id: UUID, **values: object) -> bool:
        held = self._batches[batch.step_id][batch.number - 1]
        if (held.state, held.run_id, held.batch.attempts) != (BatchState.RUNNING, run_id, batch.attempts):
            return False
        for name, value in values.items():
            setattr(held, name, value)
        return True

    def retry(self, step_id: UUID, *, is_reset: bool = False) -> int:
        chosen = [held for held in self._batches[step_id] if is_reset or held.state is BatchState.FAILED]
        for held in chosen:
            held.state, held.run_id, held.until = BatchState.WAITING, None, None
            held.counters, held.error = {}, None
        return len(chosen)

    def progress(self, *, step_id: UUID | None = None) -> Sequence[StepProgress]:
        chosen = [step for step in self._steps.values() if step_id in (None, step.step_id)]
        return [self._progress(step) for step in sorted(chosen, key=lambda step: step.step_id, reverse=True)]

    def _progress(self, step: Step) -> StepProgress:
        held = self._batches[step.step_id]
        counters: Counter[str] = sum((Counter(dict(one.counters)) for one in held), Counter())
        return StepProgress(
            step=step,
            batches=Counter(one.state for one in held),
            subject_count=sum(len(one.batch.subjects) for one in held),
            counters=dict(counters),
            error=next((one.error for one in reversed(held) if one.error), None),
        )


class FakeAnswers:
    def __init__(self) -> None:
        self._answers: dict[UUID, StoredAnswer] = {}

    def add(self, answer: StoredAnswer) -> None:
        self._answers.setdefault(answer.answer_id, answer)

    def find(self, question: Question, *, since: datetime) -> StoredAnswer | None:
        found = [
            one
            for one in self._answers.values()
            if one.question.fingerprint == question.fingerprint and one.answer.received_at >= since
        ]
        return max(found, key=lambda one: one.answer_id, default=None)

    def unsealed(self) -> Iterator[StoredAnswer]:
        return iter(sorted(self._answers.values(), key=lambda one: one.answer_id))

    def seal(self, answer_ids: Collection[UUID]) -> int:
        return sum(self._answers.pop(answer_id, None) is not None for answer_id in answer_ids)

    def unsealed_bytes(self) -> int:
        return sum(len(one.answer.body) for one in self._answers.values())


class FakeStandings:
    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}

    def all(self) -> Mapping[str, Standing]:
        return dict(sorted(self._standings.items()))

    def put(self, standing: Standing) -> None:
        self._standings[standing.provider] = standing


class FakeCapabilities:
    def __init__(self) -> None:
        self._capabilities: dict[str, Capability] = {}

    def all(self) -> Mapping[str, Capability]:
        return dict(sorted(self._capabilities.items()))

    def put(self, capability: Capability) -> None:
        self._capabilities[capability.provider] = capability


class FakeUnknownEntities:
    def __init__(self) -> None:
        self._unknown: dict[tuple[str, UUID], Unknown] = {}

    def put(self, unknown: Iterable[Unknown]) -> None:
        for one in unknown:
            self._unknown[one.provider, one.entity_id] = one

    def forget(self, provider: str, entity_ids: Collection[UUID]) -> None:
        for entity_id in entity_ids:
            self._unknown.pop((provider, entity_id), None)

    def find(self, provider: str) -> Sequence[Unknown]:
        return [one for key, one in sorted(self._unknown.items()) if key[0] == provider]


class FakeProviderDays:
    def __init__(self) -> None:
        self._days: dict[tuple[str, date, str], ProviderDay] = {}

    def add(self, asked: ProviderDay) -> None:
        key = (asked.provider, asked.day, asked.outcome.value)
        before = self._days.get(key, replace(asked, requests=0, cost=0.0, seconds=0.0))
        self._days[key] = replace(
            asked,
            requests=before.requests + asked.requests,
            cost=before.cost + asked.cost,
            seconds=before.seconds + asked.seconds,
        )

    def find(self, *, since: date) -> Sequence[ProviderDay]:
        return [day for key, day in sorted(self._days.items()) if day.day >= since]
