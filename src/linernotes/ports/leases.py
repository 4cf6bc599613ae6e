"""Leases: who may work on what, across processes."""

from contextlib import AbstractContextManager
from typing import Protocol


class Leases(Protocol):
    def hold(self, name: str, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
        """Hold a named lease for the block, renewing it; a holder whose process is gone is taken over at once.

        Raises:
            TransientError: Somebody else holds it and `wait_seconds` have passed; the message names the holder.
        """
        ...
