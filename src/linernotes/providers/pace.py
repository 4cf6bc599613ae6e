"""Turns at a provider: no more requests in any window than it allows, over all processes of a home."""

from pathlib import Path
from time import time_ns

from pyrate_limiter import Limiter, SingleBucketFactory, SQLiteBucket
from pyrate_limiter import Rate as Window

from linernotes.ports.providers import Rate

_MARGIN = 1.1
"""Windows are kept this much longer: what is sent a second apart may arrive 0.95 s apart."""


class Pace:
    """The turns of one provider, remembered in a file."""

    def __init__(self, path: Path, provider: str, rate: Rate) -> None:
        """Say whose turns.

        Args:
            path: SQLite file of all providers' turns; made where it is not there.
            provider: Its name.
            rate: What it allows.
        """
        window = Window(rate.requests, int(rate.seconds * 1000 * _MARGIN))
        self._bucket = SQLiteBucket.init_from_file(
            [window], table=f"turn_{provider}", db_path=str(path), use_file_lock=True
        )
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False))
        self._provider = provider

    def wait(self) -> None:
        """Come back when a request may be sent."""
        self._limiter.try_acquire(self._provider)
        self._bucket.leak(time_ns() // 1_000_000)

    def close(self) -> None:
        """Let go of the file."""
        self._bucket.close()  # type: ignore[no-untyped-call] # the library gives it no types
