"""Repair of what a source does to its values, learned from the source itself.

One source writes `Artist - Title` into the title, another adds the album in brackets, a third counts lengths in
minutes. No rule below knows a source: each is switched on by the source's own statistics, and reports what it saw.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TypeAlias

from rapidfuzz import fuzz

from linernotes.domain.names import name_key

Columns: TypeAlias = dict[str, list[str]]
"""The values of one source by field, in file order; "" where there is none."""

TEXTS = ("title", "artist", "album")
FIELDS = (*TEXTS, "length", "number", "year", "language")
_UNKNOWN = frozenset({"", "null", "none", "unk", "unknown", "n a", "na"})
_LONGEST_UNKNOWN = 9

_HABIT = 0.3
"""What this share of a source's values does is its habit, not a coincidence."""
_SAME_TEXT = 75
"""Similarity in percent; values carry typing errors."""
_DICTIONARY_SHARE = 0.08
_DICTIONARY_ODDS = 2
_ROTATION_NATS = 6.0
"""By how much the shapes of a row's values must fit better after a shift."""
_SHAPE_RUNS = 5
_SHAPE_LENGTH = 40
_LONGEST_DIGITS = 4

_RUN = re.compile(r"(?P<letters>[^\W\d_]+)|(?P<digits>\d+)|(?P<spaces>\s+)|.", re.DOTALL)
_NUMBER_BEFORE = re.compile(r"\s*0*(?P<number>\d+)\s*[-._)]\s*")
_YEAR_AFTER = re.compile(r"\((?P<year>[0-9]{4}|unknown)?\)\Z")
_DASH = " - "


@dataclass(frozen=True, slots=True)
class Repair:
    """One rule that was switched on for one source."""

    rule: str
    share: float
    """Of the values where the rule could apply, how many showed the habit."""
    changed: int
    """Values that were changed."""


def repair(columns: Columns, known: Mapping[str, Collection[str]], order: Sequence[str] = FIELDS) -> list[Repair]:
    """Repair the values of one source in place.

    Args:
        columns: The values as received.
        known: Text keys of artists and albums that the other sources have, by field.
        order: The fields as they stand in the source's rows, neighbours next to each other.

    Returns:
        The rules that were switched on, in the order in which they were applied.
    """
    for values in columns.values():
        values[:] = [_without_unknown(value) for value in values]
    done = [_rotate(columns, order), _strip_number(columns)]
    done += [_strip_year(columns, field) for field in TEXTS]
    for field in ("album", "artist"):
        done += [_strip_repeated(columns, field), _split_off(columns, field, known.get(field, ()))]
    return [one for one in done if one]


def _without_unknown(value: str) -> str:
    value = value.strip()
    return "" if len(value) <= _LONGEST_UNKNOWN and name_key(value) in _UNKNOWN else value


def _rotate(columns: Columns, order: Sequence[str]) -> Repair | None:
    """Put back the values of rows that stand some columns too far to the right."""
    fields = [field for field in order if field in columns]
    if not any(map(any, columns.values())):
        return None
    shapes = [[_shape(value) for value in columns[field]] for field in fields]
    counts = [Counter(column) for column in shapes]
    row_count = len(shapes[0])
    share = 0.5 / (row_count + 0.5 * len(set().union(*counts)))
    fits = [{shape: log((count + 0.5) * share / 0.5) for shape, count in column.items()} for column in counts]
    unseen = log(share)
    rotated = 0
    for row in range(row_count):
        own = [column[row] for column in shapes]
        shift = max(range(len(fields)), key=lambda shift: _fit(own, fits, shift, unseen))
        if _fit(own, fits, shift, unseen) - _fit(own, fits, 0, unseen) > _ROTATION_NATS:
            values = [columns[field][row] for field in fields]
            for at, field in enumerate(fields):
                columns[field][row] = values[(at + shift) % len(fields)]
            rotated += 1
    return Repair("values of a row stand in the wrong columns", rotated / row_count, rotated) if rotated else None


def _fit(shapes: Sequence[str], fits: Sequence[Mapping[str, float]], shift: int, unseen: float) -> float:
    """Log-likelihood of a row's shapes after a shift."""
    return sum(fit.get(shapes[(at + shift) % len(shapes)], unseen) for at, fit in enumerate(fits))


def _shape(value: str) -> str:
    """`aaa 99` for `Track 07`: letters, digits by number, and everything else as it is; the first few runs."""
    runs: list[str] = []
    for found in _RUN.finditer(value, 0, _SHAPE_LENGTH):
        if len(runs) == _SHAPE_RUNS:
            break
        digits = found["digits"]
        runs.append("9" * min(len(digits), _LONGEST_DIGITS) if digits else "a" if found["letters"] else found[0][0])
    return "".join(runs)


def _strip_number(columns: Columns) -> Repair | None:
    """Take off a number before the title that is the track's number."""
    found = [_NUMBER_BEFORE.match(title) for title in columns["title"]]
    numbers = [number.lstrip("0") or "0" for number in columns["number"]]
    hits = [one is not None and one["number"] == number for one, number in zip(found, numbers, strict=True)]
    has_number = list(map(bool, columns["number"]))
    share = _share([hit and has for hit, has in zip(hits, has_number, strict=True)], where=has_number)
    if share <= _HABIT:
        return None
    columns["title"] = [
        title[one.end() :] if one else title for title, one in zip(columns["title"], found, strict=True)
    ]
    return Repair("the track's number stands before its title", share, sum(map(bool, found)))


def _strip_year(columns: Columns, field: str) -> Repair | None:
    """Take a year in brackets off the end, and keep it where the row has none."""
    found = [_YEAR_AFTER.search(value) for value in columns[field]]
    years = [(one["year"] or "") if one else "" for one in found]
    share = _share([year.isdigit() for year in years], where=list(map(bool, columns[field])))
    if share <= _HABIT:
        return None
    columns[field] = [
        value[: one.start()].rstrip() if one else value for value, one in zip(columns[field], found, strict=True)
    ]
    columns["year"] = [
        known or (year if year.isdigit() else "") for known, year in zip(columns["year"], years, strict=True)
    ]
    return Repair(f"the year stands after the {field}", share, sum(map(bool, found)))


def _strip_repeated(columns: Columns, field: str) -> Repair | None:
    """Take the album or artist off the title's end, in brackets or after a dash."""
    begins = list(map(_begin_of_repetition, columns["title"], columns[field]))
    has_both = [bool(title and value) for title, value in zip(columns["title"], columns[field], strict=True)]
    share = _share(begins, where=has_both)
    if share <= _HABIT:
        return None
    columns["title"] = [
        title[:begin].rstrip() if begin else title for title, begin in zip(columns["title"], begins, strict=True)
    ]
    return Repair(f"the {field} stands after the title", share, sum(map(bool, begins)))


def _begin_of_repetition(title: str, value: str) -> int:
    """Where the title begins to repeat the value; 0 if nowhere, or from the start, or if it is the value as a whole."""
    if not value:
        return 0
    tails = {0: title, title.rfind(_DASH): title[title.rfind(_DASH) + len(_DASH) :]}
    if title.endswith(")"):
        tails |= {at: title[at + 1 : -1] for at, letter in enumerate(title) if letter == "("}
    alike = {begin: fuzz.ratio(tail.casefold(), value.casefold()) for begin, tail in tails.items() if begin >= 0}
    best = max(alike, key=lambda begin: alike[begin])
    return best if best and alike[best] >= _SAME_TEXT else 0


def _split_off(columns: Columns, field: str, known: Collection[str]) -> Repair | None:
    """Fill a field that a source leaves empty from one side of its titles, if that side is found elsewhere."""
    rows = [row for row, value in enumerate(columns[field]) if not value and _DASH in columns["title"][row]]
    if len(rows) <= _HABIT * len(columns[field]):
        return None
    sides: dict[str, Callable[[str], tuple[str, str]]] = {"before": _first_part, "after": _last_part}
    titles = [columns["title"][row] for row in rows]
    shares = {side: _share([name_key(cut(title)[0]) in known for title in titles]) for side, cut in sides.items()}
    side = max(shares, key=lambda side: shares[side])
    if shares[side] <= _DICTIONARY_SHARE or shares[side] < _DICTIONARY_ODDS * min(shares.values()):
        return None
    for row, title in zip(rows, titles, strict=True):
        columns[field][row], columns["title"][row] = sides[side](title)
    return Repair(f"the {field} stands {side} the title", shares[side], len(rows))


def _first_part(title: str) -> tuple[str, str]:
    first, _, rest = title.partition(_DASH)
    return first, rest


def _last_part(title: str) -> tuple[str, str]:
    rest, _, last = title.rpartition(_DASH)
    return last, rest


def _share(hits: Sequence[object], where: Sequence[bool] | None = None) -> float:
    """Share of hits, among the values where the rule could apply."""
    total = len(hits) if where is None else sum(where)
    return sum(map(bool, hits)) / total if total else 0.0
