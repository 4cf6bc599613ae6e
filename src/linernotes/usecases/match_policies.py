"""The policy by which machines match: learned from the home's own pairs, set by people, and gone back to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from linernotes.domain.match_learning import learn
from linernotes.domain.match_policy import FEATURES, SHIPPED, MatchPolicy
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.counting import CatalogueCounter
from linernotes.ports.review import MatchPolicies, PolicyInForce

SHIPPED_NAME = "shipped"
_LIMITS = ("match", "review", "margin")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTools:
    """What changing the policy needs."""

    policies: MatchPolicies
    counter: CatalogueCounter
    new_id: Callable[[], UUID]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """A policy before and after."""

    before: MatchPolicy
    after: MatchPolicy
    is_change: bool
    """Whether anything is decided otherwise."""

    def lines(self) -> Sequence[tuple[str, str, str, float, float]]:
        """Entity type, feature, level, and the weight before and after; limits too, as a feature of their own."""
        lines = []
        for entity_type, after in self.after.entities.items():
            before = self.before.entities[entity_type]
            weights = zip(FEATURES[entity_type], before.weights.by_level, after.weights.by_level, strict=True)
            for feature, old, new in weights:
                lines += [(entity_type, feature.name, *level) for level in zip(feature.levels, old, new, strict=True)]
            lines.append((entity_type, "of any pair", "prior", before.weights.prior, after.weights.prior))
            lines += [(entity_type, "limit", name, before.limits[name], after.limits[name]) for name in _LIMITS]
        return lines


def in_force(policies: MatchPolicies) -> MatchPolicy:
    """The policy that decides now.

    Raises:
        FatalError: It weighs other features than this version of Linernotes compares.
    """
    history = policies.history()
    if not history:
        return SHIPPED
    if history[0].policy is None:
        raise FatalError(
            f"policy {history[0].version} for matching is of another version of Linernotes; "
            "`liner match-policy use shipped` goes back to the one that comes with this one"
        )
    return history[0].policy


def show(tools: PolicyTools) -> PolicyChange:
    """The shipped policy, and the one that decides now."""
    after = in_force(tools.policies)
    return PolicyChange(before=SHIPPED, after=after, is_change=after != SHIPPED)


def learn_policy(tools: PolicyTools, *, dry_run: bool) -> PolicyChange:
    """Learn weights from the pairs that the last build compared, without labels; limits stay as they are.

    Raises:
        WrongUsageError: No pair was compared yet.
    """
    before = in_force(tools.policies)
    patterns = {entity_type: tools.counter.count_patterns(entity_type) for entity_type in before.entities}
    if not any(patterns.values()):
        raise WrongUsageError("there are no pairs to learn from; run `liner build` with both sources first")
    learned = {entity_type: learn(patterns[entity_type], own) for entity_type, own in before.entities.items()}
    return _change(tools, before, replace(before, entities=learned), origin="learned", dry_run=dry_run)


def set_limits(tools: PolicyTools, limits: Sequence[str], *, dry_run: bool) -> PolicyChange:
    """Set limits, each as `<entity type>.<limit>=<value>`.

    Raises:
        WrongUsageError: One is not of that form.
    """
    before = in_force(tools.policies)
    entities = dict(before.entities)
    for text in limits:
        entity_type, limit, value = _read_limit(text, before)
        entities[entity_type] = entities[entity_type].with_limit(limit, value)
    return _change(tools, before, replace(before, entities=entities), origin="limits", dry_run=dry_run)


def use_policy(tools: PolicyTools, version: str, *, dry_run: bool) -> PolicyChange:
    """Go back to a policy that decided before, or to the one that comes with Linernotes.

    Raises:
        WrongUsageError: There never was one of that version.
    """
    history = tools.policies.history()
    known = {one.version: one.policy for one in history if one.policy} | {SHIPPED.version: SHIPPED}
    chosen = SHIPPED if version == SHIPPED_NAME else known.get(version)
    if chosen is None:
        raise WrongUsageError(f"no policy {version}; known: {SHIPPED_NAME}, {', '.join(known)}")
    before = history[0].policy if history else None
    return _change(tools, before or SHIPPED, chosen, origin=f"back to {version}", dry_run=dry_run)


def _change(tools: PolicyTools, before: MatchPolicy, after: MatchPolicy, *, origin: str, dry_run: bool) -> PolicyChange:
    """Put a policy in force, unless it is; one that cannot be read is not, whatever its version."""
    history = tools.policies.history()
    now = history[0].version if history else SHIPPED.version
    change = PolicyChange(before=before, after=after, is_change=now != after.version)
    if change.is_change and not dry_run:
        tools.policies.put(
            PolicyInForce(
                policy_id=tools.new_id(),
                version=after.version,
                policy=after,
                origin=origin,
                in_force_since=tools.now(),
            )
        )
    return change


def _read_limit(text: str, policy: MatchPolicy) -> tuple[str, str, float]:
    name, _, value = text.partition("=")
    entity_type, _, limit = name.partition(".")
    if entity_type not in policy.entities or limit not in _LIMITS:
        raise WrongUsageError(
            f"{text} is no limit; say <type>.<limit>=<value>, such as artist.match=4.5"
            f" (types: {', '.join(policy.entities)}; limits: {', '.join(_LIMITS)})"
        )
    try:
        return entity_type, limit, float(value)
    except ValueError:
        raise WrongUsageError(f"{value or '(nothing)'} in {text} is no number") from None
