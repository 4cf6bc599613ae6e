"""Enrich: ask providers for what the catalogue lacks, in the order in which the policy believes them.

A provider is asked about entities that lack a value which the policy would take. What it answers is sealed into bronze
before the next provider is asked, so that nobody is asked for what is known by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from linernotes.ports.providers import Provider
from linernotes.ports.steps import BatchState, StepProgress, Steps
from linernotes.usecases.asking import ParkedError
from linernotes.usecases.enrich_plan import EnrichRequest, EnrichTools, asked_for, plan_step, subjects_of
from linernotes.usecases.running import OpenRun, recorded
from linernotes.usecases.seal import seal
from linernotes.usecases.steps import StepTools, work_on

NEEDS_A_PERSON = 3
TRY_LATER = 75
_OPEN = (BatchState.WAITING, BatchState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOutcome:
    """What came of asking one provider."""

    provider: str
    fields: tuple[str, ...]
    subjects: int
    """Entities that it was asked about, or would be."""
    counters: Mapping[str, int] = field(default_factory=dict)
    cost: float = 0.0
    """Of what was asked, in the user's currency."""
    failed_batches: int = 0
    step_ids: tuple[UUID, ...] = ()
    problem: str | None = None
    """Why it was not asked to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichOutcome:
    """What an enrichment did."""

    run_id: UUID | None
    providers: tuple[ProviderOutcome, ...]
    answers: int = 0
    """Sealed into bronze."""
    observations: int = 0

    @property
    def exit_status(self) -> int:
        """75 where a provider is to be asked later, 3 where a batch failed."""
        if any(one.problem for one in self.providers):
            return TRY_LATER
        return NEEDS_A_PERSON if any(one.failed_batches for one in self.providers) else 0


def enrich(request: EnrichRequest, tools: EnrichTools) -> EnrichOutcome:
    """Ask providers for what is missing, one after the other.

    Raises:
        WrongUsageError: A field or provider is none, or nothing was built yet.
    """
    wanted = list(asked_for(request, tools))
    if request.dry_run:
        planned = [
            ProviderOutcome(
                provider=provider.profile.name,
                fields=fields,
                subjects=sum(1 for _ in subjects_of(provider, fields, request, tools)),
            )
            for provider, fields in wanted
        ]
        return EnrichOutcome(run_id=None, providers=tuple(planned))
    with recorded(tools.runs, "enrich", code_version=tools.code_version, settings=tools.settings) as run:
        run.counters.update(answers=0, observations=0)
        _seal(tools, run)
        outcomes = [_ask_one(provider, fields, request, tools, run) for provider, fields in wanted]
    return EnrichOutcome(run_id=run.run_id, providers=tuple(outcomes), **run.counters)


def _ask_one(
    provider: Provider, fields: tuple[str, ...], request: EnrichRequest, tools: EnrichTools, run: OpenRun
) -> ProviderOutcome:
    """Go on with what was planned before, then plan what is missing now."""
    name = provider.profile.name
    done: list[StepProgress] = []
    problem = None
    with tools.open_asking(provider, run.run_id) as asking:
        working = StepTools(steps=tools.steps, unknown=tools.unknown, asking=asking)
        try:
            for step in _open_steps(name, tools.steps):
                done.append(step)
                done[-1] = work_on(step.step.step_id, working, run_id=run.run_id, progress=tools.progress)
                _seal(tools, run)  # who was answered about is not planned again
            planned = plan_step(asking.provider, fields, request, tools, run_id=run.run_id)
            if planned is not None:
                done.append(planned)
                done[-1] = work_on(planned.step.step_id, working, run_id=run.run_id, progress=tools.progress)
        except ParkedError as error:
            problem = str(error)
            tools.progress.say(problem)
    _seal(tools, run)
    return replace(_outcome(name, fields, done, problem, tools.steps), cost=asking.budget.cost)


def _seal(tools: EnrichTools, run: OpenRun) -> None:
    sealed = seal(tools.seal, run_id=run.run_id)
    run.counters["answers"] += sealed.answers
    run.counters["observations"] += sealed.observations


def _outcome(
    name: str, fields: tuple[str, ...], done: Sequence[StepProgress], problem: str | None, steps: Steps
) -> ProviderOutcome:
    now = [steps.progress(step_id=one.step.step_id)[0] for one in done]
    counters: dict[str, int] = {}
    for one in now:
        for outcome, number in one.counters.items():
            counters[outcome] = counters.get(outcome, 0) + number
    return ProviderOutcome(
        provider=name,
        fields=fields,
        subjects=sum(one.subject_count for one in now),
        counters=counters,
        failed_batches=sum(one.batches.get(BatchState.FAILED, 0) for one in now),
        step_ids=tuple(one.step.step_id for one in now),
        problem=problem or next((one.error for one in now if one.error), None),
    )


def _open_steps(provider: str, steps: Steps) -> Sequence[StepProgress]:
    """Steps with something left to take, oldest first."""
    found = [one for one in steps.progress() if one.step.provider == provider]
    return [one for one in reversed(found) if any(one.batches.get(state) for state in _OPEN)]
