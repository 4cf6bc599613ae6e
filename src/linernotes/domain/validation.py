"""Validation: what was found in a staged catalogue, how bad it is, and which of two duplicates stays."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

EARLIEST_YEAR = 1860
"""Year of the oldest sound recording that can be played: https://www.firstsounds.org/sounds/scott.php"""
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_LEAP_YEAR = 2000
_MONTHS = 12


class Check(StrEnum):
    """What is looked for."""

    WITHOUT_ARTIST = "without_artist"
    """An album that nobody is credited for."""
    WITHOUT_ALBUM = "without_album"
    """A song that belongs to no album."""
    WITHOUT_TRACK = "without_track"
    """A release without a track list."""
    MISSING_REFERENCE = "missing_reference"
    """A reference to something that the catalogue does not hold; its id and name are kept."""
    DUPLICATE = "duplicate"
    """Two rows with the same identifier where there may be one."""
    REPEATED_IDENTIFIER = "repeated_identifier"
    """The same identifier, of the same kind, twice on one release."""
    REFUSED = "refused"
    """A row that a rule of the production file does not admit."""
    FOREIGN_KEY = "foreign_key"
    """A reference that leads nowhere."""
    INTEGRITY = "integrity"
    """The file itself is damaged."""
    IMPOSSIBLE_DATE = "impossible_date"
    """A month 13, a year before sound was recorded, a day to come."""
    FALL = "fall"
    """Fewer rows than production has."""


class Severity(StrEnum):
    ERROR = "error"
    """Not to be promoted, unless forced."""
    WARNING = "warning"
    """To be known, and nothing to wait for."""


SEVERITIES: Mapping[Check, Severity] = MappingProxyType(
    {
        Check.WITHOUT_ARTIST: Severity.ERROR,
        Check.WITHOUT_ALBUM: Severity.ERROR,
        Check.WITHOUT_TRACK: Severity.WARNING,
        Check.MISSING_REFERENCE: Severity.WARNING,
        Check.DUPLICATE: Severity.ERROR,
        Check.REPEATED_IDENTIFIER: Severity.WARNING,
        Check.REFUSED: Severity.ERROR,
        Check.FOREIGN_KEY: Severity.ERROR,
        Check.INTEGRITY: Severity.ERROR,
        Check.IMPOSSIBLE_DATE: Severity.WARNING,
        Check.FALL: Severity.ERROR,
    }
)
"""What a source says wrongly (dates, repeated codes, names of strangers) is kept as it is, so it is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one check found in one table."""

    check: Check
    table: str
    count: int
    of: int = 0
    """Rows looked at; for a fall the rows of production."""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is tolerated."""

    max_fall: float = 0.1
    """Share of production's rows, per table, that may be missing."""
    severities: Mapping[Check, Severity] = field(default_factory=lambda: SEVERITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a person should know."""

    severity: Severity
    check: Check
    table: str
    count: int
    examples: tuple[str, ...] = ()


def judge(measurements: Iterable[Measurement], policy: Policy) -> tuple[Finding, ...]:
    """What is worth telling, errors first; tables and checks in the order of measuring."""
    findings = [
        Finding(
            severity=policy.severities[found.check],
            check=found.check,
            table=found.table,
            count=found.count,
            examples=found.examples,
        )
        for found in measurements
        if found.count > 0 and not _is_tolerated(found, policy)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything found speaks against promoting."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _is_tolerated(found: Measurement, policy: Policy) -> bool:
    return found.check is Check.FALL and found.count <= policy.max_fall * found.of


def find_impossible_date(text: str, *, today: date) -> str | None:
    """Why nothing can have come out then, None if it can; parts that are 0 or missing are unknown, not impossible.

    Args:
        text: `1999`, `1999-03` or `1999-03-00`; anything else is no date and not judged.
        today: No release has come out after it.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = map(int, match.groups(default="0"))
    if month > _MONTHS:
        return f"there is no month {month}"
    if month and day > monthrange(year or _LEAP_YEAR, month)[1]:
        return f"month {month} has no day {day}"
    if 0 < year < EARLIEST_YEAR:
        return f"before {EARLIEST_YEAR}"
    if (year, month, day) > (today.year, today.month, today.day):  # an unknown part, 0, is never later
        return "in the future"
    return None


def choose_survivor(filled: Sequence[int]) -> int:
    """Which of several rows with the same identifier stays: the one with most values, the first of equals.

    Args:
        filled: The number of columns with a value, by row, in the order of the rows' keys.
    """
    return max(range(len(filled)), key=lambda place: (filled[place], -place))
