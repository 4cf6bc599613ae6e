"""Only what a whole green build left behind counts: a failing test, a crash, a selection, a changed model."""

import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from linernotes.errors import WrongUsageError
from linernotes.lake.builder import ROWS_PER_SLICE
from linernotes.lake.project import PROJECT
from linernotes.ports.runs import Run, RunStatus
from linernotes.usecases.build import BuildOutcome
from tests.fakes.ledger import FakeConsumption
from tests.lake_kit import LakeHome, Rows, add_file, joined, record, small_project

REFUSED = "SELECT record_id FROM {{ ref('release') }} WHERE title = 'bad'"
DOWNSTREAM = "SELECT source, count(*) AS release_count, max(title) AS last_title FROM {{ ref('release') }} GROUP BY ALL"


class PowerCut(BaseException):
    """The process dies here."""


class ConsumptionThatDies(FakeConsumption):
    """Dies before it records, as often as it is told."""

    deaths = 0

    def record(self, run_id: UUID, consumed: Mapping[str, frozenset[UUID]]) -> None:
        if self.deaths:
            self.deaths -= 1
            raise PowerCut
        super().record(run_id, consumed)


@dataclass
class Chapter:
    """What one build left behind."""

    outcome: BuildOutcome
    run: Run
    release: list[tuple[object, ...]]
    downstream: list[tuple[object, ...]]
    models: set[str] = field(default_factory=set)


@dataclass
class Story:
    home: LakeHome
    chapters: dict[str, Chapter] = field(default_factory=dict)
    seen: list[tuple[object, ...]] = field(default_factory=list)
    """What a reader saw while a model was made anew."""

    def build(self, name: str, *, select: str | None = None) -> None:
        outcome = self.home.build(select=select)
        self.chapters[name] = Chapter(
            outcome=outcome,
            run=self.home.ledger.runs.latest(limit=1)[0],
            release=self.home.ask("SELECT record_id, title FROM silver.release ORDER BY ALL"),
            downstream=self.home.ask("SELECT release_count, last_title FROM gold.downstream"),
            models={model.name for model in outcome.models if model.status == "success"},
        )


def titled(record_id: int, title: str) -> Rows:
    return record("release", record_id, title=title, track=[{"position": "1", "title": title}])


@contextmanager
def reading(home: LakeHome, seen: list[tuple[object, ...]]) -> Iterator[None]:
    """A reader beside the block that asks again and again; what it sees, errors too, is remembered."""
    is_done = threading.Event()

    def read() -> None:
        with home.engine.connect() as connection:
            while not is_done.is_set():
                try:
                    asked = "SELECT count(*), min(title) FROM lake.silver.release"
                    seen.append(connection.execute(asked).fetchall()[0])
                except duckdb.Error as error:
                    seen.append((str(error),))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        is_done.set()
        reader.join()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = tmp_path_factory.mktemp("green")
    project = small_project(root / "project")
    add_file(project, "tests/refused.sql", REFUSED)
    add_file(project, "models/gold/downstream.sql", DOWNSTREAM)
    home = LakeHome(root, project=project)
    consumption = home.ledger.consumption = ConsumptionThatDies()
    story = Story(home)

    home.load("2026-01-01", titled(1, "one"), titled(2, "two"))
    story.build("green")
    bad = home.load("2026-02-01", titled(1, "bad"), titled(3, "three"))
    story.build("failing")
    story.build("failing again")
    home.discard(bad)
    story.build("discarded")
    home.load("2026-03-01", titled(2, "changed"))
    consumption.deaths = 1
    with pytest.raises(PowerCut):
        home.build()
    story.build("after the crash")
    home.load("2026-04-01", titled(4, "four"))
    story.build("selected", select="release")
    story.build("whole")
    changed = (
        (project / "models/silver/release.sql")
        .read_text(encoding="utf-8")
        .replace("r.title,", "upper(r.title) AS title,", 1)
    )
    add_file(project, "models/silver/release.sql", changed)
    with reading(home, story.seen):
        story.build("new version")
    shutil.copyfile(PROJECT / "models/silver/release.sql", project / "models/silver/release.sql")
    story.build("old version")
    return story


def test_a_green_build_records_its_snapshot(story: Story) -> None:
    green = story.chapters["green"]
    assert (green.outcome.exit_status, green.run.status) == (0, RunStatus.SUCCEEDED)
    assert green.run.snapshot_id == green.outcome.snapshot_id


def test_a_failing_test_fails_the_build_and_names_itself(story: Story) -> None:
    failing = story.chapters["failing"]
    assert (failing.outcome.exit_status, failing.run.status) == (1, RunStatus.FAILED)
    assert [test.name for test in failing.outcome.failed_tests] == ["refused"]
    assert failing.run.error is not None
    assert failing.run.error.startswith("refused: Got 1 result")


def test_a_failing_test_keeps_what_is_downstream_from_being_built(story: Story) -> None:
    assert story.chapters["failing"].downstream == story.chapters["green"].downstream
    assert "downstream" not in story.chapters["failing"].models


def test_a_build_that_is_not_green_records_no_snapshot_to_publish_from(story: Story) -> None:
    assert story.chapters["failing"].run.snapshot_id is None


def test_records_whose_test_failed_are_taken_in_again(story: Story) -> None:
    again = story.chapters["failing again"]
    assert again.outcome.exit_status == 1
    assert again.models == {"release"}


def test_a_discarded_load_leaves_nothing_behind_although_its_build_was_never_recorded(story: Story) -> None:
    assert story.chapters["discarded"].outcome.is_complete
    assert story.chapters["discarded"].release == story.chapters["green"].release
    assert story.chapters["discarded"].downstream == story.chapters["green"].downstream


def test_a_build_after_a_crash_between_lake_and_ledger_changes_nothing_more(story: Story) -> None:
    after = story.chapters["after the crash"]
    assert after.release == [("1", "one"), ("2", "changed")]
    assert {model.name: model.updated for model in after.outcome.models if model.updated} == {}
    assert after.run.snapshot_id == after.outcome.snapshot_id


def test_a_selection_is_built_and_nothing_is_recorded_as_whole(story: Story) -> None:
    selected = story.chapters["selected"]
    assert selected.models == {"release"}
    assert ("4", "four") in selected.release
    assert (selected.outcome.is_green, selected.outcome.is_complete) == (True, False)
    assert selected.run.snapshot_id is None


def test_the_next_build_takes_up_what_a_selection_left_behind(story: Story) -> None:
    whole = story.chapters["whole"]
    assert "release" not in whole.models
    assert {"track", "recording", "downstream"} <= whole.models
    assert whole.downstream == [(3, "one")]
    assert whole.run.snapshot_id == whole.outcome.snapshot_id


def test_a_changed_model_is_made_anew_with_what_is_made_from_it(story: Story) -> None:
    anew = story.chapters["new version"]
    assert anew.release == [("1", "ONE"), ("2", "CHANGED"), ("4", "FOUR")]
    assert anew.downstream == [(3, "ONE")]
    assert anew.models == {"release", "downstream"}


def test_the_version_before_is_made_anew_as_well(story: Story) -> None:
    again = story.chapters["old version"]
    assert again.release == [("1", "one"), ("2", "changed"), ("4", "four")]
    assert again.models == {"release", "downstream"}


def test_readers_see_the_old_or_the_new_table_and_never_an_error(story: Story) -> None:
    assert set(story.seen) == {(3, "changed"), (3, "CHANGED")}


def test_with_nothing_to_do_dbt_is_not_even_imported(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dbt.cli.main", None)
    assert story.home.build() == BuildOutcome()


def test_a_build_that_is_forced_runs_every_test_again(story: Story) -> None:
    outcome = story.home.build(force=True)
    assert outcome.models == ()
    assert outcome.test_count == 10


def test_progress_is_told_for_each_model(story: Story) -> None:
    assert story.home.progress.tasks[0].total == 7
    assert story.home.progress.tasks[0].done == 7
    assert any(line.startswith("silver.release ok ") for line in story.home.progress.steps)


def test_a_selection_of_nothing_is_told(story: Story) -> None:
    with pytest.raises(WrongUsageError, match="no model is selected by 'nowhere'"):
        story.home.build(select="nowhere")
    assert story.home.ledger.runs.latest()[0].status is RunStatus.FAILED


def test_options_of_dbt_are_no_selection(story: Story) -> None:
    with pytest.raises(WrongUsageError, match="not options of dbt: release --full-refresh"):
        story.home.build(select="release --full-refresh")


@pytest.mark.parametrize("rows_per_slice", [ROWS_PER_SLICE, 1], ids=["whole", "in slices"])
def test_a_row_that_comes_twice_is_found(rows_per_slice: int, tmp_path: Path) -> None:
    home = LakeHome(tmp_path, project=small_project(tmp_path / "project"), rows_per_slice=rows_per_slice)
    twice = [{"title": "one", "track_index": 0}, {"title": "other", "track_index": 0}]
    home.load("2026-01-01", joined([record("release", 1, title="a"), record("release", 2, title="b", track=twice)]))
    failed = {test.name.split("_source")[0]: test.message for test in home.build().failed_tests}
    assert failed.keys() == {"grain_track", "grain_recording"}
    assert failed["grain_track"].startswith("Got 1 result")
