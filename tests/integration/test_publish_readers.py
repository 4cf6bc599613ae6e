"""Reading a published file while it changes: no error, no mix, no reopening."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linernotes.destinations.sqlite.mirrored_file import Mirror, MirroredFile
from linernotes.destinations.sqlite.writing import Patience
from tests.destinations import Case, execute, make_site
from tests.fakes.progress import RecordedProgress
from tests.silver_rows import SilverLake, artist, release

PROJECT = Path(__file__).parents[2]
PROMOTIONS = 50
SONGS = 2000


class Reader:
    """A process that reads a file over and over."""

    def __init__(self, path: Path, habit: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reading_child", str(path), habit],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *filter(None, sys.path)])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> tuple[int, list[int]]:
        """How often it looked, and the generations it saw, in order."""
        told, complaints = self._process.communicate("", timeout=60)
        assert (self._process.returncode, complaints) == (0, "")
        looks, *generations = map(int, told.split())
        return looks, generations


@contextmanager
def readers(path: Path, *habits: str) -> Iterator[list[tuple[int, list[int]]]]:
    """Processes that read the file during the block; what they saw is there after it."""
    saw: list[tuple[int, list[int]]] = []
    running = [Reader(path, habit) for habit in habits]
    try:
        yield saw
    finally:
        saw += [reader.stop() for reader in running]


def tag(staged: Path, generation: int) -> None:
    """Make what is staged another generation, as staging a later month would."""
    execute(
        staged,
        f"UPDATE artists SET name = 'The Persuader {generation}';"
        f"UPDATE albums SET title = 'Stockholm {generation}';"
        f"DELETE FROM songs WHERE id > {SONGS}; UPDATE songs SET title = 'Song {generation}';"
        f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {SONGS})"
        f" INSERT OR IGNORE INTO songs SELECT i + {generation % 2}, 'Song {generation}', -1 FROM n",
    )


@pytest.fixture
def busy(tmp_path: Path, silver: SilverLake) -> Case:
    """A mirrored file with patience for readers that never stop."""
    path = make_site(tmp_path / "site.sqlite")
    silver.save(1, artist(1), release(1, "Stockholm", artists=[1], tracks=["Östermalm"]))
    destination = MirroredFile(
        Mirror(pattern=str(path), folder=tmp_path / "production", backups=tmp_path / "backups"),
        lake=silver.at,
        progress=RecordedProgress(),
        patience=Patience(sleep=time.sleep, pause_seconds=0.01),
    )
    case = Case(destination, silver, dict, "artists")
    tag(Path(case.stage().location), 0)
    case.promote()
    return case


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_through_fifty_promotions_no_reader_sees_an_error_or_a_mix(busy: Case, tmp_path: Path, mode: str) -> None:
    path = tmp_path / "site.sqlite"
    execute(path, f"PRAGMA journal_mode = {mode}")
    staged = busy.destination.staged()
    assert staged
    with readers(path, "keep", "reopen") as saw:
        for generation in range(1, PROMOTIONS + 1):
            tag(Path(staged.location), generation)
            assert busy.promote().is_switched
            busy.destination.retain(1)
    for looks, generations in saw:
        assert looks >= len(generations) > 5
        assert generations == sorted(generations)
        assert generations[-1] == PROMOTIONS


def test_through_fifty_switches_of_our_file_every_reader_opens_a_whole_generation(own: Case) -> None:
    for generation in (1, 2):
        named = [artist(number, f"Artist {generation}") for number in range(1, 50)]
        album = release(1, f"Stockholm {generation}", artists=[1], tracks=[f"Song {generation}"])
        own.lake.save(generation, *named, album)
    pointer = Path(own.promote(1).location)
    own.promote(2)
    with readers(pointer, "reopen", "keep") as saw:
        for _ in range(PROMOTIONS):
            assert own.roll_back().is_switched
    (_, reopened), (_, kept) = saw
    assert set(reopened) == {1, 2}
    assert kept == [2]
