"""What is known of values that services gave: explained, replayed, locked, contested, calibrated, exported."""

import os
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkzeug import Response

from linernotes.bootstrap import open_app
from linernotes.bootstrap.providers import all_providers
from linernotes.domain.deciding import Observed, decide_field
from linernotes.policies.documents import shipped_policies
from tests.enriched_homes import ILLMATIC, KNOWN, SO_WHAT_TEMPO, decisions, enrich
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import PROGRAM, Home
from tests.services import FOLDER, PROVIDERS, SO_WHAT, Services
from tests.sheets import fill


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


@pytest.mark.proves("Every value that a service gave is in the bytes that it sent")
def test_what_services_said_is_read_again_from_what_they_sent(enriched: Home, web: Services, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    assert enrich(home, web, "--all", *KNOWN, on=PROVIDERS).status == 0  # with ids that others gave the first time
    assert any(path.startswith("/spotify/tracks/") for path in web.asked)
    asked = list(web.asked)
    assert home.run("build").status == 0
    assert enrich(home, web, "--all", *KNOWN, on=PROVIDERS).status == 0
    assert web.asked == asked
    assert values_not_sent(home) == []
    change_a_byte(home, of="deezer", before=b"136.2", after=b"136.3")
    assert values_not_sent(home) == [("deezer", "tempo_bpm", "136.2")]


def values_not_sent(home: Home) -> list[tuple[str, str, str]]:
    """Values in silver that the reader of their provider does not find in the answer that they name."""
    readers = {provider.profile.name: provider for provider in all_providers()}
    rows = home.run("query", "SELECT * FROM silver.observation WHERE value IS NOT NULL", "--format", "json").document
    assert {row["provider"] for row in rows} == set(PROVIDERS)
    lost = []
    with open_app(home.path, progress=RecordedProgress()) as app:
        loads = app.core.ledger.loads.find()
        for row in rows:
            stored = app.core.answer_files.answer(loads, UUID(row["answer_id"]))
            assert stored
            findings = readers[row["provider"]].read(stored.question, stored.answer).findings
            said = {(str(one.entity_id), one.field, one.value, one.match, one.signal) for one in findings}
            if (row["entity_id"], row["field"], row["value"], row["match"], row["signal"]) not in said:
                lost.append((row["provider"], row["field"], row["value"]))
    return lost


def change_a_byte(home: Home, *, of: str, before: bytes, after: bytes) -> None:
    """In what a provider sent, as bronze has it."""
    for path in (home.path / "bronze" / "provider_answer").glob("*.parquet"):
        table = pq.read_table(path)
        bodies = [
            body.replace(before, after) if provider == of else body
            for provider, body in zip(table["provider"].to_pylist(), table["body"].to_pylist(), strict=True)
        ]
        place = table.schema.get_field_index("body")
        path.chmod(0o600)
        pq.write_table(table.set_column(place, table.schema.field(place), pa.array(bodies, pa.binary())), path)


def test_the_provenance_of_an_entity_is_a_document_of_prov(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    assert home.run("lock", "set", SO_WHAT, "key", "5A", "--reason", "heard").status == 0
    assert home.run("build").status == 0
    document = home.run("provenance", SO_WHAT).document
    things = {section: document[section] for section in ("entity", "activity", "agent")}
    names = {name for section in things.values() for name in section}
    prefixes = set(document["prefix"]) | {"prov", "xsd"}
    assert {name.partition(":")[0] for name in names} <= prefixes
    relations = {name: document[name] for name in document.keys() - things.keys() - {"prefix"}}
    assert {"hadMember", "used", "wasAssociatedWith", "wasDerivedFrom", "wasGeneratedBy"} <= relations.keys()
    for relation in (one for several in relations.values() for one in several.values()):
        assert {text for key, text in relation.items() if key != "prov:time"} <= names
    values = {one["liner:field"].partition(".")[2]: one for one in things["entity"].values() if "liner:field" in one}
    (entity,) = {one["prov:collection"].removeprefix("uuid:") for one in relations["hadMember"].values()}
    rows = home.run("query", f"SELECT * FROM silver.decision WHERE entity_id = '{entity}'", "--format", "json").document
    assert {name: one["prov:value"] for name, one in values.items()} == {row["field"]: row["value"] for row in rows}
    assert values["key"]["liner:reason"] == "heard"


@pytest.mark.proves("A replay decides offline, and by the same rules byte for byte the same")
def test_a_replay_is_identical_and_another_policy_shows_its_diff_first(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    offline = {"PYTHONPATH": f"{closed_sockets(tmp_path)}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    verified = home.run("replay", "--verify", "--json", env=offline, program=PROGRAM)
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


def test_replays_are_queued_and_worked_off(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    before = decisions(home)
    answer = home.run("explain", SO_WHAT, "tempo_bpm", "--json").document["evidence"]["answer_id"]
    last = next(run for run in home.run("runs", "--json").document if run["use_case"] == "build")["run_id"]
    assert home.run("replays", "add", answer, "--reason", "a reader was wrong").status == 0
    assert home.run("replays", "add", answer, "--layer", "gold", "--run", last).status == 0
    unknown = home.run("replays", "add", str(UUID(int=7)))
    assert (unknown.status, "bronze has no answer" in unknown.stderr) == (2, True)
    done = home.run("replays", "run", "--json").document
    assert [(one["status"], one["use_historical_config"]) for one in done] == [("done", False), ("done", True)]
    assert all("decides 1 entity by policy" in one["outcome"] for one in done)
    assert home.run("replays", "list", "--json").document == done
    assert home.run("replays", "run", "--json").document == []
    assert home.run("build").status == 0
    assert decisions(home) == before
    assert home.run("replay", "--verify").status == 0


def test_two_policies_decide_side_by_side_and_are_compared(enriched: Home, tmp_path: Path) -> None:
    home = enriched.copy(tmp_path / "home")
    classic = home.run("policy", "activate", "classic", "--share", "0.5", "--json").document["version"]
    assert home.run("build").status == 0
    rows = home.run("query", "SELECT * FROM silver.decision WHERE NOT is_locked", "--format", "json").document
    halves = [(int(UUID(row["entity_id"]).hex[-8:], 16) < 2**31, row["policy"] == classic) for row in rows]
    assert set(halves) == {(True, True), (False, False)}
    found = home.run("policy", "compare", "--json").document
    assert (found["share"], found["in_share"]) == (0.5, classic)
    for half in (True, False):
        decided = sum(one["decided"] for one in found["fields"] if one["is_in_share"] is half)
        assert decided == halves.count((half, half))
    assert "others agree" in home.run("policy", "compare").stdout
    assert home.run("replay", "--verify").status == 0


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
    assert decisions(home)[SO_WHAT_TEMPO] == {(None, "person")}
    known = home.run("query", "SELECT DISTINCT field FROM silver.known_value", "--format", "json").document
    assert {"field": "tempo_bpm"} not in known
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
    assert decisions(home)["release", "release_date"] == {(None, "person")}


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
