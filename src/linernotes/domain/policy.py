"""The policy of enrichment: whose observations count in which field, how sure they are, and what is good enough.

A policy is a document with a hash. It is never changed: another one takes its place, and whoever recorded the hash
can decide again as it did.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from linernotes.domain.fields import FIELDS
from linernotes.domain.quality import QualityPolicy
from linernotes.domain.waterfall import Rule, Waterfall

_UNLESS_SAID = {field.name: field.default for field in fields(Rule) if field.name not in ("provider", "priority")}
"""What a rule says besides its provider, where people leave it out; its priority is its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Waterfalls, confidences and quality."""

    waterfalls: Mapping[str, Waterfall]
    """By `<entity type>.<field>`."""
    confidence: Mapping[str, Mapping[str, float]]
    """How sure a provider usually is, 0.0 to 1.0: by field without its entity type, then by provider."""
    quality: Mapping[str, QualityPolicy]
    """By entity type."""

    @property
    def version(self) -> str:
        """A hash of everything that decides."""
        return hashlib.sha256(json.dumps(self.to_document(), sort_keys=True).encode()).hexdigest()[:12]

    def base_confidence(self, field: str, provider: str) -> float:
        """How sure a provider usually is of a field; 1.0 where the policy does not say."""
        return self.confidence.get(field, {}).get(provider, 1.0)

    def to_document(self) -> dict[str, Any]:
        """The policy as people write it: rules in their order, without what they leave as it is."""
        return {
            "waterfalls": {name: [_write(rule) for rule in _in_order(one)] for name, one in self.waterfalls.items()},
            "confidence": {name: dict(by_provider) for name, by_provider in self.confidence.items()},
            "quality": {name: {**asdict(one), "weights": dict(one.weights)} for name, one in self.quality.items()},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """A policy that `to_document` wrote."""
        return cls(
            waterfalls={
                name: Waterfall(
                    field=name,
                    kind=FIELDS[name].kind,
                    rules=tuple(Rule(priority=place, **rule) for place, rule in enumerate(rules, 1)),
                )
                for name, rules in document["waterfalls"].items()
            },
            confidence=document["confidence"],
            quality={name: QualityPolicy(**one) for name, one in document["quality"].items()},
        )


def diff_policies(before: Policy, after: Policy) -> list[tuple[str, str, str]]:
    """What differs, in the order of the places: the place, what it says before and after, empty for nothing."""
    old, new = dict(_lines(before)), dict(_lines(after))
    return [
        (place, old.get(place, ""), new.get(place, ""))
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    ]


def _lines(policy: Policy) -> Iterator[tuple[str, str]]:
    """Everything that a policy says, as a place and words."""
    document = policy.to_document()
    for name, rules in document["waterfalls"].items():
        for place, rule in enumerate(rules, 1):
            conditions = [f"{key} {value}" for key, value in rule.items() if key != "provider"]
            yield f"waterfalls.{name}.{rule['provider']}", ", ".join([f"place {place}", *conditions])
    for section in ("confidence", "quality"):
        for name, values in document[section].items():
            for key, value in values.items():
                yield f"{section}.{name}.{key}", json.dumps(value)


def _in_order(waterfall: Waterfall) -> list[Rule]:
    return sorted(waterfall.rules, key=lambda rule: (rule.priority, rule.provider))


def _write(rule: Rule) -> dict[str, object]:
    """A rule without what it would say anyway."""
    said = {key: getattr(rule, key) for key, value in _UNLESS_SAID.items() if getattr(rule, key) != value}
    return {"provider": rule.provider, **said}
