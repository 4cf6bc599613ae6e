"""Pulling the plug at random moments, all the way through the journey."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.contents import assert_same, read_contents, running
from tests.faults.journey import Journey, Step
from tests.faults.kills import check_between
from tests.faults.liner import Home

LONGEST_SECONDS = 120.0


def onward(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps that the same command again completes; a roll-back it would undo."""
    return [step for step in steps if step.arguments[0] != "rollback"]


@dataclass
class Chance:
    """Random moments, and what came of them."""

    seed: int
    kills: int = 0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def moment(self, seconds: float) -> float:
        """A moment within so many seconds."""
        return self._random.uniform(0, seconds)

    def note(self, step: Step, seconds: float) -> None:
        """Remember a kill."""
        self.kills += 1
        self.told.append(f"seed {self.seed}, kill {self.kills}: {step.name} after {seconds:.2f} s")


def duration_of(journey: Journey, step: Step, folder: Path) -> float:
    """How long a step takes undisturbed, in seconds."""
    home = journey.copy_before(step, folder)
    start = time.monotonic()
    finished = home.run(*journey.arguments(step))
    assert finished.status in {0, step.status}, finished
    return min(time.monotonic() - start, LONGEST_SECONDS)


def kill_once(journey: Journey, step: Step, home: Home, chance: Chance, *, within: float) -> bool:
    """Kill a step at a random moment; False if it came to its end before that."""
    moment = chance.moment(within)
    finished = home.run(*journey.arguments(step), killed_after=moment)
    if not finished.was_killed:
        assert finished.status in {0, step.status}, finished
        return False
    chance.note(step, moment)
    check_between(read_contents(home.path), journey.before(step), journey.after(step))
    return True


def finish(journey: Journey, step: Step, home: Home) -> None:
    """Run a step to its end, and compare with the undisturbed home."""
    finished = home.run(*journey.arguments(step))
    assert finished.status in {0, step.status}, finished
    assert_same(read_contents(home.path), journey.after(step))


def check_step(journey: Journey, name: str, seed: int, folder: Path) -> Chance:
    """Kill one step once at a random moment, and run it again."""
    step, chance = journey.step(name), Chance(seed)
    within = duration_of(journey, step, folder / "timed")
    home = journey.copy_before(step, folder / "home")
    kill_once(journey, step, home, chance, within=within)
    finish(journey, step, home)
    return chance


def check_all_the_way(journey: Journey, seed: int, folder: Path, *, kills_per_step: int) -> Chance:
    """Walk the whole way in one home, every step killed some times before it may end."""
    chance = Chance(seed)
    steps = onward(journey.steps)
    home = journey.copy_before(steps[0], folder / "home")
    for number, step in enumerate(steps):
        within = duration_of(journey, step, folder / f"timed {number}")
        for _ in range(kills_per_step):
            if not kill_once(journey, step, home, chance, within=within):
                break
        finish(journey, step, home)
    assert running(home.path) == []
    return chance
