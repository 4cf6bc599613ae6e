"""Leases: who may work on what, across processes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Leases(Protocol):
    def hold(
        self, name: str, *, wait_seconds: float = 0, on_wait: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Hold a named lease for the block, renewing it; a holder whose process is gone is taken over at once.

        Args:
            name: What is worked on.
            wait_seconds: How long to wait for somebody else.
            on_wait: Told once, before waiting, who holds it.

        Raises:
            TransientError: Somebody else holds it and `wait_seconds` have passed; the message names the holder. Or, at
                the end of the block, this process did not renew it for so long that somebody else took it over.
        """
        ...
