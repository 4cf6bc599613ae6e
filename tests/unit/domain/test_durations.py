import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.durations import DurationUnit, to_milliseconds, video_duration_ms


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("4:45", 285_000),
        ("0:01", 1_000),
        ("04:45", 285_000),
        (" 4:45 ", 285_000),
        ("90:00", 5_400_000),
        ("1:02:03", 3_723_000),
        ("01:02:03", 3_723_000),
        ("4:45.5", 285_500),
        ("0:00.123456", 123),
        ("26:15", 1_575_000),
        ("596:31:23", 2_147_483_000),
    ],
)
def test_clock_gives_milliseconds(text: str, milliseconds: int) -> None:
    assert to_milliseconds(text, "clock") == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0:00",
        "00:00:00",
        "285",
        "4:5",
        "4:60",
        "4:75",
        "1:60:00",
        "4:45:",
        ":45",
        "-4:45",
        "4:45x",
        "four",
        "٤:٤٥",
        "99999:00",
        "596:31:24",
        "1:2:03:04",
        "4.45",
        "4:45.",
        "0:00.0001",
        "\x1f4:45\x07",
    ],
)
def test_what_no_clock_shows_is_unknown(text: str) -> None:
    assert to_milliseconds(text, "clock") is None


@pytest.mark.parametrize(
    ("value", "unit", "milliseconds"),
    [
        (224, "s", 224_000),
        (224.5, "s", 224_500),
        ("224", "s", 224_000),
        (" 224.25 ", "s", 224_250),
        (285_000, "ms", 285_000),
        ("285000", "ms", 285_000),
        (0.6, "ms", 1),
        (2**31 - 1, "ms", 2**31 - 1),
    ],
)
def test_number_counts_in_its_unit(value: str | float, unit: DurationUnit, milliseconds: int) -> None:
    assert to_milliseconds(value, unit) == milliseconds


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (None, "s"),
        (None, "clock"),
        (0, "s"),
        (0, "ms"),
        (-1, "s"),
        (math.nan, "s"),
        (math.inf, "ms"),
        (2**31, "ms"),
        ("", "s"),
        ("-5", "s"),
        ("nan", "ms"),
        ("1e3", "ms"),
        ("4:45", "s"),
        (0.4, "ms"),
        pytest.param(10**400, "s", id="huge"),
        (285, "clock"),
    ],
)
def test_no_or_impossible_number_is_unknown(value: str | float | None, unit: DurationUnit) -> None:
    assert to_milliseconds(value, unit) is None


@given(
    st.text(st.characters(codec=None)) | st.text(st.sampled_from("0123456789:.")) | st.floats() | st.integers(),
    st.sampled_from(["ms", "s", "clock"]),
)
def test_any_value_gives_a_duration_in_bounds_or_none(value: str | float, unit: DurationUnit) -> None:
    milliseconds = to_milliseconds(value, unit)
    assert milliseconds is None or 0 < milliseconds < 2**31


@given(st.integers(1, 9_999), st.integers(0, 59))
def test_minutes_and_seconds_come_back(minutes: int, seconds: int) -> None:
    assert to_milliseconds(f"{minutes}:{seconds:02}", "clock") == (minutes * 60 + seconds) * 1_000


@pytest.mark.parametrize(("seconds", "milliseconds"), [("213", 213_000), ("65534", 65_534_000), ("65536", 65_536_000)])
def test_video_lasts_its_seconds(seconds: str, milliseconds: int) -> None:
    assert video_duration_ms(seconds) == milliseconds


@pytest.mark.parametrize("seconds", ["65535", "0", "", None])
def test_video_at_the_cap_or_without_seconds_is_unknown(seconds: str | None) -> None:
    assert video_duration_ms(seconds) is None
