"""Enrichment from the question to the explanation, against services on loopback: nothing lost, nothing asked twice."""

import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from werkzeug import Response

from linernotes.bootstrap import open_app
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Reading
from linernotes.providers.deezer import Deezer
from tests.enriched_homes import ASKED, KNOWN, SO_WHAT_TEMPO, decisions, enrich
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import Home
from tests.services import PROVIDERS, SECRETS, SO_WHAT, TOKEN, Services, most_in_a_window


@pytest.fixture
def home(both_sources: Home, tmp_path: Path) -> Home:
    return both_sources.copy(tmp_path / "home")


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


def test_what_was_asked_is_counted_by_day_and_by_what_it_came_to(home: Home, web: Services) -> None:
    web.faults["deezer"] = [Response(status=500)]
    price = {"LINER_PROVIDERS__DEEZER__COST_PER_REQUEST": "0.5"}
    done = enrich(home, web, "tempo_bpm", "--staging", "--json", on=("deezer",), env=price).document
    cost = web.count("deezer") * 0.5
    assert [one["cost"] for one in done["enriched"]["providers"]] == [cost]
    assert done["refreshed"]["staged"]["staged"]["rows"]["enriched_value"] > 0
    assert not (home.path / "production" / "catalogue.db").exists()
    (deezer,) = [one for one in home.run("providers", "--json").document if one["name"] == "deezer"]
    assert (deezer["use"]["requests"], len(deezer["days"])) == (web.count("deezer"), 1)
    assert 0 < deezer["use"]["success_ratio"] <= 1
    assert (deezer["use"]["cost"], deezer["accepted"], deezer["cost_per_value"]) == (
        cost,
        2,
        cost / 2,
    )  # tempo and date
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


def test_an_answer_that_cannot_be_read_is_set_aside_until_a_reader_can(
    home: Home, web: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Response("<html>Sorry</html>", content_type="text/html")
    web.faults["deezer"] = [page]
    assert enrich(home, web, "tempo_bpm", on=("deezer",)).status == 0
    (waiting,) = home.run("quarantine", "list", "--json").document[-1:]
    assert (waiting["source"], waiting["entity"], waiting["reason"]) == ("provider", "deezer", "malformed_answer")
    assert waiting["body"] == "<html>Sorry</html>"
    assert waiting["detail"]
    assert "`liner reread deezer`" in home.run("quarantine", "retry", waiting["quarantine_id"]).stderr
    assert home.run("reread", "deezer").status == 0
    assert waiting in home.run("quarantine", "list", "--json").document
    monkeypatch.setattr(Deezer, "read", lambda *_: Reading(outcome=Outcome.NOT_FOUND))
    with open_app(home.path, progress=RecordedProgress()) as app:
        app.enrichment.reread(["deezer"])
    assert waiting["quarantine_id"] not in {
        one["quarantine_id"] for one in home.run("quarantine", "list", "--json").document
    }


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
    """Two processes at once ask no more often together than the provider allows, measured where they ask."""
    env = dict(web.settings(on=("coverart",), per_second=20)) | {"LINER_ENRICHMENT__SUBJECTS_PER_BATCH": "10"}
    (planned,) = home.run("step", "plan", "cover_art", "--json", env=env).document
    assert web.asked == []
    assert planned["batches"]["waiting"] > 3
    step_id = planned["step"]["step_id"]
    with ThreadPoolExecutor(2) as pool:
        finished = [pool.submit(home.run, "step", "run", step_id, env=env) for _ in range(2)]
    assert [one.result().status for one in finished] == [0, 0]
    assert len(web.asked) == len(set(web.asked)) == planned["subject_count"] > 40
    assert most_in_a_window(web.times, 1) <= 20
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


def test_spotify_is_asked_once_what_it_allows_and_believed(home: Home, web: Services) -> None:
    for _ in range(2):
        assert enrich(home, web, "isrc", "--all", "--entity", SO_WHAT, on=("spotify",)).status == 0
    assert sum("/audio-features/" in path for path in web.asked) == 1
    line = next(one for one in home.run("providers", "--json").document if one["name"] == "spotify")
    assert (line["capability"], line["state"]) == ("dev", "ready")
    assert "ready (dev)" in home.run("providers").stdout
    evidence = home.run("query", "SELECT path, status FROM bronze.provider_answer ORDER BY path", "--format", "json")
    assert {"path": "/audio-features/11dFghVXANMlKmJXsNCbNl", "status": 403} in evidence.document
