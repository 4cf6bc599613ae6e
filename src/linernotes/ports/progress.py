"""Progress of long work, told to whoever watches."""

from contextlib import AbstractContextManager
from typing import Protocol


class Task(Protocol):
    """One piece of long work."""

    def advance(self, amount: int = 1, /) -> None:
        """Say that `amount` more units are done."""
        ...


class Progress(Protocol):
    """A bar on a terminal, one log event a minute elsewhere."""

    def task(self, description: str, *, total: int | None = None, unit: str = "") -> AbstractContextManager[Task]:
        """Open a task of `total` units (`bytes`, `records`, `models`); None where the total is unknown."""
        ...

    def say(self, message: str) -> None:
        """One line that has to be read: on a terminal, and as a log event elsewhere."""
        ...

    def step(self, message: str) -> None:
        """One line on what is being done, for a person at a terminal and for nobody else."""
        ...
