"""A power cut while the catalogue is staged, promoted or rolled back: production works, and a second try succeeds."""

from pathlib import Path

import pytest

from tests.faults.journey import BY_NAME, Journey
from tests.faults.kills import cases, check_kill, sides

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
    check_kill(journey, BY_NAME[step], failpoint, place, tmp_path)
