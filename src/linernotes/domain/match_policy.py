"""The policy by which records of two sources are taken for one thing: what is compared, what it weighs, where it ends.

SQL compares two records feature by feature and writes the levels as a pattern, one digit a feature: `6201` of an artist
is a name of these two only and one title in common. Everything else is decided here, once per pattern: the
score, the words for people, and how sure is sure enough. A policy is stored with its hash, so that a verdict can be
explained long after the weights have changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

from linernotes.domain.matching import Weights

NORMALISATION = "1"
"""Version of the keys by which names and titles are compared (`names.name_key`, `titles`)."""


class Feature(NamedTuple):
    """One thing that is compared of two records."""

    name: str
    levels: tuple[str, ...]
    """What each level says to a person, by level; the digit in a pattern is the place here."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one feature says of a pair."""

    feature: str
    level: str
    weight: float
    """Added to the score: above 0 for a match, below 0 against it."""


_NAME = Feature(
    "name",
    (
        "another name",
        "a name in another script",
        "a name like it",
        "the same words",
        "a name that it also has",
        "same name",
        "a name of these two only",
    ),
)
_ADDRESS = Feature("address", ("no web address in common", "same web address"))
_ELSEWHERE = Feature("elsewhere", ("linked with another by people", "linked with nothing else"))
_TITLE = Feature("title", ("another title", "a title like it", "same title"))
_YEAR = Feature("year", ("years apart", "a year apart", "year unknown", "same year"))

FEATURES: Mapping[str, tuple[Feature, ...]] = {
    "artist": (
        _NAME,
        Feature(
            "titles", ("no title in common", "titles unknown", "a title that both have", "two titles", "many titles")
        ),
        _ADDRESS,
        _ELSEWHERE,
    ),
    "label": (
        _NAME,
        Feature(
            "numbers",
            (
                "no catalogue number in common",
                "catalogue numbers unknown",
                "a catalogue number that both have",
                "two catalogue numbers",
                "many catalogue numbers",
            ),
        ),
        _ADDRESS,
        _ELSEWHERE,
    ),
    "release_group": (
        _TITLE,
        Feature("artist", ("another artist", "artist unmatched", "same artist")),
        Feature("alone", ("a title that others have too", "the only one of this title by this artist")),
        _YEAR,
        _ELSEWHERE,
    ),
    "release": (
        Feature("barcode", ("another barcode", "barcode unknown", "same barcode")),
        Feature("number", ("another catalogue number", "catalogue number unknown", "same catalogue number")),
        _TITLE,
        Feature("group", ("releases of another", "release group unmatched", "releases of the same")),
        _YEAR,
        Feature("format", ("another format", "format unknown", "same format")),
        _ELSEWHERE,
    ),
}
"""What is compared, by entity type, in the order of the digits of a pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPolicy:
    """How pairs of one entity type are judged by machine."""

    weights: Weights
    match_at: float
    """Score, in natural logarithms of odds, from which the best pair of both its records is a match."""
    review_at: float
    """Score from which a pair is shown to a person."""
    margin: float
    """By how much the best pair of a record must be better than its next."""

    @property
    def limits(self) -> Mapping[str, float]:
        """The limits by the names that people call them."""
        return {"match": self.match_at, "review": self.review_at, "margin": self.margin}

    def with_limit(self, name: str, value: float) -> "EntityPolicy":
        """The same policy with another limit."""
        match_at, review_at, margin = {**self.limits, name: value}.values()
        return EntityPolicy(weights=self.weights, match_at=match_at, review_at=review_at, margin=margin)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """Weights and thresholds for every entity type that two sources have."""

    entities: Mapping[str, EntityPolicy]
    normalisation: str = NORMALISATION

    @property
    def version(self) -> str:
        """A hash of everything that decides."""
        return hashlib.sha256(json.dumps(self.to_document(), sort_keys=True).encode()).hexdigest()[:12]

    def to_document(self) -> dict[str, Any]:
        """The policy as JSON."""
        entities = {entity_type: asdict(policy) for entity_type, policy in sorted(self.entities.items())}
        return {"normalisation": self.normalisation, "features": _words(), "entities": entities}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """A policy that `to_document` wrote.

        Raises:
            ValueError: It was written for other features than this version compares.
        """
        if document["features"] != _words():
            raise ValueError("the policy weighs other features than this version of Linernotes compares")
        entities = {}
        for entity_type, stored in document["entities"].items():
            weights = stored["weights"]
            entities[entity_type] = EntityPolicy(
                weights=Weights(tuple(weights["features"]), tuple(map(tuple, weights["by_level"])), weights["prior"]),
                **{name: value for name, value in stored.items() if name != "weights"},
            )
        return cls(entities=entities, normalisation=document["normalisation"])

    def score(self, entity_type: str, pattern: str) -> float:
        """Log-odds that a pair of this pattern is one thing."""
        return self.entities[entity_type].weights.score(levels_of(pattern))

    def explain(self, entity_type: str, pattern: str) -> tuple[Part, ...]:
        """What each feature adds to the score, in the order of the pattern; with the prior they make up the score."""
        levels = levels_of(pattern)
        weighed = self.entities[entity_type].weights.parts(levels)
        return tuple(
            Part(feature.name, feature.levels[level], weighed[feature.name])
            for feature, level in zip(FEATURES[entity_type], levels, strict=True)
        )

    def evidence(self, entity_type: str, pattern: str) -> tuple[str, ...]:
        """What speaks for a match, in words."""
        return tuple(part.level for part in self.explain(entity_type, pattern) if part.weight > 0)


def levels_of(pattern: str) -> tuple[int, ...]:
    """The levels that a pattern stands for."""
    return tuple(map(int, pattern))


def _words() -> dict[str, dict[str, list[str]]]:
    return {
        entity_type: {feature.name: list(feature.levels) for feature in features}
        for entity_type, features in FEATURES.items()
    }


def _entity(
    entity_type: str, by_level: Sequence[tuple[float, ...]], *, prior: float, match_at: float, review_at: float
) -> EntityPolicy:
    names = tuple(feature.name for feature in FEATURES[entity_type])
    return EntityPolicy(
        weights=Weights(names, tuple(by_level), prior), match_at=match_at, review_at=review_at, margin=_MARGIN
    )


_MARGIN = 2.0
_NAMES = (-6.0, 0.0, 1.5, 2.5, 3.0, 4.0, 5.0)
_SHARED = (-2.0, 0.0, 3.5, 5.0, 6.5)
_ADDRESSES = (0.0, 5.0)
_ELSEWHERES = (-5.0, 0.0)
_YEARS = (-2.0, 0.0, 0.0, 1.5)

SHIPPED = MatchPolicy(
    entities={
        "artist": _entity(
            "artist", (_NAMES, _SHARED, _ADDRESSES, _ELSEWHERES), prior=-4.0, match_at=4.0, review_at=0.5
        ),
        "label": _entity("label", (_NAMES, _SHARED, _ADDRESSES, _ELSEWHERES), prior=-4.0, match_at=4.0, review_at=0.5),
        "release_group": _entity(
            "release_group",
            ((-6.0, 0.0, 3.0), (-5.0, -1.5, 3.0), (-1.0, 2.0), _YEARS, _ELSEWHERES),
            prior=-3.0,
            match_at=4.0,
            review_at=0.0,
        ),
        "release": _entity(
            "release",
            (
                (-4.0, 0.0, 6.0),
                (-3.0, 0.0, 4.0),
                (-5.0, 0.0, 2.0),
                (-4.0, 0.0, 2.5),
                _YEARS,
                (-2.0, 0.0, 0.5),
                _ELSEWHERES,
            ),
            prior=-4.0,
            match_at=3.0,
            review_at=0.0,
        ),
    }
)
"""What a new home begins with; `liner match --fit` learns weights from the home's own records."""
