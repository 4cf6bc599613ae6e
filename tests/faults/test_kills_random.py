"""A power cut at a random moment; the seed of every kill is printed, so that it can be made again."""

from pathlib import Path

import pytest

from tests.faults.journey import Journey
from tests.faults.random_kills import ONWARD, check_all_the_way, check_step

KILLS = 50
KILLS_PER_STEP = 3
WALKS = -(-KILLS // (KILLS_PER_STEP * len(ONWARD)))


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("step", "seed"), [("pull 2024-12", 11), ("build 2024-12", 12), ("stage 2024-12", 13)])
def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(
    journey: Journey, step: str, seed: int, tmp_path: Path
) -> None:
    print(*check_step(journey, step, seed, tmp_path).told)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, WALKS + 1))
def test_many_kills_all_the_way_lose_and_double_nothing(
    journey: Journey, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = check_all_the_way(journey, seed, tmp_path, kills_per_step=KILLS_PER_STEP)
    with capsys.disabled():
        print("", *chance.told, sep="\n")
