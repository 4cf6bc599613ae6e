"""Health: what `liner doctor` looks at."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    is_ok: bool
    found: str
    advice: str = ""
    """What to do where it is not well; empty otherwise."""


class Probe(Protocol):
    """Looks at one thing; raising a LinernotesError is an answer too."""

    def __call__(self) -> Check: ...
