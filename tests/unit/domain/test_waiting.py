"""How long to wait before asking a server again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.waiting import backoff_seconds, parse_retry_after

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def test_waits_double_up_to_a_minute() -> None:
    waits = [backoff_seconds(failures, retry_after_seconds=None, jitter=0) for failures in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_wait_is_shortened_by_half_at_most() -> None:
    assert backoff_seconds(1, retry_after_seconds=None, jitter=1) == 0.5
    assert backoff_seconds(99, retry_after_seconds=None, jitter=1) == 30


@given(st.integers(1, 10_000), st.one_of(st.none(), st.floats(0, 1e6)), st.floats(0, 1))
def test_a_wait_is_never_shorter_than_the_server_asks(failures: int, asked: float | None, jitter: float) -> None:
    wait = backoff_seconds(failures, retry_after_seconds=asked, jitter=jitter)
    assert wait >= (asked or 0.5)
    assert wait <= max(asked or 0, 60)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 12:02:00 -0000", 120),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("9" * 5000, None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Sat, 21 Nov 99999 12:02:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, now=NOW) == seconds


@given(st.text())
def test_no_retry_after_header_breaks_the_reading(value: str) -> None:
    seconds = parse_retry_after(value, now=NOW)
    assert seconds is None or seconds >= 0
