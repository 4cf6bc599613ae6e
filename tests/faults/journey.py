"""The undisturbed ways of the sample through every command, kept as it stood before and after each of them.

A kill test copies the home as it stood before a command, kills that command, runs it again, and compares with the
home as it stood after it. The steps are walked once for all test processes of a session, as far as they are asked for.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from filelock import FileLock

from linernotes.sample import DUMPS, MONTHS
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
    """With `{site}`, `{musicbrainz}` and `{sheet}` for what stands elsewhere on each machine."""
    status: int = 0


def _pull(month: str, status: int) -> Step:
    arguments = ("pull", "discogs", "--month", month, "--from", "{site}")
    return Step(name=f"pull {month}", arguments=arguments, status=status)


def _pull_musicbrainz(month: str) -> Step:
    (day,) = (day for day in DUMPS if day.startswith(month))
    folder = f"{{musicbrainz}}/{day.replace('-', '')}-001500"
    parts = [part for name in ("mbdump", "mbdump-derived") for part in ("--dump", f"{folder}/{name}.tar.bz2")]
    return Step(name=f"pull musicbrainz {month}", arguments=("pull", "musicbrainz", *parts))


def _steps(month: str, *verbs: str) -> list[Step]:
    return [Step(name=f"{verb} {month}", arguments=(verb,)) for verb in verbs]


FIRST, SECOND = MONTHS
DISCOGS = (
    _pull(FIRST, NEEDS_A_PERSON),  # release 91 is broken, and waits in quarantine
    *_steps(FIRST, "build", "stage", "promote"),
    _pull(SECOND, NEEDS_A_PERSON),
    *_steps(SECOND, "build", "stage", "promote", "rollback"),
)
BOTH_SOURCES = (
    _pull(FIRST, NEEDS_A_PERSON),
    _pull_musicbrainz(FIRST),
    *_steps(FIRST, "build"),
    Step(name="answer", arguments=("review", "import", "{sheet}")),
    *_steps(FIRST, "match"),
    _pull_musicbrainz(SECOND),
    *_steps(SECOND, "build", "stage", "promote"),
)
"""With people's answers between: of Discogs the first month alone, of MusicBrainz both."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Homes along one way."""

    folder: Path
    steps: tuple[Step, ...]
    places: Mapping[str, str]
    """What stands elsewhere on each machine, by its name in arguments."""

    def step(self, name: str) -> Step:
        """The step of a name."""
        (found,) = (step for step in self.steps if step.name == name)
        return found

    def arguments(self, step: Step) -> tuple[str, ...]:
        """The command of a step."""
        return tuple(argument.format_map(self.places) for argument in step.arguments)

    def copy_before(self, step: Step, target: Path) -> Home:
        """A home as it stands before a step."""
        place = self.steps.index(step)
        return self._home_after(place - 1).copy(target)

    def before(self, step: Step) -> Contents:
        """What a home holds before a step."""
        return _read(self._home_after(self.steps.index(step) - 1).path)

    def after(self, step: Step) -> Contents:
        """What a home holds after a step."""
        return _read(self._home_after(self.steps.index(step)).path)

    def passages(self, step: Step) -> Counter[str]:
        """How often a step passes each failpoint."""
        self._home_after(self.steps.index(step))
        return Counter(self._passages(step).read_text("utf-8").split())

    def _passages(self, step: Step) -> Path:
        return self.folder / f"{step.name}.passages"

    def _home_after(self, place: int) -> Home:
        """The home after a step, walking there first where nobody did."""
        home = Home(self.folder / ("start" if place < 0 else self.steps[place].name), is_counted=False)
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
            step = self.steps[place]
            self._home_after(place - 1).copy(fresh.path)
            env = {PASSAGES: str(self._passages(step)), "PYTHONPATH": python_path()}
            finished = fresh.run(*self.arguments(step), env=env, program=RECORDING)
            assert finished.status == step.status, finished
        fresh.path.rename(home.path)


@cache
def _read(home: Path) -> Contents:
    return read_contents(home)
