"""Repair of what a source does to its values, learned from the source itself.

One source writes `Artist - Title` into the title, another adds the album in brackets, a third counts lengths in
minutes. No rule below knows a source: each is switched on by the source's own statistics, and reports what it saw.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from operator import ne
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
_NUMBER_BEFORE = re.compile(r"\A\s*0*(?P<number>\d+)\s*[-._)]\s*")
_YEAR_AFTER = re.compile(r"\((?:(?P<year>[0-9]{4})|unknown)?\)\Z")
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
    shapes = [list(map(_shape, columns[field])) for field in fields]
    fits = [{shape: log(2 * count + 1) for shape, count in Counter(column).items()} for column in shapes]
    rotated = 0
    for row, own in enumerate(zip(*shapes, strict=True)):
        by_shift = [_fit(own, fits, shift) for shift in range(len(fields))]
        shift = by_shift.index(max(by_shift))
        if by_shift[shift] - by_shift[0] > _ROTATION_NATS:
            values = [columns[field][row] for field in fields]
            for at, field in enumerate(fields):
                columns[field][row] = values[(at + shift) % len(fields)]
            rotated += 1
    if not rotated:
        return None
    return Repair("values of a row stand in the wrong columns", rotated / len(columns["title"]), rotated)


def _fit(shapes: Sequence[str], fits: Sequence[Mapping[str, float]], shift: int) -> float:
    """Log-likelihood of a row's shapes after a shift, above that of shapes seen nowhere; they count half a row."""
    return sum(fit.get(shapes[(at + shift) % len(shapes)], 0.0) for at, fit in enumerate(fits))


def _shape(value: str) -> str:
    """`a 99` for `Track 07`: letters, digits by number, and everything else as it is; the first few runs."""
    return "".join(map(_run_shape, islice(_RUN.finditer(value, 0, _SHAPE_LENGTH), _SHAPE_RUNS)))


def _run_shape(found: re.Match[str]) -> str:
    if digits := found["digits"]:
        return "9" * min(len(digits), _LONGEST_DIGITS)
    return "a" if found["letters"] else found[0][0]


def _strip_number(columns: Columns) -> Repair | None:
    """Take off a number before the title that is the track's number."""
    numbered = [(title, number) for title, number in zip(columns["title"], columns["number"], strict=True) if number]
    share = _share([_number_before(title) == (number.lstrip("0") or "0") for title, number in numbered])
    if share <= _HABIT:
        return None
    changed = _replace(columns, "title", [_NUMBER_BEFORE.sub("", title) for title in columns["title"]])
    return Repair("the track's number stands before its title", share, changed)


def _number_before(title: str) -> str | None:
    """The number that the title begins with, without leading zeros."""
    found = _NUMBER_BEFORE.match(title)
    return found["number"] if found else None


def _strip_year(columns: Columns, field: str) -> Repair | None:
    """Take a year in brackets off the end, and keep it where the row has none."""
    values = columns[field]
    share = _share([_year_after(value) for value in values if value])
    if share <= _HABIT:
        return None
    columns["year"] = [known or _year_after(value) for known, value in zip(columns["year"], values, strict=True)]
    changed = _replace(columns, field, [_YEAR_AFTER.sub("", value).rstrip() for value in values])
    return Repair(f"the year stands after the {field}", share, changed)


def _year_after(value: str) -> str:
    """The year in brackets at the end, if it is known."""
    found = _YEAR_AFTER.search(value)
    return (found["year"] or "") if found else ""


def _strip_repeated(columns: Columns, field: str) -> Repair | None:
    """Take the album or artist off the title's end, in brackets or after a dash."""
    pairs = zip(columns["title"], columns[field], strict=True)
    rows = [(title, value, _without_repetition(title, value)) for title, value in pairs]
    share = _share([alone != title for title, value, alone in rows if title and value])
    if share <= _HABIT:
        return None
    changed = _replace(columns, "title", [alone for _, _, alone in rows])
    return Repair(f"the {field} stands after the title", share, changed)


def _without_repetition(title: str, value: str) -> str:
    """The title up to where it begins to repeat the value; all of it if it does not, or is the value itself."""
    if not value:
        return title
    kept, _, last = title.rpartition(_DASH)
    tails = {"": title, kept: last}
    if title.endswith(")"):
        tails |= {title[:at]: title[at + 1 : -1] for at, letter in enumerate(title) if letter == "("}
    alike = {kept: fuzz.ratio(tail.casefold(), value.casefold()) for kept, tail in tails.items()}
    best = max(alike, key=lambda kept: alike[kept])
    return best.rstrip() if best and alike[best] >= _SAME_TEXT else title


def _split_off(columns: Columns, field: str, known: Collection[str]) -> Repair | None:
    """Fill a field that a source leaves empty from one side of its titles, if that side is found elsewhere."""
    empty = (row for row, value in enumerate(columns[field]) if not value)
    titles = {row: columns["title"][row] for row in empty if _DASH in columns["title"][row]}
    if len(titles) <= _HABIT * len(columns[field]):
        return None
    sides: dict[str, Callable[[str], tuple[str, str]]] = {"before": _first_part, "after": _last_part}
    shares = {
        side: _share([name_key(cut(title)[0]) in known for title in titles.values()]) for side, cut in sides.items()
    }
    side = max(shares, key=lambda side: shares[side])
    if shares[side] <= _DICTIONARY_SHARE or shares[side] < _DICTIONARY_ODDS * min(shares.values()):
        return None
    for row, title in titles.items():
        columns[field][row], columns["title"][row] = sides[side](title)
    return Repair(f"the {field} stands {side} the title", shares[side], len(titles))


def _first_part(title: str) -> tuple[str, str]:
    first, _, rest = title.partition(_DASH)
    return first, rest


def _last_part(title: str) -> tuple[str, str]:
    rest, _, last = title.rpartition(_DASH)
    return last, rest


def _replace(columns: Columns, field: str, values: list[str]) -> int:
    """Put new values in the place of a field's; how many are not as they were."""
    changed: int = sum(map(ne, columns[field], values))
    columns[field] = values
    return changed


def _share(hits: Collection[object]) -> float:
    """Share of hits, among the values where the rule could apply."""
    return sum(map(bool, hits)) / len(hits) if hits else 0.0
