"""What was done as OpenLineage events, as other catalogues read them."""

import json
from pathlib import Path
from typing import Any

import pytest

from linernotes.bootstrap import lineage, open_app
from linernotes.errors import FatalError
from linernotes.ports.runs import RunStatus
from linernotes.sample import write_dumps
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import Home

TOLD = {"LINER_LINEAGE__FILE": "lineage.jsonl", "LINER_LINEAGE__NAMESPACE": "records"}


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_pull_and_a_build_tell_what_they_read_and_changed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_dumps(tmp_path / "dumps")
    pull = ("pull", "discogs", "--from", str(tmp_path / "dumps"), "--month", "2024-11", "--only", "artists")
    assert home.run(*pull, env=TOLD).status == 0
    assert home.run("build", env=TOLD).status == 0
    told = events(home.path / "lineage.jsonl")
    pulled, built = told[:2], told[2:]
    assert [event["eventType"] for event in told] == ["START", "COMPLETE"] * 2
    assert {event["job"]["namespace"] for event in told} == {"records"}
    assert {event["run"]["runId"] for event in pulled} == {home.run("runs", "--json").document[-1]["run_id"]}
    assert "bronze.discogs_artist" in {one["name"] for one in pulled[1]["outputs"]}
    assert "bronze.discogs_artist" in {one["name"] for one in built[1]["inputs"]}
    assert {"silver.artist", "gold.artist_summary"} <= {one["name"] for one in built[1]["outputs"]}
    assert all(event["schemaURL"].startswith("https://openlineage.io/spec/") for event in told)


def test_a_run_that_failed_tells_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINER_LINEAGE__FILE", str(tmp_path / "elsewhere" / "lineage.jsonl"))
    with open_app(tmp_path / "home", progress=RecordedProgress()) as app:
        runs = app.core.ledger.runs
        for status in (RunStatus.FAILED, RunStatus.INTERRUPTED):
            run = runs.start("build", code_version="1", settings={})
            runs.finish(run.run_id, status=status, counters={}, error="grain_track: Got 1 result")
    told = events(tmp_path / "elsewhere" / "lineage.jsonl")
    assert [event["eventType"] for event in told] == ["START", "FAIL", "START", "ABORT"]
    assert told[1]["run"]["facets"]["errorMessage"]["message"] == "grain_track: Got 1 result"
    assert (told[1]["inputs"], told[1]["outputs"]) == ([], [])


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("LINER_LINEAGE__FILE", str(tmp_path / "taken" / "lineage.jsonl"))
    progress = RecordedProgress()
    with open_app(tmp_path / "home", progress=progress) as app:
        run = app.core.ledger.runs.start("pull", code_version="1", settings={})
        assert app.runs(limit=1, use_case=None)[0].run_id == run.run_id
    assert any("lineage is not told: cannot write" in said for said in progress.said)


def test_without_the_package_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINER_LINEAGE__FILE", "lineage.jsonl")
    monkeypatch.setattr(lineage, "find_spec", lambda _: None)
    with open_app(tmp_path / "home", progress=RecordedProgress()) as app, pytest.raises(FatalError, match="install"):
        app.status()
