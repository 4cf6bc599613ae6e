"""Attempts at something that waits on a server: how many, and how long between them.

Written by hand and not with stamina, because the count starts again when an attempt brought something (an 11 GB
download over a bad line is cut more than five times), and because a server's Retry-After may not be shortened:
data.discogs.com answers 429 with almost an hour, and starts that hour again when it is asked before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from linernotes.domain.waiting import backoff_seconds
from linernotes.errors import TransientError

T = TypeVar("T")


class AttemptError(TransientError):
    """One attempt failed in a way that another may mend."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """The patience of one adapter."""

    attempts: int
    """Failures in a row without progress before giving up, plus one."""
    sleep: Callable[[float], object]
    jitter: Callable[[], float]
    """A random number from 0 to 1."""
    longest_wait_seconds: float = 3900.0
    """A server that asks for a longer wait ends the attempts at once; a Discogs window is just under an hour."""
    useful_bytes: int = 1 << 20
    """What an attempt must have brought for the count to start again."""
    say: Callable[[str], object] = lambda _: None
    """Told of every wait."""

    def run(self, work: Callable[[], T], *, bytes_done: Callable[[], int] = lambda: 0) -> T:
        """Do the work, again where it fails with an `AttemptError`.

        Raises:
            TransientError: No attempt is left, or the server asks for a longer wait than allowed.
        """
        failures = 0
        while True:
            before = bytes_done()
            try:
                return work()
            except AttemptError as error:
                failures = 1 if bytes_done() - before >= self.useful_bytes else failures + 1
                if failures >= self.attempts:
                    raise TransientError(f"{error}; gave up after {failures} attempts, try again later") from error
                wait = self._wait(failures, error)
                self.say(f"{error}; attempt {failures + 1} of {self.attempts} in {wait:.0f} s")
            self.sleep(wait)

    def _wait(self, failures: int, error: AttemptError) -> float:
        asked = error.retry_after_seconds
        if asked is not None and asked > self.longest_wait_seconds:
            raise TransientError(
                f"{error}; the server asks to wait {asked / 60:.0f} minutes, try again then"
            ) from error
        return backoff_seconds(failures, retry_after_seconds=asked, jitter=self.jitter())
