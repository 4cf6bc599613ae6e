"""The writer lock: on a SQLite catalog one process writes the lake at a time, the others wait."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from linernotes.errors import TransientError

PATIENCE_SECONDS = 0.2
"""A wait shorter than this is not worth a message."""


@contextlib.contextmanager
def writer_lock(path: Path, *, wait_seconds: float, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lake for writing during the block. The lock is the system's: it goes when its process goes.

    Raises:
        TransientError: Another process still writes after `wait_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=min(PATIENCE_SECONDS, wait_seconds))
    except Timeout:
        say(f"another liner is writing the lake; waiting up to {wait_seconds:.0f} s")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise TransientError(
                f"another liner has been writing the lake for over {wait_seconds:.0f} s ({path}); try again later"
            ) from None
    try:
        yield
    finally:
        lock.release()
