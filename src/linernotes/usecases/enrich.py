"""Enrich: ask providers for what the catalogue lacks, in the order in which the policy believes them.

A provider is asked about entities that lack a value which the policy would take. What it answers is sealed into bronze
before the next provider is asked, so that nobody is asked for what is known by then.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.domain.policy import Policy
from linernotes.errors import WrongUsageError
from linernotes.ports.catalogue import Catalogue, Sufficient, Wanted
from linernotes.ports.progress import Progress
from linernotes.ports.providers import Provider, Subject
from linernotes.ports.runs import Runs
from linernotes.ports.standing import UnknownEntities
from linernotes.ports.steps import BatchState, Step, StepProgress, Steps
from linernotes.usecases.asking import AskingTools, ParkedError
from linernotes.usecases.running import OpenRun, recorded
from linernotes.usecases.seal import SealTools, seal
from linernotes.usecases.steps import StepTools, work_on

NEEDS_A_PERSON = 3
TRY_LATER = 75
_KINDS = ("mbid", "isrc", "discogs_id", "spotify_id")
_OPEN = (BatchState.WAITING, BatchState.RUNNING)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichTools:
    """Everything it touches."""

    catalogue: Catalogue
    steps: Steps
    unknown: UnknownEntities
    seal: SealTools
    runs: Runs
    providers: Sequence[Provider]
    """Those that may be asked."""
    policy: Policy
    open_asking: Callable[[Provider], AbstractContextManager[AskingTools]]
    """What asking a provider needs, for the block."""
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]
    progress: Progress
    code_version: str
    settings: Mapping[str, object]
    subjects_per_batch: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrichRequest:
    """What is wanted."""

    fields: Sequence[str] = ()
    """`<entity type>.<field>`, or the field of every type that has it; empty for all."""
    provider: str | None = None
    entity_ids: Sequence[UUID] = ()
    """These alone; empty for all."""
    limit: int = 1_000
    """Entities of each type that each provider is asked about at most."""
    is_exhaustive: bool = False
    """Ask every provider, also for what is known already."""
    refresh_after: timedelta | None = None
    """Ask again about whom a provider answered longer ago."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOutcome:
    """What came of asking one provider."""

    provider: str
    fields: tuple[str, ...]
    subjects: int
    """Entities that it was asked about, or would be."""
    counters: Mapping[str, int] = field(default_factory=dict)
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
    asked_for = list(_asked_for(request, tools))
    if request.dry_run:
        planned = [
            ProviderOutcome(
                provider=provider.profile.name,
                fields=fields,
                subjects=sum(1 for _ in _subjects(provider, fields, request, tools)),
            )
            for provider, fields in asked_for
        ]
        return EnrichOutcome(run_id=None, providers=tuple(planned))
    with recorded(tools.runs, "enrich", code_version=tools.code_version, settings=tools.settings) as run:
        run.counters.update(answers=0, observations=0)
        _seal(tools, run)
        outcomes = [_ask_one(provider, fields, request, tools, run) for provider, fields in asked_for]
    return EnrichOutcome(run_id=run.run_id, providers=tuple(outcomes), **run.counters)


def plan(request: EnrichRequest, tools: EnrichTools, *, run_id: UUID) -> Sequence[StepProgress]:
    """Freeze for each provider who it would be asked about, and ask nobody."""
    planned = [
        _plan_step(provider, fields, request, tools, run_id=run_id) for provider, fields in _asked_for(request, tools)
    ]
    return [step for step in planned if step is not None]


def _plan_step(
    provider: Provider, fields: tuple[str, ...], request: EnrichRequest, tools: EnrichTools, *, run_id: UUID
) -> StepProgress | None:
    """Freeze who is to be asked about; None where it is nobody."""
    subjects = _subjects(provider, fields, request, tools)
    first = next(subjects, None)
    if first is None:
        return None
    step = Step(
        step_id=tools.new_id(),
        provider=provider.profile.name,
        fields=fields,
        run_id=run_id,
        planned_at=tools.now(),
    )
    size = max(tools.subjects_per_batch, provider.profile.batch_size)
    tools.steps.plan(step, _batches(first, subjects, size))
    return tools.steps.progress(step_id=step.step_id)[0]


def asked_kinds(provider: Provider, entity_type: EntityType) -> frozenset[str]:
    """By which kinds of identifiers, and whether by `name`, a provider can be asked about entities of a type."""
    probes = {
        kind: Subject(entity_type=entity_type, entity_id=_NOBODY, identifiers={kind: "x" * 22}) for kind in _KINDS
    }
    probes["name"] = Subject(
        entity_type=entity_type, entity_id=_NOBODY, name="x", artist="x", duration_ms=1, country="DE"
    )
    return frozenset(kind for kind, subject in probes.items() if any(True for _ in provider.ask([subject])))


def _ask_one(
    provider: Provider, fields: tuple[str, ...], request: EnrichRequest, tools: EnrichTools, run: OpenRun
) -> ProviderOutcome:
    """Go on with what was planned before, then plan what is missing now."""
    name = provider.profile.name
    done: list[StepProgress] = []
    problem = None
    with tools.open_asking(provider) as asking:
        working = StepTools(steps=tools.steps, unknown=tools.unknown, asking=asking)
        try:
            for step in _open_steps(name, tools.steps):
                done.append(step)
                done[-1] = work_on(step.step.step_id, working, run_id=run.run_id, progress=tools.progress)
                _seal(tools, run)  # who was answered about is not planned again
            planned = _plan_step(provider, fields, request, tools, run_id=run.run_id)
            if planned is not None:
                done.append(planned)
                done[-1] = work_on(planned.step.step_id, working, run_id=run.run_id, progress=tools.progress)
        except ParkedError as error:
            problem = str(error)
            tools.progress.say(problem)
    _seal(tools, run)
    return _outcome(name, fields, done, problem, tools.steps)


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


def _asked_for(request: EnrichRequest, tools: EnrichTools) -> Iterator[tuple[Provider, tuple[str, ...]]]:
    """The providers with the fields to ask each for, in the order in which the policy believes them."""
    wanted = _wanted_fields(request.fields)
    by_name = {provider.profile.name: provider for provider in tools.providers}
    if request.provider is not None and request.provider not in by_name:
        raise WrongUsageError(
            f"provider {request.provider!r} is not asked; `liner providers` tells why (asked: {', '.join(by_name)})"
        )
    places: dict[str, tuple[int, str]] = {}
    fields: dict[str, list[str]] = {}
    for name in wanted:
        waterfall = tools.policy.waterfalls.get(name)
        rules = [rule for rule in waterfall.rules if rule.is_enabled] if waterfall else []
        for rule in rules:
            provider = by_name.get(rule.provider)
            if provider is None or name not in provider.profile.fields:
                continue
            if request.provider in (None, rule.provider):
                place = (rule.priority, rule.provider)
                places[rule.provider] = min(places.get(rule.provider, place), place)
                fields.setdefault(rule.provider, []).append(name)
    for name in sorted(fields, key=lambda name: places[name]):
        yield by_name[name], tuple(dict.fromkeys(fields[name]))


def _wanted_fields(named: Collection[str]) -> Sequence[str]:
    found: list[str] = []
    for name in named:
        matching = [one for one in FIELDS if name in (one, one.partition(".")[2])]
        if not matching:
            raise WrongUsageError(f"no field {name!r}; there are {', '.join(FIELDS)}")
        found += matching
    return found or list(FIELDS)


def _subjects(
    provider: Provider, fields: Sequence[str], request: EnrichRequest, tools: EnrichTools
) -> Iterator[Subject]:
    profile, now = provider.profile, tools.now()
    unknown = [one.entity_id for one in tools.unknown.find(profile.name) if one.again_at > now]
    loads = tools.seal.loads.find()
    for entity_type in EntityType:
        names = tuple(name.partition(".")[2] for name in fields if name.startswith(f"{entity_type.value}."))
        kinds = asked_kinds(provider, entity_type) if names else frozenset()
        if not kinds:
            continue
        since = (
            datetime.min.replace(tzinfo=now.tzinfo) if request.refresh_after is None else now - request.refresh_after
        )
        wanted = Wanted(
            entity_type=entity_type,
            provider=profile.name,
            fields=names,
            sufficient=[] if request.is_exhaustive else list(_sufficient(entity_type, names, tools.policy)),
            kinds=kinds - {"name"},
            is_by_name="name" in kinds,
            asked_since=since,
            entity_ids=request.entity_ids,
            not_yet=unknown,
            limit=request.limit,
        )
        yield from tools.catalogue.find(wanted, loads)


def _sufficient(entity_type: EntityType, names: Iterable[str], policy: Policy) -> Iterator[Sufficient]:
    for name in names:
        for rule in policy.waterfalls[f"{entity_type.value}.{name}"].rules:
            if rule.is_enabled:
                yield Sufficient(
                    field=name,
                    provider=rule.provider,
                    base=policy.base_confidence(name, rule.provider),
                    min_confidence=rule.min_confidence,
                )


def _batches(first: Subject, rest: Iterator[Subject], size: int) -> Iterator[Sequence[Subject]]:
    yield [first, *islice(rest, size - 1)]
    while batch := list(islice(rest, size)):
        yield batch
