"""What a matcher compares of a track: its texts as keys, and its numbers in one unit."""

import re
from collections.abc import Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from linernotes.domain.durations import DurationUnit, to_milliseconds
from linernotes.domain.names import name_key
from linernotes.domain.repair import Columns

_MINUTES_AND_SECONDS = re.compile(r"(?P<minutes>[0-9]{1,4})m(?:in)?(?P<seconds>[0-9]{1,2})s(?:ec)?\.?", re.IGNORECASE)
_DECIMAL_MINUTES = re.compile(r"[0-9]{1,4}\.[0-9]{1,6}")
_SMALLEST_MEDIAN_IN_MS = 6_000
"""No source's tracks last 100 minutes, nor 6 seconds, on the median."""
_WHOLE = re.compile(r"[0-9]{1,12}")
_DIGITS = re.compile(r"[0-9]+")
_TWO_DIGITS = 2
_FIRST_YEAR = 1880
_NEXT_CENTURY = 100
_KEYS_KEPT = 65_536
"""An artist and an album stand with many tracks, mostly near each other: one copy of their keys."""


class TrackFacts(NamedTuple):
    """One track of one source, ready to be compared; a tuple, for there are many."""

    source: str
    title: str
    artist: str
    album: str
    """Text keys, "" if unknown."""
    length_s: float | None
    number: int | None
    year: int | None
    language: str

    @property
    def text(self) -> str:
        """Artist, album and title without spaces."""
        return f"{self.artist}{self.album}{self.title}".replace(" ", "")

    @property
    def words(self) -> str:
        """Artist, album and title."""
        return f"{self.artist} {self.album} {self.title}"


def read_facts(source: str, columns: Columns, *, this_year: int) -> list[TrackFacts]:
    """The tracks of one source, in its order, from values that have been repaired."""
    lengths = _lengths(columns["length"])
    key = lru_cache(_KEYS_KEPT)(name_key)
    return [
        TrackFacts(
            source,
            key(title),
            key(artist),
            key(album),
            length,
            int(number) or None if _WHOLE.fullmatch(number) else None,
            _year(year, this_year),
            key(language),
        )
        for title, artist, album, length, number, year, language in zip(
            columns["title"],
            columns["artist"],
            columns["album"],
            lengths,
            columns["number"],
            columns["year"],
            columns["language"],
            strict=True,
        )
    ]


def _lengths(values: Sequence[str]) -> list[float | None]:
    """Seconds; whole numbers are milliseconds where the source's median says so, and decimals are minutes."""
    whole = [int(value) for value in values if _WHOLE.fullmatch(value) and int(value)]
    unit: DurationUnit = "ms" if whole and median(whole) > _SMALLEST_MEDIAN_IN_MS else "s"
    lengths: list[float | None] = []
    for value in values:
        compact = value.replace(" ", "")
        if _WHOLE.fullmatch(compact):
            milliseconds = to_milliseconds(compact, unit)
        elif _DECIMAL_MINUTES.fullmatch(compact):
            milliseconds = to_milliseconds(float(compact) * 60, "s")
        elif found := _MINUTES_AND_SECONDS.fullmatch(compact):
            milliseconds = to_milliseconds(int(found["minutes"]) * 60 + int(found["seconds"]), "s")
        else:
            milliseconds = to_milliseconds(compact, "clock")
        lengths.append(milliseconds / 1_000 if milliseconds else None)
    return lengths


def _year(value: str, this_year: int) -> int | None:
    """A year of two digits is the last one that has been."""
    digits = "".join(_DIGITS.findall(value))
    if len(digits) not in (_TWO_DIGITS - 1, _TWO_DIGITS, 2 * _TWO_DIGITS):
        return None
    year = int(digits)
    if len(digits) <= _TWO_DIGITS:
        year += this_year - this_year % _NEXT_CENTURY
        year -= _NEXT_CENTURY if year > this_year else 0
    return year if _FIRST_YEAR <= year <= this_year + 1 else None
