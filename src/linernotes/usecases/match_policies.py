"""The policy by which machines match: learned from the home's own pairs, set by people, and gone back to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from linernotes.domain.match_learning import learn
from linernotes.domain.match_policy import FEATURES, SHIPPED, MatchPolicy
from linernotes.errors import WrongUsageError
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

    @property
    def is_change(self) -> bool:
        """Whether anything is decided otherwise."""
        return self.before.version != self.after.version

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


def in_force(tools: PolicyTools) -> MatchPolicy:
    """The policy that decides now."""
    history = tools.policies.history()
    return history[0].policy if history else SHIPPED


def show(tools: PolicyTools) -> PolicyChange:
    """The shipped policy, and the one that decides now."""
    return PolicyChange(before=SHIPPED, after=in_force(tools))


def learn_policy(tools: PolicyTools, *, dry_run: bool) -> PolicyChange:
    """Learn weights from the pairs that the last build compared, without labels; limits stay as they are.

    Raises:
        WrongUsageError: No pair was compared yet.
    """
    before = in_force(tools)
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
    before = in_force(tools)
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
    if version == SHIPPED_NAME:
        chosen = SHIPPED
    else:
        known = {one.policy.version: one.policy for one in tools.policies.history()} | {SHIPPED.version: SHIPPED}
        if version not in known:
            raise WrongUsageError(f"no policy {version}; known: {SHIPPED_NAME}, {', '.join(known)}")
        chosen = known[version]
    return _change(tools, in_force(tools), chosen, origin=f"back to {version}", dry_run=dry_run)


def _change(tools: PolicyTools, before: MatchPolicy, after: MatchPolicy, *, origin: str, dry_run: bool) -> PolicyChange:
    change = PolicyChange(before=before, after=after)
    if change.is_change and not dry_run:
        tools.policies.put(
            PolicyInForce(policy_id=tools.new_id(), policy=after, origin=origin, in_force_since=tools.now())
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
