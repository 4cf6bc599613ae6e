"""Power cuts, full disks and missing rights while publishing: production works throughout, a second try succeeds."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from linernotes.domain.validation import Check
from tests.destinations import execute, make_site, query, read_names
from tests.publishing_child import open_destination, take

PROJECT = Path(__file__).parents[2]
FIRST = {"The Persuader"}
SECOND = {"Mr. James Barth & A.D.", "Josh Wink"}

_HASH = re.compile(r"(?<=site-)[0-9a-f]{8}")
STAGE = ("stage.rename", "stage.record")
OWN_PROMOTE = ("promote.rename", "promote.note", "promote.pointer", "promote.record")
MIRROR_PROMOTE = ("backup.rename", "backup.record", "promote.commit", "promote.record")


def sides(*names: str) -> list[str]:
    return [f"{name}.{side}" for name in names for side in ("before", "after")]


@dataclass(frozen=True)
class Place:
    """A home whose production holds the first snapshot."""

    home: Path
    extensions: Path
    kind: str

    def run(self, *steps: str) -> subprocess.CompletedProcess[str]:
        """Take steps in a process group of its own."""
        return subprocess.run(
            [sys.executable, "-m", "tests.publishing_child", str(self.home), str(self.extensions), self.kind, *steps],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *filter(None, sys.path)])},
            start_new_session=True,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def kill_at(self, failpoint: str, step: str, *before: str) -> None:
        """Take a step and pull the plug at a failpoint."""
        finished = self.run(*before, f"{failpoint}={step}")
        assert finished.returncode == -signal.SIGKILL, finished.stderr

    def take(self, *steps: str) -> None:
        destination = open_destination(self.home, self.extensions, self.kind)
        for step in steps:
            take(destination, step)

    def artists(self) -> set[str]:
        path = self.home / ("production/catalogue.db" if self.kind == "own" else "site.sqlite")
        return read_names(path)["artists"]

    def files(self) -> Mapping[str, int]:
        """How many files of each kind every folder holds."""
        folders = [self.home / "production", self.home / "backups"]
        found = [path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        kinds = [f"{_HASH.sub('', str(path.parent.relative_to(self.home)))}/*{path.suffix}" for path in found]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def make_place(home: Path, extensions: Path, kind: str) -> Place:
    home.mkdir()
    make_site(home / "site.sqlite")
    place = Place(home, extensions, kind)
    place.take("stage:1", "promote")
    return place


@pytest.fixture
def own_place(tmp_path: Path, extensions: Path) -> Place:
    return make_place(tmp_path / "home", extensions, "own")


@pytest.fixture
def mirror_place(tmp_path: Path, extensions: Path) -> Place:
    return make_place(tmp_path / "home", extensions, "mirror")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, extensions: Path) -> Mapping[str, Mapping[str, int]]:
    """The files of a home, by kind, after the second snapshot was promoted and nobody pulled the plug."""
    files = {}
    for kind in ("own", "mirror"):
        place = make_place(tmp_path_factory.mktemp(kind) / "home", extensions, kind)
        place.take("stage:2", "promote")
        files[kind] = place.files()
    return files


@pytest.mark.parametrize("failpoint", sides(*STAGE))
@pytest.mark.parametrize("kind", ["own", "mirror"])
def test_a_power_cut_while_staging_leaves_production_and_is_made_good_by_staging_again(
    request: pytest.FixtureRequest, undisturbed: Mapping[str, Mapping[str, int]], kind: str, failpoint: str
) -> None:
    place: Place = request.getfixturevalue(f"{kind}_place")
    place.kill_at(failpoint, "stage:2")
    assert place.artists() == FIRST
    place.take("stage:2", "promote")
    assert place.artists() == SECOND
    assert place.files() == undisturbed[kind]


@pytest.mark.parametrize("failpoint", sides(*OWN_PROMOTE))
def test_a_power_cut_while_promoting_our_file_leaves_one_generation_or_the_other(
    own_place: Place, undisturbed: Mapping[str, Mapping[str, int]], failpoint: str
) -> None:
    own_place.kill_at(failpoint, "promote", "stage:2")
    assert own_place.artists() == (SECOND if "record" in failpoint or failpoint == "promote.pointer.after" else FIRST)
    own_place.take("promote")
    assert own_place.artists() == SECOND
    assert own_place.files() == undisturbed["own"]
    own_place.take("rollback")
    assert own_place.artists() == FIRST


@pytest.mark.parametrize("failpoint", ["promote.rename.after", "promote.note.after"])
def test_a_generation_that_was_never_in_force_is_no_backup_and_goes_with_the_next_staging(
    own_place: Place, failpoint: str
) -> None:
    own_place.kill_at(failpoint, "promote", "stage:2")
    destination = open_destination(own_place.home, own_place.extensions, "own")
    assert [backup.name for backup in destination.backups()] == ["nothing"]
    own_place.take("stage:3", "promote", "rollback")
    assert own_place.artists() == FIRST
    assert own_place.files()["production/*.db"] == 2


@pytest.mark.parametrize("failpoint", sides("rollback.note", "rollback.pointer"))
def test_a_power_cut_while_rolling_back_our_file_leaves_one_generation_or_the_other(
    own_place: Place, failpoint: str
) -> None:
    own_place.take("stage:2", "promote")
    own_place.kill_at(failpoint, "rollback")
    rolled_back = failpoint == "rollback.pointer.after"
    assert own_place.artists() == (FIRST if rolled_back else SECOND)
    own_place.take("rollback")
    assert own_place.artists() == (SECOND if rolled_back else FIRST)
    own_place.take("rollback")
    assert own_place.artists() == (FIRST if rolled_back else SECOND)


@pytest.mark.parametrize("failpoint", sides("rollback.note", "rollback.pointer"))
def test_a_power_cut_while_rolling_back_the_first_generation_leaves_it_or_nothing(
    own_place: Place, failpoint: str
) -> None:
    own_place.kill_at(failpoint, "rollback")
    rolled_back = failpoint == "rollback.pointer.after"
    assert own_place.artists() == (set() if rolled_back else FIRST)
    own_place.take("rollback")
    assert own_place.artists() == (FIRST if rolled_back else set())
    own_place.take("rollback")
    assert own_place.artists() == (set() if rolled_back else FIRST)


@pytest.mark.parametrize(
    ("mode", "failpoint"),
    [*(("DELETE", side) for side in sides(*MIRROR_PROMOTE)), *(("WAL", side) for side in sides("promote.commit"))],
)
def test_a_power_cut_while_changing_a_mirrored_file_leaves_all_or_nothing(
    mirror_place: Place, undisturbed: Mapping[str, Mapping[str, int]], mode: str, failpoint: str
) -> None:
    execute(mirror_place.home / "site.sqlite", f"PRAGMA journal_mode = {mode}")
    mirror_place.kill_at(failpoint, "promote", "stage:2")
    is_committed = failpoint in {"promote.commit.after", *sides("promote.record")}
    assert mirror_place.artists() == (SECOND if is_committed else FIRST)
    mirror_place.take("promote")
    assert mirror_place.artists() == SECOND
    assert mirror_place.files() == undisturbed["mirror"]
    mirror_place.take("rollback")
    assert mirror_place.artists() == FIRST


@pytest.mark.parametrize("failpoint", sides("rollback.commit"))
def test_after_a_power_cut_in_a_roll_back_the_destination_knows_what_it_holds(
    mirror_place: Place, failpoint: str
) -> None:
    mirror_place.take("stage:2", "promote")
    before = open_destination(mirror_place.home, mirror_place.extensions, "mirror").holds()
    mirror_place.kill_at(failpoint, "rollback")
    after = open_destination(mirror_place.home, mirror_place.extensions, "mirror").holds()
    assert mirror_place.artists() == (SECOND if failpoint.endswith("before") else FIRST)
    assert (after == before) == failpoint.endswith("before")


@pytest.mark.parametrize("failpoint", sides("repair.commit", "repair.record"))
def test_a_power_cut_while_repairing_leaves_what_is_staged_mended_or_not(own_place: Place, failpoint: str) -> None:
    own_place.kill_at(failpoint, "repair", "stage:3")
    own_place.take("repair", "promote")
    assert own_place.artists() == FIRST
    destination = open_destination(own_place.home, own_place.extensions, "own")
    measured = destination.measure(today=date(2026, 3, 1))
    assert [each for each in measured if each.check is Check.WITHOUT_ARTIST and each.count] == []


@pytest.mark.parametrize("failpoint", sides("retain.unlink"))
@pytest.mark.parametrize("kind", ["own", "mirror"])
def test_a_power_cut_while_backups_go_keeps_the_former_state(
    request: pytest.FixtureRequest, kind: str, failpoint: str
) -> None:
    place: Place = request.getfixturevalue(f"{kind}_place")
    place.take("stage:2", "promote", "stage:3", "promote")
    place.kill_at(failpoint, "retain:0")
    place.take("retain:0", "rollback")
    assert place.artists() == SECOND


def test_a_full_disk_while_staging_is_told_and_production_stays(own_place: Place) -> None:
    finished = own_place.run("small-files", "stage:2")
    assert finished.returncode == 1
    assert finished.stderr.startswith("FatalError: cannot write")
    assert "free space" in finished.stderr
    assert own_place.artists() == FIRST
    own_place.take("stage:2", "promote")
    assert own_place.artists() == SECOND


def test_a_full_disk_while_a_backup_is_taken_leaves_the_mirrored_file_alone(mirror_place: Place) -> None:
    execute(mirror_place.home / "site.sqlite", "CREATE TABLE ballast AS SELECT zeroblob(200000) AS zeros")
    mirror_place.take("stage:2")
    finished = mirror_place.run("small-files", "promote")
    assert finished.returncode == 1
    assert "free space" in finished.stderr
    assert mirror_place.artists() == FIRST
    mirror_place.take("promote")
    assert mirror_place.artists() == SECOND
    assert query(mirror_place.home / "site.sqlite", "SELECT length(zeros) FROM ballast") == [(200_000,)]


@pytest.mark.parametrize(("kind", "step"), [("own", "stage:2"), ("own", "promote"), ("mirror", "promote")])
def test_a_folder_that_cannot_be_written_is_told_and_production_stays(
    request: pytest.FixtureRequest, kind: str, step: str
) -> None:
    place: Place = request.getfixturevalue(f"{kind}_place")
    if step == "promote":
        place.take("stage:2")
    folders = [place.home, *(path for path in place.home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    finished = place.run("powerless", step)
    for folder in folders:
        folder.chmod(0o755)
    assert finished.returncode == 1, finished.stderr
    assert finished.stderr.startswith("FatalError: cannot")
    assert finished.stderr.count("\n") == 1
    assert place.artists() == FIRST
