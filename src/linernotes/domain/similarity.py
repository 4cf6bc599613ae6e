"""How alike two tracks are, feature by feature, in levels that a matcher learns the weight of."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from math import log

from rapidfuzz import fuzz

from linernotes.domain.facts import TrackFacts
from linernotes.domain.matching import Levels

FIELD_FEATURES = ("title", "artist", "album", "length", "number", "year", "language")
TEXT_FEATURES = ("text", "length", "number", "year", "language")

_TEXT_CUTS = (0.35, 0.55, 0.75, 0.9, 0.999)
_TEXT_MISSING = len(_TEXT_CUTS) + 1
_TEXT_FOUND_ELSEWHERE = len(_TEXT_CUTS) + 2
SAME_LENGTH_S = 1.05
"""Lengths that differ less are the same: sources round, up or down."""
_LENGTH_CUTS_S = (SAME_LENGTH_S, 3.0, 12.0)
_LENGTH_MISSING = len(_LENGTH_CUTS_S) + 1
_NUMBER_MISSING = 2
_CONTAINMENT_CUTS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.93)
_LIKELY_CONTAINMENT = 5
_SHORTEST_FOUND = 4
_FOUND_PERCENT = 85
_LANGUAGE_PERCENT = 70
LANGUAGE_CODE = 3
"""Letters by which a language is told from another."""
GRAM = 3


class TextWeights:
    """How much of two texts is common, rare 3-grams counting more."""

    def __init__(self, texts: Iterable[str]) -> None:
        frequency: Counter[str] = Counter()
        count = 0
        for text in texts:
            count += 1
            frequency.update(grams(text))
        self._idf = {gram: log(count / seen) for gram, seen in frequency.items()}

    def weight(self, found: Iterable[str]) -> float:
        """The sum of the 3-grams' weights."""
        return sum(map(self._idf.__getitem__, found))


def grams(text: str) -> frozenset[str]:
    """The 3-grams of a text."""
    return frozenset(text[at : at + GRAM] for at in range(len(text) - GRAM + 1))


def compare_fields(one: TrackFacts, other: TrackFacts) -> Levels:
    """A level for each of FIELD_FEATURES."""
    return (
        _text_level(one.title, other.title, one, other),
        _text_level(one.artist, other.artist, one, other),
        _text_level(one.album, other.album, one, other),
        *_compare_numbers(one, other),
    )


def containment_level(shared: float, smaller: float) -> int:
    """Level of the share of the smaller text that is common; both as TextWeights weighs them."""
    return bisect_right(_CONTAINMENT_CUTS, shared / smaller) if smaller else 0


def is_likely(levels: Levels) -> bool:
    """Whether a pair, in levels of TEXT_FEATURES, looks like one before any weight is known."""
    text, length, number, *_ = levels
    says_nothing = (length, number) == (_LENGTH_MISSING, _NUMBER_MISSING)
    return text >= _LIKELY_CONTAINMENT and (length == 0 or number == 1 or says_nothing)


def _compare_numbers(one: TrackFacts, other: TrackFacts) -> Levels:
    """A level for length, number, year and language."""
    return (
        _length_level(one.length_s, other.length_s),
        _number_level(one.number, other.number),
        _year_level(one.year, other.year),
        _language_level(one.language, other.language),
    )


def _text_level(value: str, other_value: str, one: TrackFacts, other: TrackFacts) -> int:
    if value and other_value:
        alike = max(fuzz.ratio(value, other_value), fuzz.token_sort_ratio(value, other_value))
        return bisect_right(_TEXT_CUTS, alike / 100)
    known, beside = (value, other.words.strip()) if value else (other_value, one.words.strip())
    is_found = _SHORTEST_FOUND <= len(known) <= len(beside) and fuzz.partial_ratio(known, beside) >= _FOUND_PERCENT
    return _TEXT_FOUND_ELSEWHERE if is_found else _TEXT_MISSING


def _length_level(one: float | None, other: float | None) -> int:
    if one is None or other is None:
        return _LENGTH_MISSING
    return bisect_right(_LENGTH_CUTS_S, abs(one - other))


def _number_level(one: int | None, other: int | None) -> int:
    return _NUMBER_MISSING if one is None or other is None else int(one == other)


def _year_level(one: int | None, other: int | None) -> int:
    return 3 if one is None or other is None else min(abs(one - other), 2)


def _language_level(one: str, other: str) -> int:
    if not one or not other:
        return 4
    if one == other:
        return 3
    if one[:LANGUAGE_CODE] == other[:LANGUAGE_CODE]:
        return 2
    return int(fuzz.ratio(one, other) >= _LANGUAGE_PERCENT)
