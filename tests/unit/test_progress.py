"""What people see while they wait, and what logs keep."""

import pytest

from linernotes.cli.progress import LoggedProgress, TerminalProgress


def test_steps_are_told_to_people_and_not_to_logs(capsys: pytest.CaptureFixture[str]) -> None:
    LoggedProgress().step("gold.release_summary ok")
    assert capsys.readouterr().err == ""
    TerminalProgress().step("gold.release_summary ok")
    assert capsys.readouterr().err == "gold.release_summary ok\n"
