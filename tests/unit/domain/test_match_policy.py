"""The policy by which records of two sources are matched, as it is stored, scored and explained."""

import json
import runpy
from dataclasses import replace

import pytest

from linernotes.domain import match_policy
from linernotes.domain.match_policy import FEATURES, SHIPPED, MatchPolicy, Part, levels_of


@pytest.mark.parametrize("entity_type", FEATURES)
def test_the_shipped_policy_weighs_every_level_of_every_feature(entity_type: str) -> None:
    weights = SHIPPED.entities[entity_type].weights
    features = FEATURES[entity_type]
    assert weights.features == tuple(feature.name for feature in features)
    assert [len(levels) for levels in weights.by_level] == [len(feature.levels) for feature in features]


@pytest.mark.parametrize("entity_type", FEATURES)
def test_more_alike_never_weighs_less(entity_type: str) -> None:
    for weights in SHIPPED.entities[entity_type].weights.by_level:
        assert list(weights) == sorted(weights)


@pytest.mark.parametrize(
    ("entity_type", "pattern", "is_match"),
    [
        ("artist", "6201", True),  # a name of these two only, and a title
        ("artist", "6101", False),  # a name of these two only, of whose titles nothing is known
        ("artist", "5201", False),  # a name that others have too, and one title
        ("artist", "5301", True),  # the same, and two titles
        ("artist", "6001", False),
        ("artist", "6200", False),  # linked with another
        ("label", "6201", True),
        ("label", "6101", False),
        ("release_group", "22121", True),
        ("release_group", "22021", False),
        ("release", "1222211", True),  # catalogue number, title and group
        ("release", "2121211", True),  # barcode and title
        ("release", "2101211", False),  # barcode alone
        ("release", "1122211", False),  # title and group
        ("release", "0022311", False),  # other barcode, other number
    ],
)
def test_what_is_sure_enough_for_a_machine(entity_type: str, pattern: str, is_match: bool) -> None:
    assert (SHIPPED.score(entity_type, pattern) >= SHIPPED.entities[entity_type].match_at) is is_match


@pytest.mark.parametrize(
    ("entity_type", "pattern", "is_shown"),
    [
        ("artist", "6101", True),
        ("artist", "5101", False),
        ("artist", "2301", True),
        ("artist", "0401", False),
        ("release_group", "12031", True),
        ("release", "1122211", True),
        ("release", "0022211", False),
        ("release", "2101211", False),
    ],
)
def test_what_is_worth_a_look_by_a_person(entity_type: str, pattern: str, is_shown: bool) -> None:
    assert (SHIPPED.score(entity_type, pattern) >= SHIPPED.entities[entity_type].review_at) is is_shown


def test_the_parts_and_the_prior_make_up_the_score() -> None:
    parts = SHIPPED.explain("artist", "6201")
    assert parts == (
        Part("name", "a name of these two only", 5.0),
        Part("titles", "a title that both have", 3.5),
        Part("address", "no web address in common", 0.0),
        Part("elsewhere", "linked with nothing else", 0.0),
    )
    prior = SHIPPED.entities["artist"].weights.prior
    assert SHIPPED.score("artist", "6201") == prior + sum(part.weight for part in parts)


def test_the_shipped_policy_is_the_one_that_was_measured() -> None:
    shipped = runpy.run_path(match_policy.__file__, run_name=match_policy.__name__)["SHIPPED"]
    assert shipped.version == SHIPPED.version == "076640d14b38"


@pytest.mark.parametrize(
    ("name", "limits"), [("match", (9.0, 0.5, 2.0)), ("review", (4.0, 9.0, 2.0)), ("margin", (4.0, 0.5, 9.0))]
)
def test_one_limit_is_set_and_the_others_stay(name: str, limits: tuple[float, float, float]) -> None:
    artist = SHIPPED.entities["artist"]
    changed = artist.with_limit(name, 9.0)
    assert (changed.match_at, changed.review_at, changed.margin) == limits
    assert changed.weights == artist.weights


def test_a_pattern_of_another_length_is_no_pattern() -> None:
    with pytest.raises(ValueError, match="zip"):
        SHIPPED.explain("artist", "62010")


def test_evidence_is_what_speaks_for_a_match() -> None:
    assert "same format" in SHIPPED.evidence("release", "1222221")
    assert SHIPPED.evidence("artist", "6011") == ("a name of these two only", "same web address")
    assert SHIPPED.evidence("artist", "0000") == ()


def test_a_stored_policy_decides_as_before() -> None:
    stored = json.loads(json.dumps(SHIPPED.to_document()))
    again = MatchPolicy.from_document(stored)
    assert again == SHIPPED
    assert again.version == SHIPPED.version
    assert MatchPolicy.from_document({**stored, "normalisation": "2"}).normalisation == "2"


def test_another_limit_or_normalisation_is_another_version() -> None:
    artist = SHIPPED.entities["artist"]
    entities = {**SHIPPED.entities, "artist": replace(artist, match_at=artist.match_at + 0.5)}
    versions = {
        policy.version for policy in (SHIPPED, MatchPolicy(entities=entities), replace(SHIPPED, normalisation="2"))
    }
    assert len(versions) == 3
    assert {len(version) for version in versions} == {12}


def test_a_policy_for_other_features_is_refused() -> None:
    stored = SHIPPED.to_document()
    stored["features"] = {**stored["features"], "artist": {}}
    message = "^the policy weighs other features than this version of Linernotes compares$"
    with pytest.raises(ValueError, match=message):
        MatchPolicy.from_document(stored)


def test_a_pattern_is_one_digit_a_feature() -> None:
    assert levels_of("6201") == (6, 2, 0, 1)
