"""Explain: the value of a field, whose word it is, why it counts and not another, and what was there before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linernotes.domain.deciding import Observed, decide_field
from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.domain.outcomes import Outcome
from linernotes.domain.policy import Policy
from linernotes.domain.waterfall import Decision, Observation
from linernotes.errors import WrongUsageError
from linernotes.ports.explaining import Evidence, Explaining, FoundEntity, Told
from linernotes.ports.policies import DecisionRules, Lock
from linernotes.ports.providers import Terms

PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainTools:
    """What explaining needs."""

    explaining: Explaining
    rules: DecisionRules
    terms: Mapping[str, Terms]
    """Of providers and sources, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a field was, from when on."""

    value: str | None
    provider: str | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One field of one entity."""

    entity: FoundEntity
    field: str
    """`<entity type>.<field>`."""
    unit: str | None
    decision: Decision
    policy: str
    """The version that decides."""
    as_of: datetime | None
    """The time as of which it decides; None for now."""
    lock: Lock | None
    told: Sequence[Told]
    """Everything that was said, what counts no more included."""
    winner: Told | None
    """Who said what counts; None where a person set it, or nothing counts."""
    base: float | None
    """How sure the policy says they usually are, 0.0 to 1.0."""
    evidence: Evidence | None
    terms: Terms | None
    past: Sequence[Past]
    """Values as they were decided when each answer came, by the same policy, oldest first."""


def find_entity(text: str, entity_types: Collection[EntityType], explaining: Explaining) -> FoundEntity:
    """The one entity that a text means.

    Raises:
        WrongUsageError: It means none, or several.
    """
    only = next(iter(entity_types)) if len(entity_types) == 1 else None
    found = [one for one in explaining.find(text, entity_type=only) if one.entity_type in entity_types]
    if not found:
        kinds = " or ".join(sorted(kind.value.replace("_", " ") for kind in entity_types))
        raise WrongUsageError(f"no {kinds} is called or numbered {text!r}")
    if len(found) > 1:
        shown = "; ".join(f"{one.entity_id} {one.name} ({one.entity_type.value}, {one.detail})" for one in found[:5])
        raise WrongUsageError(f"{text!r} may be {len(found)} entities, name one by its id: {shown}")
    return found[0]


def read_field(name: str, entity_type: EntityType | None = None) -> tuple[str, frozenset[EntityType]]:
    """A field and the types of entities that have it, from `tempo_bpm` or `recording.tempo_bpm`.

    Raises:
        WrongUsageError: There is no such field.
    """
    matching = [one for one in FIELDS if name in (one, one.partition(".")[2])]
    types = frozenset(EntityType(one.partition(".")[0]) for one in matching)
    if entity_type is not None:
        types &= {entity_type}
    if not types:
        raise WrongUsageError(f"no field {name!r}; there are {', '.join(FIELDS)}")
    return matching[0].partition(".")[2], types


def explain(text: str, name: str, tools: ExplainTools, *, entity_type: EntityType | None = None) -> Explanation:
    """Why a field of an entity has its value; nobody is asked, and nothing is read but what was kept.

    Args:
        text: An id, MBID, Discogs id, ISRC or name.
        name: The field, with or without the entity type.
        tools: What it touches.
        entity_type: Where a name may mean several things.

    Raises:
        WrongUsageError: There is no such field, or no such entity, or several.
    """
    field, types = read_field(name, entity_type)
    return _explain(find_entity(text, types, tools.explaining), field, tools)


def explain_all(text: str, tools: ExplainTools, *, entity_type: EntityType | None = None) -> Sequence[Explanation]:
    """Why each field of an entity has its value: those of which somebody says something, and those that people set.

    Raises:
        WrongUsageError: There is no such entity, or several.
    """
    types = {entity_type} if entity_type else {EntityType(name.partition(".")[0]) for name in FIELDS}
    entity = find_entity(text, types, tools.explaining)
    locked = {one.field.partition(".")[2] for one in tools.rules.locks if one.entity_id == entity.entity_id}
    return [_explain(entity, field, tools) for field in sorted({*tools.explaining.fields(entity), *locked})]


def _explain(entity: FoundEntity, field: str, tools: ExplainTools) -> Explanation:
    whole = f"{entity.entity_type.value}.{field}"
    generation = tools.rules.generation_of(whole, entity.entity_id)
    policy = tools.rules.policies[generation.policy_version]
    told = tools.explaining.told(entity, field)
    lock = next((one for one in tools.rules.locks if one.entity_id == entity.entity_id and one.field == whole), None)
    at = generation.as_of or tools.explaining.newest_at()
    decision = _decide(whole, told, policy, at, counted_at=generation.as_of, lock=lock)
    winner = _teller(decision, told)
    return Explanation(
        entity=entity,
        field=whole,
        unit=FIELDS[whole].unit,
        decision=decision,
        policy=generation.policy_version,
        as_of=generation.as_of,
        lock=lock,
        told=told,
        winner=winner,
        base=policy.base_confidence(field, winner.provider) if winner else None,
        evidence=tools.explaining.evidence(winner) if winner else None,
        terms=tools.terms.get(winner.provider) if winner else None,
        past=_past(whole, told, policy),
    )


def _decide(
    name: str,
    told: Sequence[Told],
    policy: Policy,
    at: datetime | None,
    *,
    counted_at: datetime | None,
    lock: Lock | None = None,
) -> Decision:
    said = [
        Observed(
            provider=one.provider,
            value=one.value,
            match=one.match,
            signal=one.signal,
            observed_at=one.observed_at,
            evidence=str(place),
        )
        for place, one in enumerate(told)
        if one.value is not None and _counts(one, counted_at)
    ]
    locked = None
    if lock is not None:
        locked = Observation(provider=PERSON, value=lock.value, observed_at=lock.locked_at, evidence=str(lock.lock_id))
    return decide_field(name, said, policy, at=at, lock=locked)


def _counts(told: Told, at: datetime | None) -> bool:
    """Whether it was the last word of its provider, now or at a time."""
    if told.outcome not in (Outcome.OK, Outcome.NOT_FOUND):
        return False
    if at is None:
        return told.until is None
    return (told.observed_at is None or told.observed_at <= at) and (told.until is None or told.until > at)


def _teller(decision: Decision, told: Sequence[Told]) -> Told | None:
    winner = decision.winner
    return told[int(winner.evidence)] if winner and winner.evidence and not decision.is_locked else None


def _past(name: str, told: Sequence[Told], policy: Policy) -> Sequence[Past]:
    times = sorted({one.observed_at for one in told if one.observed_at is not None})
    past: list[Past] = []
    for moment in times:
        winner = _decide(name, told, policy, moment, counted_at=moment).winner
        value, provider = (winner.value, winner.provider) if winner else (None, None)
        before = (past[-1].value, past[-1].provider) if past else (None, None)
        if before != (value, provider):
            past.append(Past(value=value, provider=provider, since=moment))
    return past
