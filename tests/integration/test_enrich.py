"""Enrichment from the question to the explanation, against services on loopback: nothing lost, nothing asked twice."""

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from werkzeug import Response

from linernotes.bootstrap import open_app
from linernotes.domain.deciding import Observed, decide_field
from linernotes.policies.documents import shipped_policies
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import Finished, Home
from tests.services import FOLDER, PROVIDERS, SECRETS, SO_WHAT, TOKEN, Services, services
from tests.sheets import fill

ASKED = ("deezer", "musicbrainz", "coverart")
SO_WHAT_TEMPO = ("recording", "tempo_bpm")
ILLMATIC = ("c1696a7d-217e-585c-b26b-d4079034618d", "16b355da-211c-5c18-aa1c-fe03bdbaa901")
"""The release, and its release group."""
KNOWN = tuple(part for name in (SO_WHAT, "Miles Davis", *ILLMATIC, "Liverpool") for part in ("--entity", name))


@pytest.fixture
def web() -> Iterator[Services]:
    with services() as served:
        yield served


@pytest.fixture
def home(both_sources: Home, tmp_path: Path) -> Home:
    return both_sources.copy(tmp_path / "home")


@pytest.fixture(scope="module")
def enriched(both_sources: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that asked every provider about a few entities, built; tests that change it take a copy."""
    home = both_sources.copy(tmp_path_factory.mktemp("enriched") / "home")
    with services() as web:
        assert enrich(home, web, "--all", *KNOWN, on=PROVIDERS).status == 0
    assert home.run("build").status == 0
    return home


def enrich(home: Home, web: Services, *arguments: str, on: tuple[str, ...] = ASKED, **others: Any) -> Finished:
    env = dict(web.settings(on=on)) | others.pop("env", {})
    return home.run("enrich", *arguments, env=env, **others)


def decisions(home: Home) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Values with their providers, by entity type and field."""
    rows = home.run(
        "query", "SELECT entity_type, field, value, provider FROM silver.decision", "--format", "json"
    ).document
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault((row["entity_type"], row["field"]), set()).add((row["value"], row["provider"]))
    return found


@pytest.mark.proves("Providers are asked for what is missing, and the policy decides whose word counts")
def test_a_full_enrichment_fills_every_field_that_a_provider_knows(enriched: Home) -> None:
    found = decisions(enriched)
    assert ("137.0", "beatport") in found["recording", "tempo_bpm"]
    assert ("7A", "beatport") in found["recording", "key"]
    assert ("1959-08-17", "musicbrainz") in found["recording", "release_date"]
    assert ("4vLYewWIvqHfKtJDk8c8tq", "spotify") in found["recording", "spotify_id"]
    assert {("USSM15900113", "musicbrainz")} == found["recording", "isrc"]
    assert ("https://genius.com/Miles-davis-so-what-lyrics", "genius") in found["recording", "lyrics_url"]
    assert ("true", "genius") in found["recording", "lyrics_available"]
    assert {("800000", "lastfm")} == found["recording", "listeners"]
    assert {("2900000", "lastfm")} == found["artist", "listeners"]
    assert {("Miles Davis was an American trumpeter.", "lastfm")} == found["artist", "bio"]
    assert {("53.41,-2.98", "openweather")} <= found["area", "coordinates"]
    expected = {
        *{("recording", name) for name in ("mbid", "genre", "tags", "playcount")},
        *{("artist", name) for name in ("country", "genre", "tags", "playcount")},
        ("release_group", "cover_art"),
        *{("release", name) for name in ("release_date", "label", "genre", "cover_art")},
    }
    assert expected <= found.keys()


def test_values_are_published_with_who_said_so(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    free = home.run("stage", "--licence", "cc0", "--json").document["staged"]
    assert free["withheld"]["enriched_value"] > 10
    assert free["rows"]["enriched_value"] > 0
    assert "left out for their licence" in home.run("stage", "--licence", "cc0").stdout
    assert home.run("stage", "--licence", "free").status == 2
    assert home.run("stage").status == 0
    assert home.run("promote", "--force").status == 0
    with closing(sqlite3.connect(home.path / "production" / "catalogue.db")) as catalogue:
        songs = catalogue.execute(
            "SELECT title, tempo_bpm, key, isrc, spotify_id FROM songs WHERE isrc = ?", [SO_WHAT]
        ).fetchall()
        assert set(songs) == {("So What", 137.0, "7A", SO_WHAT, "4vLYewWIvqHfKtJDk8c8tq")}
        (count,) = catalogue.execute("SELECT count(*) FROM enriched_value").fetchone()
        assert count == free["rows"]["enriched_value"] + free["withheld"]["enriched_value"]


def test_every_decision_is_what_the_policy_says_of_what_was_observed(enriched: Home) -> None:
    """The SQL around the decision gives it all that counts, and takes from it what it says."""
    policy = shipped_policies()["default"]
    rows = enriched.run(
        "query",
        "SELECT entity_type, entity_id, field, value, provider, confidence, agreeing, alike, conflicting, is_contested"
        " FROM silver.decision",
        "--format",
        "json",
    ).document
    assert len(rows) > 20
    with open_app(enriched.path, progress=RecordedProgress()) as app:
        for row in rows[::4]:
            told = app.decisions.explain(row["entity_id"], f"{row['entity_type']}.{row['field']}", entity_type=None)
            decision = told.decision
            assert decision.winner
            assert (row["value"], row["provider"]) == (decision.winner.value, decision.winner.provider)
            assert row["confidence"] == decision.winner.confidence
            assert row["is_contested"] == decision.is_contested
            counts = (len(decision.agreeing), len(decision.alike), len(decision.conflicting))
            assert (row["agreeing"], row["alike"], row["conflicting"]) == counts
            said = [
                Observed(provider=one.provider, value=one.value, match=one.match, signal=one.signal)
                for one in told.told
                if one.value is not None and one.until is None
            ]
            again = decide_field(told.field, said, policy).winner
            assert again
            assert (again.value, again.provider) == (row["value"], row["provider"])


def test_the_evidence_of_a_value_gives_the_value_again(enriched: Home) -> None:
    """From the answer as it was received, by the reader; with one byte of it changed, it does not."""
    with open_app(enriched.path, progress=RecordedProgress()) as app:
        told = app.decisions.explain(SO_WHAT, "recording.tempo_bpm", entity_type=None)
    assert told.evidence
    assert told.winner
    assert json.loads(told.evidence.body)["results"][0]["bpm"] == 137
    assert told.evidence.parameters == {"isrc": SO_WHAT}
    assert told.winner.answer_id == told.evidence.answer_id


def test_nobody_is_asked_twice(home: Home, web: Services) -> None:
    assert enrich(home, web).status == 0
    asked = list(web.asked)
    assert len(asked) == len(set(asked))
    again = enrich(home, web, "--json").document
    assert web.asked == asked
    assert {one["subjects"] for one in again["providers"]} == {0}
    assert home.run("build").status == 0
    assert enrich(home, web).status == 0
    assert web.asked == asked


def test_what_was_asked_is_counted_by_day(home: Home, web: Services) -> None:
    web.faults["deezer"] = [Response(status=500)]
    assert enrich(home, web, "tempo_bpm", on=("deezer",)).status == 0
    (deezer,) = [one for one in home.run("providers", "--json").document if one["name"] == "deezer"]
    assert (deezer["use"]["requests"], len(deezer["days"])) == (web.count("deezer"), 1)
    assert 0 < deezer["use"]["success_ratio"] <= 1
    shown = home.run("providers", "--history").stdout.splitlines()
    assert [row.split()[0] for row in shown] == ["provider", "deezer"]


def test_an_earlier_provider_that_knows_spares_the_later_ones(home: Home, web: Services) -> None:
    on = ("deezer", "beatport", "acousticbrainz")
    assert enrich(home, web, "tempo_bpm", on=on).status == 0
    assert [path for path in web.asked if SO_WHAT in path] == [f"/beatport/v4/catalog/tracks/?isrc={SO_WHAT}"]
    assert enrich(home, web, "tempo_bpm", "--all", on=on).status == 0
    assert web.count("deezer") == 1


def test_a_dry_run_asks_nobody_and_changes_nothing(home: Home, web: Services) -> None:
    planned = enrich(home, web, "--dry-run", "--json").document
    assert sum(one["subjects"] for one in planned["providers"]) > 100
    assert web.asked == []
    assert home.run("step", "status", "--json").document == []


def test_what_cannot_be_asked_for_is_told(home: Home, web: Services) -> None:
    assert "no field 'smell'" in enrich(home, web, "smell").stderr
    refused = enrich(home, web, "--provider", "spotify")
    assert refused.status == 2
    assert "provider 'spotify' is not asked" in refused.stderr
    assert enrich(Home(home.path.parent / "empty"), web).stderr.endswith("run `liner build` first\n")


def test_an_answer_that_comes_to_nothing_fails_its_batch_alone(home: Home, web: Services) -> None:
    web.faults["deezer"] = [Response(status=500) for _ in range(2)]
    failed = enrich(home, web, "tempo_bpm", "--json", on=("deezer",), env={"LINER_ENRICHMENT__ATTEMPTS": "2"})
    assert failed.status == 75
    (outcome,) = failed.document["providers"]
    assert outcome["failed_batches"] == 1
    assert "HTTP 500" in outcome["problem"]
    (step,) = home.run("step", "status", "--json").document
    assert step["batches"] == {"failed": 1}
    step_id = step["step"]["step_id"]
    assert home.run("step", "retry", step_id, "--json").document == {"batches": 1}
    assert home.run("step", "run", step_id, env=web.settings()).status == 0
    (done,) = home.run("step", "status", step_id, "--json").document
    assert (done["batches"], done["counters"]) == ({"done": 1}, {"ok": 1})
    assert home.run("build").status == 0
    assert decisions(home)["recording", "tempo_bpm"] == {("136.2", "deezer")}


def test_a_provider_that_wants_to_be_left_alone_is_parked(home: Home, web: Services) -> None:
    web.faults["deezer"] = [Response(status=429, headers={"Retry-After": "3600"})]
    parked = enrich(home, web, "tempo_bpm", on=("deezer",))
    assert parked.status == 75
    assert "deezer is to be left alone" in parked.stdout.replace("\n", " ") or "deezer is to be left" in parked.stderr
    (line,) = [one for one in home.run("providers", "--json").document if one["name"] == "deezer"]
    assert (line["state"], line["reason"]) == ("parked", "HTTP 429")
    asked = len(web.asked)
    assert enrich(home, web, "tempo_bpm", on=("deezer",)).status == 75
    assert len(web.asked) == asked


def test_a_budget_ends_the_work_and_it_goes_on_another_time(home: Home, web: Services) -> None:
    budget = {"LINER_PROVIDERS__COVERART__REQUESTS_PER_RUN": "3"}
    first = enrich(home, web, "cover_art", on=("coverart",), env=budget)
    assert first.status == 75
    assert web.count("coverart") == 3
    enrich(home, web, "cover_art", on=("coverart",), env=budget)
    assert web.count("coverart") == 6
    assert enrich(home, web, "cover_art", on=("coverart",)).status == 0
    assert len(web.asked) == len(set(web.asked))
    daily = {"LINER_PROVIDERS__COVERART__REQUESTS_PER_DAY": "5"}
    asked = len(web.asked)
    spent = enrich(home, web, "cover_art", "--refresh", "0", on=("coverart",), env=daily)
    assert (spent.status, len(web.asked)) == (75, asked)


def test_steps_can_be_planned_first_and_done_by_several(home: Home, web: Services) -> None:
    env = dict(web.settings(on=("coverart",))) | {"LINER_ENRICHMENT__SUBJECTS_PER_BATCH": "10"}
    (planned,) = home.run("step", "plan", "cover_art", "--json", env=env).document
    assert web.asked == []
    assert planned["batches"]["waiting"] > 3
    step_id = planned["step"]["step_id"]
    assert home.run("step", "run", step_id, env=env).status == 0
    assert len(web.asked) == len(set(web.asked)) == planned["subject_count"]
    assert home.run("step", "reset", step_id, env=env).status == 0
    assert home.run("step", "run", step_id, env=env).status == 0
    (done,) = home.run("step", "status", step_id, "--json").document
    assert done["counters"] == {"ok": planned["subject_count"]}


def test_answers_can_be_read_again_and_nobody_is_asked(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    before = decisions(home)
    again = home.run("reread", "deezer", "--json").document
    assert again["observations"] == 1
    assert home.run("reread", "--json").document["observations"] > 10
    assert home.run("build").status == 0
    assert decisions(home) == before
    assert "no provider 'dezeer'" in home.run("reread", "dezeer").stderr


@pytest.mark.proves("A replay decides offline, and by the same rules byte for byte the same")
def test_a_replay_is_identical_and_another_policy_shows_its_diff_first(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    offline = {"PYTHONPATH": f"{closed_sockets(tmp_path)}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    verified = home.run("replay", "--verify", "--json", env=offline, program=())
    assert verified.document["is_identical"] is True
    tried = home.run("policy", "try", "classic", "--json").document
    assert tried["trial"]["gone"]["artist.bio"] == 1
    assert home.run("policy", "activate", "classic").status == 0
    assert home.run("build").status == 0
    found = decisions(home)
    assert ("artist", "bio") not in found
    builds = [run for run in home.run("runs", "--json").document if run["use_case"] == "build"]
    back = home.run("replay", "--run", builds[1]["run_id"], "--field", "artist.bio", "--apply", "--json").document
    assert back["trial"]["new"] == {"artist.bio": 1}
    assert home.run("build").status == 0
    assert decisions(home)["artist", "bio"] == {("Miles Davis was an American trumpeter.", "lastfm")}
    assert ("artist", "tags") not in decisions(home)
    assert home.run("replay", "--verify").status == 0
    assert home.run("replay", "--run", builds[1]["run_id"], "--verify").status == 0


def closed_sockets(folder: Path) -> Path:
    """A folder whose `sitecustomize` lets no Python beside it open a socket."""
    place = folder / "offline"
    place.mkdir()
    (place / "sitecustomize.py").write_text(
        "import socket\n\n\ndef refuse(*_: object, **__: object) -> None:\n    raise OSError('no network here')\n\n\n"
        "socket.socket.connect = refuse\nsocket.create_connection = refuse\n"
    )
    return place


def test_a_person_beats_every_rule_until_they_let_go(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    assert home.run("lock", "set", SO_WHAT, "tempo_bpm", "68", "--reason", "counted").status == 0
    assert home.run("build").status == 0
    assert ("68", "person") in decisions(home)[SO_WHAT_TEMPO]
    told = home.run("explain", SO_WHAT, "tempo_bpm").stdout
    assert "recording.tempo_bpm: 68 beats per minute" in told
    assert "counted" in told
    assert "outranked" in told
    assert home.run("lock", "set", SO_WHAT, "tempo_bpm").status == 0
    assert home.run("build").status == 0
    assert SO_WHAT_TEMPO not in decisions(home)
    assert home.run("lock", "lift", SO_WHAT, "tempo_bpm").status == 0
    assert home.run("lock", "list", "--json").document == []
    assert home.run("build").status == 0
    assert ("137.0", "beatport") in decisions(home)[SO_WHAT_TEMPO]


def test_entities_are_named_in_many_ways(enriched: Home) -> None:
    by_isrc = enriched.run("explain", SO_WHAT, "tempo_bpm", "--json").document["entity"]
    for text in (by_isrc["entity_id"].upper(), "us-sm1-59-00113", "4vLYewWIvqHfKtJDk8c8tq"):
        assert enriched.run("explain", text, "tempo_bpm", "--json").document["entity"]["name"] == by_isrc["name"]
    several = enriched.run("explain", "So What", "tempo_bpm")
    assert several.status == 2
    assert "may be" in several.stderr
    assert "no recording is called or numbered 'Nothing'" in enriched.run("explain", "Nothing", "tempo_bpm").stderr
    assert enriched.run("explain", "Miles Davis", "country").status == 0
    assert "no field 'smell'" in enriched.run("explain", "Miles Davis", "smell").stderr


@pytest.mark.proves("A person's word decides what a machine cannot, and can be taken back")
def test_fields_that_providers_contest_are_asked_of_a_person(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    items = home.run("review", "list", "--type", "field", "--json").document
    contested = home.run("query", "SELECT * FROM silver.decision WHERE is_contested", "--json").document
    assert {(item["entity_type"], item["source_id"]) for item in items} == {
        (f"{row['entity_type']}.{row['field']}", row["entity_id"]) for row in contested
    }
    (item,) = [one for one in items if one["entity_type"] == "release.release_date"]
    assert item["name"] == "Illmatic"
    first, rival = item["candidates"]
    assert (first["other_source_id"], first["basis"]) == ("1994-04-19", "counts now")
    assert first["detail"] == "discogs 0.90, musicbrainz 0.90"
    assert (rival["other_source_id"], rival["basis"], rival["score"]) == ("1959-08-17", "contradicts", 0.9)
    shown = home.run("review", "show", item["item_id"]).stdout
    assert "1959-08-17" in shown
    assert "weight" not in shown
    said = home.run(
        "review", "decide", item["item_id"], "--same", "1959-08-17", "--reason", "a joke", "--json"
    ).document
    assert item not in home.run("review", "list", "--type", "field", "--json").document
    assert home.run("build").status == 0
    decided = ("release", "release_date")
    assert ("1959-08-17", "person") in decisions(home)[decided]
    assert "a joke" in home.run("explain", ILLMATIC[0], "release_date").stdout
    assert home.run("review", "stats", "--json").document["field"]["answers"] == {"same": 1}
    assert home.run("replay", "--verify").status == 0
    assert home.run("review", "undo", said["judgements"][0]["judgement_id"]).status == 0
    assert home.run("build").status == 0
    assert home.run("review", "list", "--type", "field", "--json").document == items


def test_contested_fields_are_answered_in_a_spreadsheet(enriched: Home, tmp_path: Path) -> None:
    home, sheet = enriched.copy(tmp_path / "home"), tmp_path / "fields.csv"
    before = decisions(home)["release", "release_date"]
    assert home.run("review", "export", str(sheet), "--type", "field").status == 0
    fill(sheet, {"Illmatic": "new"})
    assert home.run("review", "import", str(sheet)).status == 0
    assert home.run("build").status == 0
    assert [one["name"] for one in home.run("review", "list", "--type", "field", "--json").document] == ["So What"]
    assert before == {("1994-04-19", "musicbrainz")}
    assert ("release", "release_date") not in decisions(home)


def test_who_was_right_is_counted_and_a_policy_proposed(enriched: Home, tmp_path: Path) -> None:
    home, proposed = enriched.copy(tmp_path / "home"), tmp_path / "calibrated.yml"
    assert home.run("lock", "set", SO_WHAT, "tempo_bpm", "136").status == 0
    assert home.run("build").status == 0
    counted = home.run("calibrate", "--propose", str(proposed), "--json").document
    tempo = {one["provider"]: (one["people"], one["others"]) for one in counted if one["field"] == "tempo_bpm"}
    right = {"right": 1, "wrong": 0}
    assert tempo == dict.fromkeys(("acousticbrainz", "beatport", "deezer", "getsongbpm"), (right, right))
    assert not any(one["is_proposed"] for one in counted if one["field"] == "tempo_bpm")
    assert {one["field"] for one in counted}.isdisjoint({"bio", "listeners", "cover_art"})
    assert proposed.read_text("utf-8").startswith("waterfalls:")
    imported = home.run("policy", "import", str(proposed), "--dry-run")
    assert imported.status == 0, imported
    assert "too few" in home.run("calibrate").stdout


def test_what_a_provider_no_longer_says_is_held_against_nobody(enriched: Home, web: Services, tmp_path: Path) -> None:
    home, nothing = enriched.copy(tmp_path / "home"), (FOLDER / "deezer_none.json").read_text("utf-8")
    web.faults["deezer"] = [Response(nothing, content_type="application/json")]
    asked = ("tempo_bpm", "--all", "--refresh", "0", "--entity", SO_WHAT)
    assert enrich(home, web, *asked, on=("deezer",)).status == 0
    assert home.run("build").status == 0
    counted = home.run("calibrate", "--json").document
    tempo = {one["provider"] for one in counted if one["field"] == "tempo_bpm"}
    assert tempo == {"acousticbrainz", "beatport", "getsongbpm"}


@pytest.mark.proves("Secrets are found nowhere: not in ledger, bronze, logs or messages")
def test_secrets_are_found_nowhere(home: Home, web: Services) -> None:
    web.faults["lastfm"] = [Response('{"error": 10, "message": "Invalid API key planted"}', status=403)] * 4
    web.faults["genius"] = [Response("<html>", status=500)] * 4
    ran = enrich(home, web, *KNOWN, on=PROVIDERS, env={"LINER_ENRICHMENT__ATTEMPTS": "1"})
    assert home.run("build").status == 0
    shown = ran.stdout + ran.stderr + home.run("providers").stdout + home.run("runs", "--json").stdout
    planted = [part for secret in (*SECRETS.values(), TOKEN) for part in secret.split(":")]
    kept = dict(files_with_parquet_as_text(home.path))
    assert len(kept) > 50
    for secret in planted:
        assert secret not in shown
        assert [path for path, content in kept.items() if secret.encode() in content] == []


def files_with_parquet_as_text(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, Parquet as CSV, since it is compressed; and every value of the ledger inflated where it is."""
    with duckdb.connect() as connection:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if path.suffix == ".parquet":
                rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
                yield str(path), repr(rows).encode()
            else:
                yield str(path), path.read_bytes()
    with closing(sqlite3.connect(folder / "ledger.db")) as ledger:
        tables = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in ledger.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, bytes):
                        try:
                            yield f"ledger {table}", zlib.decompress(value)
                        except zlib.error:
                            continue


def test_answers_of_a_killed_seal_are_neither_lost_nor_doubled(home: Home, web: Services) -> None:
    killed = enrich(home, web, on=ASKED, failpoint="answers.sealed")
    assert killed.was_killed
    asked = list(web.asked)
    assert enrich(home, web, on=ASKED).status == 0
    assert set(asked) <= set(web.asked)
    assert len(web.asked) == len(set(web.asked))
    with open_app(home.path, progress=RecordedProgress()) as app:
        assert list(app.core.ledger.answers.unsealed()) == []
        loads = [load for load in app.core.ledger.loads.find(source="provider") if load.entity == "answer"]
        ids = [one for load in loads for one in app.core.answer_files.answer_ids(load)]
    assert len(ids) == len(set(ids)) == len(web.asked)
    shutil.rmtree(home.path / "downloads", ignore_errors=True)
    assert home.run("build").status == 0
    assert ("136.2", "deezer") in decisions(home)[SO_WHAT_TEMPO]
