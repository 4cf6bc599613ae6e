"""The undisturbed way of the sample through every command, kept as it stood before and after each of them.

A kill test copies the home as it stood before a command, kills that command, runs it again, and compares with the
home as it stood after it. The steps are walked once for all test processes of a session, as far as they are asked for.
"""

import shutil
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from filelock import FileLock

from linernotes.sample import MONTHS
from tests.faults.contents import Contents, read_contents
from tests.faults.liner import Home, python_path
from tests.faults.recorder import PASSAGES

RECORDING = (sys.executable, "-m", "tests.faults.recorder")
NEEDS_A_PERSON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of the journey."""

    name: str
    arguments: tuple[str, ...]
    status: int = 0


def _pull(month: str, status: int) -> Step:
    return Step(name=f"pull {month}", arguments=("pull", "discogs", "--month", month), status=status)


def _steps(month: str, *verbs: str) -> list[Step]:
    return [Step(name=f"{verb} {month}", arguments=(verb,)) for verb in verbs]


FIRST, SECOND = MONTHS
STEPS = (
    _pull(FIRST, NEEDS_A_PERSON),  # release 91 is broken, and waits in quarantine
    *_steps(FIRST, "build", "stage", "promote"),
    _pull(SECOND, NEEDS_A_PERSON),
    *_steps(SECOND, "build", "stage", "promote", "rollback"),
)
BY_NAME = {step.name: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Journey:
    """Homes along the way."""

    folder: Path
    site_url: str

    def arguments(self, step: Step) -> tuple[str, ...]:
        """The command of a step, with where to pull from."""
        return (*step.arguments, "--from", self.site_url) if step.arguments[0] == "pull" else step.arguments

    def copy_before(self, step: Step, target: Path) -> Home:
        """A home as it stands before a step."""
        place = STEPS.index(step)
        return self._home_after(place - 1).copy(target)

    def before(self, step: Step) -> Contents:
        """What a home holds before a step."""
        return _read(self._home_after(STEPS.index(step) - 1).path)

    def after(self, step: Step) -> Contents:
        """What a home holds after a step."""
        return _read(self._home_after(STEPS.index(step)).path)

    def passages(self, step: Step) -> Counter[str]:
        """How often a step passes each failpoint."""
        self._home_after(STEPS.index(step))
        return Counter(self._passages(step).read_text("utf-8").split())

    def _passages(self, step: Step) -> Path:
        return self.folder / f"{step.name}.passages"

    def _home_after(self, place: int) -> Home:
        """The home after a step, walking there first where nobody did."""
        home = Home(self.folder / ("start" if place < 0 else STEPS[place].name), is_counted=False)
        with FileLock(f"{home.path}.lock"):
            if not home.path.exists():
                self._walk(place, home)
        return home

    def _walk(self, place: int, home: Home) -> None:
        fresh = replace(home, path=home.path.with_suffix(".walking"))
        shutil.rmtree(fresh.path, ignore_errors=True)
        if place < 0:
            fresh.path.mkdir(parents=True)
        else:
            step = STEPS[place]
            self._home_after(place - 1).copy(fresh.path)
            env = {PASSAGES: str(self._passages(step)), "PYTHONPATH": python_path()}
            finished = fresh.run(*self.arguments(step), env=env, program=RECORDING)
            assert finished.status == step.status, finished
        fresh.path.rename(home.path)


@cache
def _read(home: Path) -> Contents:
    return read_contents(home)
