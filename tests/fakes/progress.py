"""Progress that remembers what it was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class RecordedTask:
    description: str
    total: int | None
    unit: str
    done: int = 0

    def advance(self, amount: int = 1, /) -> None:
        self.done += amount


@dataclass
class RecordedProgress:
    said: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    tasks: list[RecordedTask] = field(default_factory=list)

    @contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator[RecordedTask]:
        task = RecordedTask(description, total, unit)
        self.tasks.append(task)
        yield task

    def say(self, message: str) -> None:
        self.said.append(message)

    def step(self, message: str) -> None:
        self.steps.append(message)
