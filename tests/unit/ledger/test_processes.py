from dataclasses import replace
from typing import Any

import pytest

from linernotes.ledger.processes import Fate, Process, find_fate

HERE = Process(host="tower", pid=7, token="boot-a:pid[1]:500")


def fate(start_now: str | None, **changes: Any) -> Fate:
    process = replace(Process(host="tower", pid=99, token="boot-a:pid[1]:1234"), **changes)
    return find_fate(process, here=HERE, find_start=lambda pid: start_now if pid == 99 else None)


def test_a_process_with_the_same_pid_and_start_is_alive() -> None:
    assert fate("1234") is Fate.ALIVE


def test_a_process_whose_pid_nobody_has_is_gone() -> None:
    assert fate(None) is Fate.GONE


def test_a_process_whose_pid_somebody_else_has_now_is_gone() -> None:
    assert fate("1235") is Fate.GONE


def test_a_process_that_cannot_be_looked_at_may_be_alive() -> None:
    assert fate("") is Fate.UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [{"host": "laptop"}, {"token": "boot-b:pid[1]:1234"}, {"token": "boot-a:pid[2]:1234"}],
    ids=["on another machine", "before a restart or on a namesake", "in another container"],
)
def test_the_pids_of_another_realm_say_nothing(changes: dict[str, object]) -> None:
    assert fate(None, **changes) is Fate.UNKNOWN
