"""Whether two values of one field say the same, by the kind of the field. Values are text, as observed."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from linernotes.domain.dates import are_compatible, parse_partial_date
from linernotes.domain.harmony import parse_key
from linernotes.domain.names import name_key
from linernotes.domain.tempo import AGREEMENT_TOLERANCE, relate_bpm

_EARTH_RADIUS_KM = 6371.0
_SAME_PLACE_KM = 1.0
_SAME_CITY_KM = 25.0
"""Sources put a city's point at its centre, its town hall or its station."""


class Agreement(StrEnum):
    SAME = "same"
    ALIKE = "alike"
    """Not equal, and no contradiction: half the tempo, the relative key, a date of which less is known."""
    DIFFERENT = "different"


class Kind(StrEnum):
    """What the values of a field are."""

    IDENTIFIER = "identifier"
    TEXT = "text"
    """A name or a word, compared without case, accents and punctuation."""
    TEMPO = "tempo"
    """Beats per minute."""
    KEY = "key"
    """A musical key in any notation."""
    DATE = "date"
    """A date of which only the year, or year and month, may be known."""
    POINT = "point"
    """Latitude and longitude in degrees, as `54.32,10.13`."""
    OPEN = "open"
    """What every provider has its own of, and changes every day: a count, a biography, the address of a picture."""


def compare(kind: Kind, one: str, other: str) -> Agreement:
    """Whether two values of a kind agree; what cannot be read agrees only with the same text."""
    return Agreement.SAME if one == other else _COMPARATORS[kind](one, other)


def _identifiers(_one: str, _other: str) -> Agreement:
    return Agreement.DIFFERENT


def _texts(one: str, other: str) -> Agreement:
    return Agreement.SAME if name_key(one) == name_key(other) else Agreement.DIFFERENT


def _tempos(one: str, other: str) -> Agreement:
    relation = relate_bpm(one, other, AGREEMENT_TOLERANCE)
    if relation is None:
        return Agreement.DIFFERENT
    return Agreement.SAME if relation.ratio == 1 else Agreement.ALIKE


def _keys(one: str, other: str) -> Agreement:
    first, second = parse_key(one), parse_key(other)
    if first is None or second is None:
        return Agreement.DIFFERENT
    if first == second:
        return Agreement.SAME
    return Agreement.ALIKE if first[:-1] == second[:-1] else Agreement.DIFFERENT


def _dates(one: str, other: str) -> Agreement:
    first, second = parse_partial_date(one), parse_partial_date(other)
    if first is None or second is None:
        return Agreement.DIFFERENT
    if first == second:
        return Agreement.SAME
    return Agreement.ALIKE if are_compatible(first, second) else Agreement.DIFFERENT


def _points(one: str, other: str) -> Agreement:
    try:
        apart = _distance_km(_parse_point(one), _parse_point(other))
    except ValueError:
        return Agreement.DIFFERENT
    if apart <= _SAME_PLACE_KM:
        return Agreement.SAME
    return Agreement.ALIKE if apart <= _SAME_CITY_KM else Agreement.DIFFERENT


def _open(_one: str, _other: str) -> Agreement:
    return Agreement.ALIKE


_COMPARATORS: Mapping[Kind, Callable[[str, str], Agreement]] = {
    Kind.IDENTIFIER: _identifiers,
    Kind.TEXT: _texts,
    Kind.TEMPO: _tempos,
    Kind.KEY: _keys,
    Kind.DATE: _dates,
    Kind.POINT: _points,
    Kind.OPEN: _open,
}


def _parse_point(text: str) -> tuple[float, float]:
    latitude, longitude = map(float, text.split(","))
    return radians(latitude), radians(longitude)


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way along the surface, by the haversine formula."""
    (latitude, longitude), (other_latitude, other_longitude) = one, other
    across = sin((other_latitude - latitude) / 2) ** 2
    along = sin((other_longitude - longitude) / 2) ** 2 * cos(latitude) * cos(other_latitude)
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + along)))
