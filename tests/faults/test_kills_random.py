"""A power cut at a random moment; the seed of every kill is printed, so that it can be made again."""

from pathlib import Path

import pytest

from tests.faults.journey import BOTH_SOURCES, DISCOGS, Journey, Step
from tests.faults.random_kills import check_all_the_way, check_step, onward

KILLS = 50
KILLS_PER_STEP = 3


def walks(steps: tuple[Step, ...]) -> range:
    """Seeds of as many walks as give all kills."""
    return range(1, 1 - (-KILLS // (KILLS_PER_STEP * len(onward(steps)))))


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("step", "seed"), [("pull 2024-12", 11), ("build 2024-12", 12), ("stage 2024-12", 13)])
def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(
    journey: Journey, step: str, seed: int, tmp_path: Path
) -> None:
    print(*check_step(journey, step, seed, tmp_path).told)


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("step", "seed"), [("pull musicbrainz 2024-12", 21), ("answer", 22), ("match 2024-11", 23)])
def test_a_kill_where_sources_meet_loses_and_doubles_nothing(
    journey_of_both: Journey, step: str, seed: int, tmp_path: Path
) -> None:
    print(*check_step(journey_of_both, step, seed, tmp_path).told)


@pytest.mark.soak
@pytest.mark.parametrize("seed", walks(DISCOGS))
def test_many_kills_all_the_way_lose_and_double_nothing(
    journey: Journey, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk(journey, seed, tmp_path, capsys)


@pytest.mark.soak
@pytest.mark.parametrize("seed", walks(BOTH_SOURCES))
def test_many_kills_where_sources_meet_lose_and_double_nothing(
    journey_of_both: Journey, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk(journey_of_both, seed, tmp_path, capsys)


def walk(journey: Journey, seed: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Walk all the way, and tell every kill."""
    chance = check_all_the_way(journey, seed, folder, kills_per_step=KILLS_PER_STEP)
    with capsys.disabled():
        print("", *chance.told, sep="\n")
