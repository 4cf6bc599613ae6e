"""Which policy decides: kept by its hash, chosen, gone back to, and held against what it would change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from linernotes.domain.policy import Policy, diff_policies
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.explaining import Cells, ComparedField
from linernotes.ports.policies import (
    DecisionRules,
    Generation,
    Generations,
    Lock,
    Policies,
    StoredPolicy,
    locks_in_force,
)

_BEGIN = datetime(1, 1, 1, tzinfo=UTC)
_OTHERS = ("musicbrainz", "discogs", "geonames", "mixesdb")
"""Whose observations come from dumps, files or imports, beside the providers that are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTools:
    """What choosing a policy needs."""

    policies: Policies
    generations: Generations
    shipped: Mapping[str, Policy]
    """By name; the first decides until somebody chooses."""
    providers: Collection[str]
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """One policy, as a person wants to know it."""

    version: str
    name: str
    added_at: datetime | None
    """None for one that comes with Linernotes and was never chosen."""
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDiff:
    """How two policies differ."""

    before: str
    after: str
    lines: Sequence[tuple[str, str, str]]
    """The place, what it says before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyComparison:
    """Two policies side by side."""

    share: float
    """Of the entities, above 0.0, below 1.0."""
    in_share: str
    """The policy that decides the share."""
    elsewhere: str
    fields: Sequence[ComparedField]


def active_policy(tools: PolicyTools) -> StoredPolicy:
    """The policy that decides wherever no narrower generation does.

    Raises:
        FatalError: This version of Linernotes cannot read it.
    """
    whole = [one for one in tools.generations.all() if one.is_of_everything]
    if whole:
        return _readable(_known(tools)[whole[-1].policy_version])
    return _shipped(tools, next(iter(tools.shipped)))


def rules_in_force(tools: PolicyTools, locks: Sequence[Lock], *, also: Sequence[Generation] = ()) -> DecisionRules:
    """By what every field of every entity is decided.

    Args:
        tools: Where policies and generations are.
        locks: Every event, oldest first.
        also: Generations that are tried, after all that there are.

    Raises:
        FatalError: This version of Linernotes cannot read one of the policies.
    """
    return _rules([*tools.generations.all(), *also], locks, tools)


def rules_as_of(tools: PolicyTools, locks: Sequence[Lock], moment: datetime) -> DecisionRules:
    """By what fields were decided at a time; arguments and errors as for `rules_in_force`."""
    generations = [one for one in tools.generations.all() if one.made_at <= moment]
    return _rules(generations, [one for one in locks if one.locked_at <= moment], tools)


def _rules(generations: Sequence[Generation], locks: Sequence[Lock], tools: PolicyTools) -> DecisionRules:
    """What counts of the generations: the last of everything, and what came after it."""
    known = _known(tools)
    first = Generation(
        generation_id=UUID(int=0),
        policy_version=next(iter(tools.shipped.values())).version,
        by="",
        reason="",
        made_at=_BEGIN,
    )
    every = [first, *generations]
    last = max(place for place, one in enumerate(every) if one.is_of_everything)
    used = {one.policy_version: _readable(known[one.policy_version]).policy for one in every[last:]}
    return DecisionRules(
        policies={version: policy for version, policy in used.items() if policy},
        generations=every[last:],
        locks=locks_in_force(locks),
    )


def list_policies(tools: PolicyTools) -> Sequence[PolicyLine]:
    """Every policy, that which decides first, then the newest."""
    active = active_policy(tools).version
    kept = {one.version: one for one in tools.policies.all()}
    named = kept | {
        one.version: one for one in (_shipped(tools, name) for name in tools.shipped) if one.version not in kept
    }
    lines = [
        PolicyLine(
            version=one.version,
            name=one.name,
            added_at=one.added_at if one.version in kept else None,
            is_active=one.version == active,
        )
        for one in named.values()
    ]
    return sorted(lines, key=lambda line: not line.is_active)


def find_policy(tools: PolicyTools, named: str) -> StoredPolicy:
    """A policy by its version, the beginning of it, or the name of one that comes with Linernotes.

    Raises:
        WrongUsageError: There is none, or there are several.
        FatalError: This version of Linernotes cannot read it.
    """
    if named == "active":
        return active_policy(tools)
    if named in tools.shipped:
        return _shipped(tools, named)
    known = _known(tools)
    found = [one for one in known.values() if one.version.startswith(named) or one.name == named]
    if len(found) != 1:
        what = "no policy" if not found else "several policies"
        raise WrongUsageError(f"{what} {named}; `liner policy list` has {', '.join(known)}")
    return _readable(found[0])


def import_policy(tools: PolicyTools, policy: Policy, *, name: str, dry_run: bool = False) -> StoredPolicy:
    """Keep a policy that somebody wrote; it does not decide yet.

    Raises:
        WrongUsageError: It names a provider that there is not.
    """
    known = {*tools.providers, *_OTHERS}
    for field, waterfall in policy.waterfalls.items():
        for rule in waterfall.rules:
            if rule.provider not in known:
                raise WrongUsageError(
                    f"waterfalls.{field}: there is no provider {rule.provider!r}; there are {', '.join(sorted(known))}"
                )
    stored = StoredPolicy(version=policy.version, name=name, policy=policy, added_at=tools.now())
    if not dry_run:
        tools.policies.add(stored)
    return stored


def activate(tools: PolicyTools, named: str, *, by: str, reason: str, share: float = 1.0) -> StoredPolicy:
    """Let a policy decide everything, from the next build on; what was narrowed before ends.

    With a share, it decides that share of the entities beside what decides now.
    """
    chosen = find_policy(tools, named)
    before = [one for one in tools.generations.all() if one.is_of_everything]
    is_narrowed = any(not one.is_of_everything for one in tools.generations.all())
    is_decided = active_policy(tools).version == chosen.version and not is_narrowed
    if is_decided and not (before and before[-1].as_of):
        return chosen
    tools.policies.add(chosen)
    tools.generations.add(
        Generation(
            generation_id=tools.new_id(),
            policy_version=chosen.version,
            share=share,
            by=by,
            reason=reason,
            made_at=tools.now(),
        )
    )
    return chosen


def compare(tools: PolicyTools, cells: Cells) -> PolicyComparison:
    """How the policy that decides a share of the entities does beside the one that decides the rest.

    Raises:
        WrongUsageError: No policy decides a share, or several do, or nothing was built yet.
    """
    shares = [one for one in rules_in_force(tools, []).generations if one.share < 1]
    if not shares:
        raise WrongUsageError("no policy decides a share; first: liner policy activate POLICY --share 0.1")
    shared = shares[-1]
    if any(one.share > shared.share for one in shares):
        raise WrongUsageError(
            f"beside policy {shared.policy_version}, an earlier one decides a larger share; activate one of them for a"
            " share at least as large, or the one that decides the rest anew"
        )
    return PolicyComparison(
        share=shared.share,
        in_share=shared.policy_version,
        elsewhere=active_policy(tools).version,
        fields=cells.compare(shared.share),
    )


def diff(tools: PolicyTools, before: str, after: str) -> PolicyDiff:
    """How two policies differ."""
    old, new = find_policy(tools, before), find_policy(tools, after)
    assert old.policy
    assert new.policy
    return PolicyDiff(before=old.version, after=new.version, lines=diff_policies(old.policy, new.policy))


def _known(tools: PolicyTools) -> dict[str, StoredPolicy]:
    shipped = {one.version: one for one in (_shipped(tools, name) for name in tools.shipped)}
    return shipped | {one.version: one for one in tools.policies.all()}


def _shipped(tools: PolicyTools, name: str) -> StoredPolicy:
    policy = tools.shipped[name]
    return StoredPolicy(version=policy.version, name=name, policy=policy, added_at=tools.now())


def _readable(stored: StoredPolicy) -> StoredPolicy:
    if stored.policy is None:
        raise FatalError(
            f"policy {stored.version} is of another version of Linernotes; `liner policy activate default` goes back to"
            " the one that comes with this one"
        )
    return stored
