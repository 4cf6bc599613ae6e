"""Deciding a field by a policy: how sure each observation is, and which of them counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linernotes.domain.confidence import Confidence
from linernotes.domain.policy import Policy
from linernotes.domain.waterfall import Decision, Observation, Waterfall, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a provider, or a source, said of one field of one entity, before any policy weighs it."""

    provider: str
    value: str
    match: float = 1.0
    """How surely it was said of this entity, 0.0 to 1.0."""
    signal: float = 1.0
    """How sure the provider itself was, 0.0 to 1.0."""
    observed_at: datetime | None = None
    """None for what a source has: it is as old as its load."""
    evidence: str | None = None


def decide_field(
    field: str, said: Sequence[Observed], policy: Policy, *, at: datetime | None = None, lock: Observation | None = None
) -> Decision:
    """Which observation of a field counts; none where the policy has no rules for the field.

    Args:
        field: `<entity type>.<field>`.
        said: Everything observed, in any order.
        policy: What its providers are usually worth, and the rules.
        at: As in `waterfall.decide`.
        lock: As in `waterfall.decide`.
    """
    return decide(weigh(field, said, policy), waterfall_of(field, policy), at=at, lock=lock)


def succession(field: str, providers: Sequence[str], policy: Policy) -> Iterator[Observation]:
    """Who counts if all of them speak, who counts if that one is silent, and so on; those who never would are left out.

    Args:
        field: `<entity type>.<field>`.
        providers: In any order.
        policy: As in `decide_field`.
    """
    left = [Observed(provider=provider, value=provider) for provider in providers]
    while winner := decide_field(field, left, policy).winner:
        yield winner
        left = [one for one in left if one.provider != winner.provider]


def weigh(field: str, said: Sequence[Observed], policy: Policy) -> Sequence[Observation]:
    """The same observations with the confidence that the policy gives them."""
    name = field.partition(".")[2]
    return [
        Observation(
            provider=one.provider,
            value=one.value,
            confidence=Confidence(
                base=policy.base_confidence(name, one.provider), match=one.match, signal=one.signal
            ).value,
            observed_at=one.observed_at,
            evidence=one.evidence,
        )
        for one in said
    ]


def waterfall_of(field: str, policy: Policy) -> Waterfall:
    """The rules of a field; none where the policy does not speak of it."""
    return policy.waterfalls.get(field) or Waterfall(field=field, rules=())
