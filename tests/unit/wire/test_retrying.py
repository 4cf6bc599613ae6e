from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import FatalError, TransientError
from linernotes.sources.retrying import AttemptError, Retries, backoff_seconds, parse_retry_after

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def test_waits_double_up_to_a_minute() -> None:
    waits = [backoff_seconds(failures, retry_after_seconds=None, jitter=0) for failures in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


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


class Line:
    """A bad line: every attempt brings some bytes and then fails, until one succeeds."""

    def __init__(self, *outcomes: int | Exception) -> None:
        self.outcomes = list(outcomes)
        self.waits: list[float] = []
        self.bytes_done = 0

    def attempt(self) -> str:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        self.bytes_done += outcome
        if self.outcomes:
            raise AttemptError("cut")
        return "whole"

    def run(self, *, attempts: int = 5, say: Callable[[str], object] = lambda _: None) -> str:
        retries = Retries(attempts=attempts, sleep=self.waits.append, jitter=lambda: 0.0, say=say)
        return retries.run(self.attempt, bytes_done=lambda: self.bytes_done)


def test_a_fifth_attempt_is_made_and_no_sixth() -> None:
    assert Line(*[AttemptError("no")] * 4, 1).run() == "whole"
    line = Line(*[AttemptError("no")] * 9)
    with pytest.raises(TransientError, match="gave up after 5 attempts"):
        line.run()
    assert line.waits == [1, 2, 4, 8]


def test_an_attempt_that_brought_a_megabyte_starts_the_count_again() -> None:
    line = Line(*[1 << 20] * 20)
    assert line.run() == "whole"
    assert set(line.waits) == {1}


def test_an_attempt_that_brought_a_few_bytes_does_not() -> None:
    with pytest.raises(TransientError, match="gave up"):
        Line(*[10] * 20).run()


def test_other_errors_are_not_tried_again() -> None:
    line = Line(FatalError("no such file"), 1)
    with pytest.raises(FatalError, match="no such file"):
        line.run()
    assert line.waits == []


def test_the_wait_that_the_server_asks_for_is_kept_and_told() -> None:
    said: list[str] = []
    line = Line(AttemptError("429", retry_after_seconds=3359), 1)
    line.run(say=said.append)
    assert line.waits == [3359]
    assert said == ["429; attempt 2 of 5 in 3359 s"]


def test_a_wait_of_hours_ends_the_attempts_at_once() -> None:
    line = Line(AttemptError("503", retry_after_seconds=7200), 1)
    with pytest.raises(TransientError, match="wait 120 minutes"):
        line.run()
    assert line.waits == []
