"""The policy of enrichment: whose observations count in which field, how sure they are, and what is good enough.

A policy is a document with a hash. It is never changed: another one takes its place, and whoever recorded the hash
can decide again as it did.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import inf
from typing import Any, Self, TypeGuard

from linernotes.domain.fields import FIELDS
from linernotes.domain.quality import QualityPolicy
from linernotes.domain.waterfall import Rule, Waterfall

_SECTIONS = ("waterfalls", "confidence", "quality")
_UNLESS_SAID = {field.name: field.default for field in fields(Rule) if field.name not in ("provider", "priority")}
"""What a rule says besides its provider, where people leave it out; its priority is its place."""


class WrongPolicyError(ValueError):
    """A document that is no policy; the message names the place."""


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
    def from_document(cls, document: object) -> Self:
        """A policy that `to_document` or a person wrote.

        Raises:
            WrongPolicyError: It is none.
        """
        said = _mapping("a policy", document)
        unknown = said.keys() - _SECTIONS
        if unknown:
            raise WrongPolicyError(f"{min(unknown)}: no such section; there are {', '.join(_SECTIONS)}")
        waterfalls, confidence, quality = (_mapping(name, said.get(name, {})) for name in _SECTIONS)
        return cls(
            waterfalls={name: _read_waterfall(name, rules) for name, rules in waterfalls.items()},
            confidence={name: _read_confidence(name, by_provider) for name, by_provider in confidence.items()},
            quality={name: _read_quality(name, one) for name, one in quality.items()},
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


def _mapping(place: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise WrongPolicyError(f"{place}: names with values are expected here")
    return value


def _read_waterfall(name: str, rules: object) -> Waterfall:
    place = f"waterfalls.{name}"
    if name not in FIELDS:
        raise WrongPolicyError(f"{place}: no such field; there are {', '.join(FIELDS)}")
    if not isinstance(rules, Sequence) or isinstance(rules, str):
        raise WrongPolicyError(f"{place}: a list of rules is expected here")
    read = tuple(_read_rule(f"{place}, rule {number}", number, rule) for number, rule in enumerate(rules, 1))
    return Waterfall(field=name, kind=FIELDS[name].kind, rules=read)


def _read_rule(place: str, priority: int, rule: object) -> Rule:
    said = _mapping(place, rule)
    if not isinstance(said.get("provider"), str):
        raise WrongPolicyError(f"{place}: it names no provider")
    unknown = said.keys() - {"provider", *_UNLESS_SAID}
    if unknown:
        raise WrongPolicyError(f"{place}: {min(unknown)} is no condition; there are {', '.join(_UNLESS_SAID)}")
    surest = _check_share(f"{place}, min_confidence", said.get("min_confidence", 0.0))
    read = Rule(priority=priority, **{**said, "min_confidence": surest})
    if read.max_age_days is not None:
        _check_count(f"{place}, max_age_days", read.max_age_days)
    _check_count(f"{place}, min_agreeing", read.min_agreeing)
    if not isinstance(read.is_enabled, bool):
        raise WrongPolicyError(f"{place}, is_enabled: {read.is_enabled!r} is not true or false")
    return read


def _read_confidence(field: str, by_provider: object) -> Mapping[str, float]:
    place = f"confidence.{field}"
    if field not in {one.name for one in FIELDS.values()}:
        raise WrongPolicyError(f"{place}: no such field")
    return {
        provider: _check_share(f"{place}.{provider}", share) for provider, share in _mapping(place, by_provider).items()
    }


def _read_quality(entity_type: str, quality: object) -> QualityPolicy:
    place = f"quality.{entity_type}"
    said = _mapping(place, quality)
    unknown = said.keys() - {field.name for field in fields(QualityPolicy)}
    if unknown:
        raise WrongPolicyError(f"{place}: there is no {min(unknown)}")
    weights = {}
    for name, weight in _mapping(f"{place}.weights", said.get("weights", {})).items():
        if f"{entity_type}.{name}" not in FIELDS:
            raise WrongPolicyError(f"{place}.weights: {entity_type} has no field {name}")
        if not _is_number(weight) or not 0 < weight < inf:
            raise WrongPolicyError(f"{place}.weights.{name}: {weight!r} is no weight above 0")
        weights[name] = float(weight)
    limits = {name: _check_share(f"{place}.{name}", limit) for name, limit in said.items() if name != "weights"}
    return QualityPolicy(weights=weights, **limits)


def _check_share(place: str, value: object) -> float:
    if not _is_number(value) or not 0 <= value <= 1:
        raise WrongPolicyError(f"{place}: {value!r} is not 0 to 1")
    return float(value)


def _check_count(place: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WrongPolicyError(f"{place}: {value!r} is no number from 0")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_order(waterfall: Waterfall) -> list[Rule]:
    return sorted(waterfall.rules, key=lambda rule: (rule.priority, rule.provider))


def _write(rule: Rule) -> dict[str, object]:
    """A rule without what it would say anyway."""
    said = {key: getattr(rule, key) for key, value in _UNLESS_SAID.items() if getattr(rule, key) != value}
    return {"provider": rule.provider, **said}
