"""Dates of which only a part may be known."""

import re
from calendar import monthrange
from collections.abc import Sequence
from typing import NamedTuple

_PARTIAL = re.compile(
    r"(?P<year>[0-9]{4}|\?{4})(?:-(?P<month>[0-9]{1,2}|\?{1,2})(?:-(?P<day>[0-9]{1,2}|\?{1,2})(?:[T ].*)?)?)?",
    re.DOTALL,
)
# Years outside are placeholders: 0001-01-01 is an empty date in .NET, 9999-12-31 "never" in SQL Server.
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_LEAP_YEAR = 2000
_MONTHS = 12


class PartialDate(NamedTuple):
    """What is known of a date; a part is None when it is not."""

    year: int | None
    month: int | None
    day: int | None
    """Never known without its month."""


def parse_partial_date(text: str | None) -> PartialDate | None:
    """Read `1966`, `1999-03`, `1999-03-00`, `????-12-25` or a timestamp, and None if nothing in it is known.

    Unknown parts stay unknown: nothing becomes 1 January. A month or day that cannot be (`1999-13-01`, `2023-02-29`)
    is unknown too, with what follows it.
    """
    match = _PARTIAL.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    year, month, day = (_to_number(part) for part in match.group("year", "month", "day"))
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is None or month > _MONTHS:
        month = day = None
    elif day is not None and day > monthrange(year or _LEAP_YEAR, month)[1]:
        day = None
    return PartialDate(year, month, day) if year or month else None


def are_compatible(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Whether two partial dates, each as year, month and day, may be the same: no part known of both differs."""
    return all(a == b for a, b in zip(one, other, strict=True) if a is not None and b is not None)


def _to_number(digits: str | None) -> int | None:
    """A part of a date, with `00`, `0000` and question marks as None."""
    return (int(digits) or None) if digits and digits.isdigit() else None
