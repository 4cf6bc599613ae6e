"""Turns at a provider, taken by several processes."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from linernotes.ports.providers import Rate
from linernotes.providers.pace import Pace
from tests.services import most_in_a_window

TAKE_TURNS = """
import sys, time
from pathlib import Path
from linernotes.ports.providers import Rate
from linernotes.providers.pace import Pace

pace = Pace(Path(sys.argv[1]), "any", Rate(requests=10, seconds=0.2))
for _ in range(20):
    pace.wait()
    print(time.time())
pace.close()
"""


def test_two_processes_together_never_ask_more_often_than_allowed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKE_TURNS, str(tmp_path / "turns.db")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    times = sorted(float(line) for process in processes for line in process.communicate()[0].split())
    assert len(times) == 40
    assert most_in_a_window(times, 0.2) <= 10


def test_providers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    endless = Rate(requests=1, seconds=10_000)
    for name in ("deezer", "musicbrainz"):
        pace = Pace(tmp_path / "turns.db", name, endless)
        pace.wait()
        pace.close()


def test_turns_of_the_past_are_forgotten(tmp_path: Path) -> None:
    pace = Pace(tmp_path / "turns.db", "any", Rate(requests=2, seconds=0.01))
    for _ in range(20):
        pace.wait()
    pace.close()
    with closing(sqlite3.connect(tmp_path / "turns.db")) as file:
        ((remembered,),) = file.execute("SELECT count(*) FROM turn_any").fetchall()
    assert remembered <= 4
