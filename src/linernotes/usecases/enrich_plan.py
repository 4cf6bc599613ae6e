"""Planning an enrichment: which providers are asked for what, and about whom."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, islice
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
from linernotes.ports.steps import Step, StepProgress, Steps
from linernotes.usecases.asking import AskingTools
from linernotes.usecases.seal import SealTools

_KINDS = ("mbid", "isrc", "discogs_id", "spotify_id")
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
    open_asking: Callable[[Provider, UUID], AbstractContextManager[AskingTools]]
    """What asking a provider needs, in a run, for the block: with the provider as it allows us to ask."""
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


def plan(request: EnrichRequest, tools: EnrichTools, *, run_id: UUID) -> Sequence[StepProgress]:
    """Freeze for each provider who it would be asked about, and ask nobody."""
    planned = [
        plan_step(provider, fields, request, tools, run_id=run_id) for provider, fields in asked_for(request, tools)
    ]
    return [step for step in planned if step is not None]


def plan_step(
    provider: Provider, fields: tuple[str, ...], request: EnrichRequest, tools: EnrichTools, *, run_id: UUID
) -> StepProgress | None:
    """Freeze who is to be asked about; None where it is nobody."""
    subjects = subjects_of(provider, fields, request, tools)
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
    probes = {kind: _probe(entity_type, [kind], is_named=False) for kind in _KINDS}
    probes["name"] = _probe(entity_type, [], is_named=True)
    return frozenset(kind for kind, subject in probes.items() if _asked(provider, subject))


def ways_of_asking(provider: Provider, entity_type: EntityType) -> Mapping[frozenset[str], str]:
    """How a provider would be asked about an entity with a name, by the kinds of identifiers that are known of it."""
    known = (frozenset(kinds) for size in range(len(_KINDS) + 1) for kinds in combinations(_KINDS, size))
    return {kinds: _asked(provider, _probe(entity_type, kinds, is_named=True)) for kinds in known}


def _probe(entity_type: EntityType, kinds: Iterable[str], *, is_named: bool) -> Subject:
    identifiers = {kind: kind.center(22, "x") for kind in kinds}
    subject = Subject(entity_type=entity_type, entity_id=_NOBODY, identifiers=identifiers)
    return replace(subject, name="x", artist="x", duration_ms=1, country="DE") if is_named else subject


def _asked(provider: Provider, subject: Subject) -> str:
    """The questions about a subject; nothing where there is none."""
    return " ".join(sorted(question.fingerprint for question in provider.ask([subject])))


def asked_for(request: EnrichRequest, tools: EnrichTools) -> Iterator[tuple[Provider, tuple[str, ...]]]:
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


def subjects_of(
    provider: Provider, fields: Sequence[str], request: EnrichRequest, tools: EnrichTools
) -> Iterator[Subject]:
    """Who a provider is to be asked about: entities that lack one of the fields, and by which it can be asked."""
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
            ways=ways_of_asking(provider, entity_type),
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
