"""Durations, in milliseconds whatever the source counts in."""

import re
from typing import Literal

DurationUnit = Literal["ms", "s", "clock"]
"""Milliseconds, seconds, or what a clock shows, such as `4:45`."""

_CLOCK = re.compile(
    r"(?:(?P<hours>[0-9]{1,3}):(?=[0-5][0-9]:))?(?P<minutes>[0-9]{1,4}):(?P<seconds>[0-5][0-9](?:\.[0-9]{1,6})?)"
)
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_MS_IN_UNIT = {"ms": 1, "s": 1_000}
_LONGEST_MS = 2**31 - 1
"""24 days: the largest value of the 32-bit columns that hold durations."""
_VIDEO_CAP_SECONDS = 65_535
"""Discogs counts a video's seconds in 16 bits: this many means at least this many."""


def to_milliseconds(value: str | float | None, unit: DurationUnit) -> int | None:
    """Turn a source's duration into milliseconds; 0, and whatever is no duration, is unknown.

    The clock shows minutes and seconds, with hours (`1:02:03`) or a fraction (`4:45.5`) before and after if need be;
    a bare number on it is unknown, since nobody can tell minutes from seconds.
    """
    if value is None:
        return None
    if unit == "clock":
        milliseconds = _read_clock(str(value).strip())
    elif isinstance(value, str):
        milliseconds = float(value) * _MS_IN_UNIT[unit] if _NUMBER.fullmatch(value := value.strip()) else 0
    else:
        milliseconds = value * _MS_IN_UNIT[unit]
    whole = round(milliseconds) if abs(milliseconds) <= _LONGEST_MS else 0
    return whole if whole > 0 else None


def video_duration_ms(seconds: str | None) -> int | None:
    """The duration of a Discogs video, unknown where the counter stood at its end."""
    milliseconds = to_milliseconds(seconds, "s")
    return None if milliseconds == _VIDEO_CAP_SECONDS * _MS_IN_UNIT["s"] else milliseconds


def _read_clock(text: str) -> float:
    """Milliseconds, 0 if the text is not what a clock shows."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return 0
    hours, minutes = int(match["hours"] or 0), int(match["minutes"])
    return (hours * 60 + minutes) * 60_000 + float(match["seconds"]) * 1_000
