"""The policy of enrichment as a document with a hash."""

from dataclasses import replace

import pytest

from linernotes.domain.comparison import Kind
from linernotes.domain.policy import Policy, WrongPolicyError, diff_policies
from linernotes.domain.quality import QualityPolicy
from linernotes.domain.waterfall import Rule, Waterfall

DOCUMENT = {
    "waterfalls": {
        "recording.tempo_bpm": [
            {"provider": "beatport", "min_confidence": 0.98, "is_enabled": False},
            {"provider": "deezer", "min_confidence": 0.85, "max_age_days": 365, "min_agreeing": 1},
        ],
        "recording.isrc": [{"provider": "musicbrainz"}],
    },
    "confidence": {"tempo_bpm": {"deezer": 0.9}},
    "quality": {"recording": {"weights": {"isrc": 1.0}, "valid_at": 0.7, "rejected_below": 0.2}},
}
POLICY = Policy.from_document(DOCUMENT)


def test_a_document_becomes_a_policy() -> None:
    assert Policy(
        waterfalls={
            "recording.tempo_bpm": Waterfall(
                field="recording.tempo_bpm",
                kind=Kind.TEMPO,
                rules=(
                    Rule(provider="beatport", priority=1, min_confidence=0.98, is_enabled=False),
                    Rule(provider="deezer", priority=2, min_confidence=0.85, max_age_days=365, min_agreeing=1),
                ),
            ),
            "recording.isrc": Waterfall(
                field="recording.isrc", kind=Kind.IDENTIFIER, rules=(Rule(provider="musicbrainz", priority=1),)
            ),
        },
        confidence={"tempo_bpm": {"deezer": 0.9}},
        quality={"recording": QualityPolicy(weights={"isrc": 1.0}, valid_at=0.7, rejected_below=0.2)},
    ) == Policy.from_document(DOCUMENT)


def test_a_policy_becomes_its_document_again() -> None:
    assert POLICY.to_document() == DOCUMENT


def test_rules_are_written_in_their_order_whatever_their_numbers() -> None:
    rules = tuple(Rule(provider=name, priority=place) for name, place in [("c", 9), ("b", 2), ("a", 9)])
    policy = replace(POLICY, waterfalls={"recording.key": Waterfall(field="recording.key", rules=rules)})
    assert policy.to_document()["waterfalls"] == {"recording.key": [{"provider": name} for name in "bac"]}


def test_a_version_says_everything_that_decides() -> None:
    assert POLICY.version == Policy.from_document(DOCUMENT).version == "331451550601"
    surer = replace(POLICY, confidence={"tempo_bpm": {"deezer": 0.91}})
    assert surer.version != POLICY.version
    assert replace(POLICY, waterfalls={}).version != POLICY.version
    assert replace(POLICY, quality={}).version != POLICY.version


def test_the_order_of_the_fields_is_no_other_version() -> None:
    turned = dict(reversed(list(POLICY.waterfalls.items())))
    assert replace(POLICY, waterfalls=turned).version == POLICY.version


@pytest.mark.parametrize(
    ("field", "provider", "expected"),
    [("tempo_bpm", "deezer", 0.9), ("tempo_bpm", "spotify", 1.0), ("key", "deezer", 1.0)],
)
def test_who_has_no_base_confidence_is_believed(field: str, provider: str, expected: float) -> None:
    assert POLICY.base_confidence(field, provider) == expected


def test_two_policies_differ_line_by_line() -> None:
    after = Policy.from_document(
        {
            "waterfalls": {
                "recording.tempo_bpm": [
                    {"provider": "deezer", "min_confidence": 0.8, "max_age_days": 365, "min_agreeing": 1},
                    {"provider": "acousticbrainz"},
                ],
                "recording.isrc": [{"provider": "musicbrainz"}],
            },
            "confidence": {"tempo_bpm": {"deezer": 0.95}},
            "quality": DOCUMENT["quality"],
        }
    )
    assert diff_policies(POLICY, after) == [
        ("confidence.tempo_bpm.deezer", "0.9", "0.95"),
        ("waterfalls.recording.tempo_bpm.acousticbrainz", "", "place 2"),
        ("waterfalls.recording.tempo_bpm.beatport", "place 1, min_confidence 0.98, is_enabled False", ""),
        (
            "waterfalls.recording.tempo_bpm.deezer",
            "place 2, min_confidence 0.85, max_age_days 365, min_agreeing 1",
            "place 1, min_confidence 0.8, max_age_days 365, min_agreeing 1",
        ),
    ]
    assert diff_policies(POLICY, POLICY) == []


RULES = "waterfalls.recording.key"


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "a policy: names with values are expected here"),
        ({"waterfall": {}}, "waterfall: no such section; there are waterfalls, confidence, quality"),
        ({"waterfalls": []}, "waterfalls: names with values are expected here"),
        ({"waterfalls": {1: []}}, "waterfalls: names with values are expected here"),
        ({"waterfalls": {"recording.smell": []}}, "waterfalls.recording.smell: no such field; there are artist.mbid,"),
        ({"waterfalls": {"recording.key": "deezer"}}, f"{RULES}: a list of rules is expected here"),
        ({"waterfalls": {"recording.key": {}}}, f"{RULES}: a list of rules is expected here"),
        ({"waterfalls": {"recording.key": ["deezer"]}}, f"{RULES}, rule 1: names with values are expected here"),
        ({"waterfalls": {"recording.key": [{}]}}, f"{RULES}, rule 1: it names no provider"),
        ({"waterfalls": {"recording.key": [{"provider": 1}]}}, f"{RULES}, rule 1: it names no provider"),
        (
            {"waterfalls": {"recording.key": [{"provider": "a"}, {"provider": "b", "priority": 1}]}},
            f"{RULES}, rule 2: priority is no condition; there are min_confidence,",
        ),
        ({"confidence": {"smell": {}}}, "confidence.smell: no such field"),
        ({"confidence": {"key": 1}}, "confidence.key: names with values are expected here"),
        ({"quality": {"recording": []}}, "quality.recording: names with values are expected here"),
        ({"quality": {"recording": {"weights": 1}}}, "quality.recording.weights: names with values are expected here"),
        ({"confidence": {"key": {"deezer": 1.01}}}, "confidence.key.deezer: 1.01 is not 0 to 1"),
        ({"confidence": {"key": {"deezer": True}}}, "confidence.key.deezer: True is not 0 to 1"),
        ({"confidence": {"key": {"deezer": float("nan")}}}, "confidence.key.deezer: nan is not 0 to 1"),
        ({"quality": {"recording": {"weight": {}}}}, "quality.recording: there is no weight"),
        ({"quality": {"recording": {"weights": {"bio": 1}}}}, "quality.recording.weights: recording has no field bio"),
        (
            {"quality": {"recording": {"weights": {"key": 0}}}},
            "quality.recording.weights.key: 0 is no weight above 0",
        ),
        (
            {"quality": {"recording": {"weights": {"key": float("inf")}}}},
            "quality.recording.weights.key: inf is no weight above 0",
        ),
        (
            {"quality": {"recording": {"weights": {"key": "1"}}}},
            "quality.recording.weights.key: '1' is no weight above 0",
        ),
        ({"quality": {"recording": {"valid_at": -0.1}}}, "quality.recording.valid_at: -0.1 is not 0 to 1"),
    ],
)
def test_what_is_no_policy_is_told_by_its_place(document: object, place: str) -> None:
    with pytest.raises(WrongPolicyError) as told:
        Policy.from_document(document)
    assert str(told.value).startswith(place)


@pytest.mark.parametrize(
    ("condition", "value", "told"),
    [
        ("min_confidence", "0.5", "'0.5' is not 0 to 1"),
        ("max_age_days", -1, "-1 is no number from 0"),
        ("max_age_days", True, "True is no number from 0"),
        ("min_agreeing", 0.5, "0.5 is no number from 0"),
        ("min_agreeing", None, "None is no number from 0"),
        ("is_enabled", 1, "1 is not true or false"),
    ],
)
def test_a_condition_that_is_none_is_told(condition: str, value: object, told: str) -> None:
    document = {"waterfalls": {"recording.key": [{"provider": "deezer", condition: value}]}}
    with pytest.raises(WrongPolicyError) as error:
        Policy.from_document(document)
    assert str(error.value) == f"{RULES}, rule 1, {condition}: {told}"


def test_one_and_one_point_nought_are_one_policy() -> None:
    documents = [
        {
            "waterfalls": {"recording.key": [{"provider": "deezer", "min_confidence": share}]},
            "confidence": {"key": {"deezer": share}},
            "quality": {"recording": {"weights": {"key": share}, "valid_at": share}},
        }
        for share in (1, 1.0)
    ]
    assert len({Policy.from_document(document).version for document in documents}) == 1


def test_what_a_document_leaves_out_is_empty() -> None:
    assert Policy.from_document({}) == Policy(waterfalls={}, confidence={}, quality={})
    limits = Policy.from_document({"quality": {"artist": {}}}).quality["artist"]
    assert limits == QualityPolicy(weights={})
