"""How surely an answer is about what was asked for."""

from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from linernotes.domain.names import name_key
from linernotes.domain.titles import split_title

_SAME_LENGTH_MS = 3_000
"""Services round to seconds, and count silence at the end or do not."""
_OTHER_LENGTH_MS = 10_000
_ALIKE_PERCENT = 85.0
_CONTRADICTED = 0.5
"""An ISRC or an id is given to the wrong recording often enough to doubt it when title or length say otherwise."""
_NEARLY = 0.9
"""Guests left out, or a few seconds apart."""
_LENGTH_UNKNOWN = 0.95
_PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What tells a thing from others, as one side knows it."""

    name: str | None = None
    """The title of what has a title."""
    artist: str | None = None
    duration_ms: int | None = None


class _Likeness(NamedTuple):
    """How alike two things are in each respect, 0.0 to 1.0; None where one side does not say."""

    name: float | None
    artist: float | None
    length: float | None


def identified(asked: Described, told: Described) -> float:
    """How surely an answer is the right one, where it was asked for by an identifier.

    Returns:
        1.0 where nothing speaks against it, half of it for each respect in which it is something else.
    """
    likeness = _compare(asked, told)
    doubts = sum(one == 0 for one in likeness)
    return _CONTRADICTED**doubts


def searched(asked: Described, told: Described) -> float:
    """How surely an answer is the right one, where it was searched for by what it is called.

    Returns:
        0.0 where name, artist or length are another; else the product of how alike they are, to four places.
    """
    likeness = _compare(asked, told)
    if likeness.name is None:
        return 0.0
    product = likeness.name
    product *= 1.0 if likeness.artist is None else likeness.artist
    product *= _LENGTH_UNKNOWN if likeness.length is None else likeness.length
    return round(product, _PLACES)


def _compare(asked: Described, told: Described) -> _Likeness:
    return _Likeness(
        name=_titles(asked.name, told.name),
        artist=_artists(asked.artist, told.artist),
        length=_lengths(asked.duration_ms, told.duration_ms),
    )


def _titles(one: str | None, other: str | None) -> float | None:
    """Titles without guests and remasters; another version is another recording."""
    if not one or not other:
        return None
    first, second = split_title(one), split_title(other)
    if first["version"] != second["version"]:
        return 0.0
    return _alike(name_key(first["base"]), name_key(second["base"]))


def _artists(one: str | None, other: str | None) -> float | None:
    """Artist credits, of which one may name guests that the other leaves out."""
    if not one or not other:
        return None
    first, second = name_key(one), name_key(other)
    if first == second:
        return 1.0
    return _NEARLY if fuzz.token_set_ratio(first, second) >= _ALIKE_PERCENT else 0.0


def _alike(one: str, other: str) -> float:
    percent = fuzz.ratio(one, other)
    return percent / 100 if percent >= _ALIKE_PERCENT else 0.0


def _lengths(one: int | None, other: int | None) -> float | None:
    if one is None or other is None:
        return None
    apart = abs(one - other)
    if apart <= _SAME_LENGTH_MS:
        return 1.0
    return _NEARLY if apart <= _OTHER_LENGTH_MS else 0.0
