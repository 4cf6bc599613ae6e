from collections.abc import Callable

import pytest

from linernotes.errors import FatalError, TransientError
from linernotes.wire.retrying import AttemptError, Retries


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
