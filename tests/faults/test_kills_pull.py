"""A power cut while a month is pulled: the same command again ends as if nothing had happened."""

from pathlib import Path

import pytest

from tests.faults.journey import Journey
from tests.faults.kills import cases, check_kill, sides

CASES = [
    *cases("pull 2024-11", sides("download.rename", "bronze.rename", "ledger.commit"), [0.0]),
    *cases("pull 2024-12", sides("download.rename"), [0.0, 1.0]),
    *cases("pull 2024-12", sides("bronze.rename"), [0.0, 0.4, 1.0]),
    *cases("pull 2024-12", sides("ledger.commit"), [0.0, 0.25, 0.5, 0.75, 1.0]),
]


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("step", "failpoint", "place"), CASES)
def test_a_pull_that_was_killed_ends_as_if_it_had_not_been(
    journey: Journey, step: str, failpoint: str, place: float, tmp_path: Path
) -> None:
    check_kill(journey, journey.step(step), failpoint, place, tmp_path)
