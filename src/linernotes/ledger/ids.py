"""New ids for runs, loads and everything else that is recorded."""

import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from linernotes.domain.uuid7 import RANDOM_BITS, next_ordinal, to_uuid7


class Uuid7Factory:
    """Call it for a new UUIDv7; within one factory each is greater than the one before, in all threads."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._previous = 0

    def __call__(self) -> UUID:
        with self._lock:
            self._previous = next_ordinal(
                self._previous,
                unix_ms=int(self._clock().timestamp() * 1000),
                random_bits=secrets.randbits(RANDOM_BITS),
            )
            return to_uuid7(self._previous)
