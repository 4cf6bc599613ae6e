"""A power cut while the catalogue is staged, promoted or rolled back: production works, and a second try succeeds."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.destinations import make_site
from tests.faults.journey import Journey
from tests.faults.kills import cases, check_kill, sides
from tests.faults.liner import Finished, Home

CASES = [
    *cases("stage 2024-11", ["stage.rename.after"], [0.0]),
    *cases("stage 2024-12", sides("stage.rename", "stage.record"), [0.0]),
    *cases("stage 2024-12", sides("ledger.commit"), [0.0, 1.0]),
    *cases("promote 2024-11", ["promote.pointer.before"], [0.0]),
    *cases("promote 2024-12", sides("promote.rename", "promote.note", "promote.pointer", "promote.record"), [0.0]),
    *cases("promote 2024-12", sides("ledger.commit"), [0.0, 0.5, 1.0]),
    # After its last commit a roll-back is done: the same command again would undo it.
    *cases("rollback 2024-12", sides("rollback.note", "rollback.pointer"), [0.0]),
    *cases("rollback 2024-12", sides("ledger.commit"), [0.0]),
]


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("step", "failpoint", "place"), CASES)
def test_a_publication_that_was_killed_ends_as_if_it_had_not_been(
    journey: Journey, step: str, failpoint: str, place: float, tmp_path: Path
) -> None:
    check_kill(journey, journey.step(step), failpoint, place, tmp_path)


# Somebody else's file, changed in place


def read_site(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(home.path.parent / "site.sqlite")) as connection:
        listed = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for (name,) in listed}


def publish_to_site(home: Home, *, failpoint: str = "", verb: str = "") -> list[Finished]:
    """Stage and promote to the site's file, the plug being pulled at a failpoint of one of them first."""
    stage = ("stage", "--mirror", str(home.path.parent / "site.sqlite"))
    ended = []
    for arguments in (stage, ("promote", "--force")):
        if arguments[0] == verb:
            ended.append(home.run(*arguments, failpoint=failpoint))
        finished = home.run(*arguments)
        assert finished.status == 0, finished
    return ended


@pytest.fixture(scope="module")
def undisturbed_site(journey: Journey, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    folder = tmp_path_factory.mktemp("site")
    make_site(folder / "site.sqlite")
    home = journey.copy_before(journey.step("stage 2024-11"), folder / "home")
    publish_to_site(home)
    return read_site(home)


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(
    ("verb", "failpoint"),
    [
        ("stage", "destination.record.before"),
        ("stage", "destination.record.after"),
        ("promote", "backup.rename.after"),
        ("promote", "promote.commit.before"),
        ("promote", "promote.commit.after"),
    ],
)
def test_a_publication_to_a_mirrored_file_that_was_killed_ends_as_if_it_had_not_been(
    journey: Journey,
    undisturbed_site: dict[str, list[tuple[Any, ...]]],
    verb: str,
    failpoint: str,
    tmp_path: Path,
) -> None:
    make_site(tmp_path / "site.sqlite")
    home = journey.copy_before(journey.step("stage 2024-11"), tmp_path / "home")
    (killed,) = publish_to_site(home, failpoint=failpoint, verb=verb)
    assert killed.was_killed, killed
    assert read_site(home) == undisturbed_site
