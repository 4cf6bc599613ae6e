from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.facts import TrackFacts
from linernotes.domain.similarity import (
    FIELD_FEATURES,
    TextWeights,
    compare_fields,
    containment_level,
    grams,
    is_likely,
)

TRACK = TrackFacts("s", "", "", "", None, None, None, "")


def levels(one: dict[str, Any], other: dict[str, Any]) -> dict[str, int]:
    found = compare_fields(TRACK._replace(**one), TRACK._replace(**other))
    return dict(zip(FIELD_FEATURES, found, strict=True))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("song", "song", 5),
        ("the long song", "song the long", 5),
        ("a long song", "a long sonk", 4),
        ("a long song", "a lonk sonj", 3),
        ("yellow submarine", "jellow submarine", 4),
        ("abcdef", "abcxyz", 1),
        ("abc", "xyz", 0),
        ("", "", 6),
        ("song", "", 6),
    ],
)
@pytest.mark.parametrize("feature", ["title", "artist", "album"])
def test_texts_are_compared_in_levels(feature: str, one: str, other: str, level: int) -> None:
    assert levels({feature: one}, {feature: other})[feature] == level
    assert levels({feature: other}, {feature: one})[feature] == level


def test_missing_text_may_stand_elsewhere() -> None:
    found = levels({"artist": "the band"}, {"title": "the band song"})
    assert (found["artist"], found["title"], found["album"]) == (7, 6, 6)
    assert levels({"title": "the band song"}, {"artist": "the band"})["artist"] == 7


def test_short_text_is_not_looked_for_elsewhere() -> None:
    assert levels({"artist": "abba"}, {"title": "abba song"})["artist"] == 7
    assert levels({"artist": "abb"}, {"title": "abb song"})["artist"] == 6


@pytest.mark.parametrize(
    ("artist", "title", "level"),
    [
        ("queen", "queen", 7),
        ("queen", "quee", 6),
        ("a tribe called quest", "a tripe colled quezt midnight marauders", 7),
        ("a tribe called quest", "a tripe colled kuezt midnight marauders", 6),
    ],
)
def test_missing_text_stands_elsewhere_whole_and_with_few_errors(artist: str, title: str, level: int) -> None:
    assert levels({"artist": artist}, {"title": title})["artist"] == level


@pytest.mark.parametrize(
    ("feature", "one", "other", "level"),
    [
        ("length_s", 100.0, 101.04, 0),
        ("length_s", 100.0, 101.06, 1),
        ("length_s", 103.0, 100.0, 2),
        ("length_s", 100.0, 112.0, 3),
        ("length_s", 100.0, None, 4),
        ("number", 7, 7, 1),
        ("number", 7, 8, 0),
        ("number", None, 8, 2),
        ("year", 1999, 1999, 0),
        ("year", 1999, 1998, 1),
        ("year", 1999, 1980, 2),
        ("year", 1999, None, 3),
        ("language", "english", "english", 3),
        ("language", "english", "eng", 2),
        ("language", "english", "anglish", 1),
        ("language", "schwedisch", "chinesisch", 1),
        ("language", "english", "german", 0),
        ("language", "english", "", 4),
    ],
)
def test_numbers_and_languages_are_compared_in_levels(feature: str, one: Any, other: Any, level: int) -> None:
    name = feature.removesuffix("_s")
    assert levels({feature: one}, {feature: other})[name] == level
    assert levels({feature: other}, {feature: one})[name] == level


def test_rare_grams_weigh_more() -> None:
    weights = TextWeights(["abcd", "abce", "abcf"])
    assert weights.weight(grams("abc")) == 0.0
    assert weights.weight(["bcd"]) == pytest.approx(1.0986, abs=1e-4)
    assert grams("ab") == frozenset()


@pytest.mark.parametrize(
    ("shared", "smaller", "level"),
    [(0, 0, 0), (0, 1, 0), (0.1, 1, 1), (0.65, 1, 5), (4, 8, 4), (0.93, 1, 7), (1, 1, 7)],
)
def test_containment_is_told_in_levels(shared: float, smaller: float, level: int) -> None:
    assert containment_level(shared, smaller) == level


@pytest.mark.parametrize(
    ("found", "likely"),
    [
        ((5, 0, 0, 3, 4), True),
        ((5, 3, 1, 3, 4), True),
        ((4, 0, 1, 0, 3), False),
        ((5, 4, 2, 3, 4), True),
        ((5, 4, 0, 3, 4), False),
        ((7, 3, 0, 0, 3), False),
    ],
)
def test_pair_is_likely_by_text_and_a_number(found: tuple[int, ...], likely: bool) -> None:
    assert is_likely(found) is likely


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12), st.text("ab ", max_size=12))
def test_comparison_has_no_direction(title: str, artist: str, other_title: str) -> None:
    one, other = TRACK._replace(title=title, artist=artist), TRACK._replace(title=other_title)
    assert compare_fields(one, other) == compare_fields(other, one)
