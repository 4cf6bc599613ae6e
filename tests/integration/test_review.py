"""From what a machine leaves open to what a person says of it, and back: queue, sheet, match, catalogue."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from linernotes.sample import write_dumps, write_musicbrainz
from tests.faults.liner import Home
from tests.sheets import fill

Sources = tuple[Path, list[list[str]]]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The folder of Discogs' files, and MusicBrainz' archives of each day."""
    folder = tmp_path_factory.mktemp("dumps")
    write_dumps(folder / "discogs")
    days = write_musicbrainz(folder / "musicbrainz")
    return folder / "discogs", [[part for path in day for part in ("--dump", str(path))] for day in days]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sources: Sources) -> Home:
    """Both sources, built; tests that decide something take a copy."""
    home = Home(tmp_path_factory.mktemp("built") / "home")
    home.run("pull", "discogs", "--from", str(sources[0]), "--month", "2024-11")
    home.run("pull", "musicbrainz", *sources[1][0])
    done = home.run("build")
    assert done.status == 0, done
    return home


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Home:
    return built.copy(tmp_path / "home")


def waiting(home: Home, *arguments: str) -> list[Mapping[str, Any]]:
    listed = home.run("review", "list", "--limit", "1000", "--json", *arguments)
    assert listed.status == 0, listed
    return list(listed.document)


def named(home: Home, name: str) -> Mapping[str, Any]:
    (item,) = (item for item in waiting(home) if item["name"] == name)
    return item


def bands(home: Home, name: str) -> list[tuple[str, str]]:
    asked = home.run(
        "query",
        "--json",
        "SELECT band, basis FROM silver.artist_match AS x JOIN silver.artist AS a ON a.source = x.source"
        f" AND a.record_id = x.record_id WHERE a.name = '{name}' ORDER BY ALL",
    )
    return [(row["band"], row["basis"]) for row in asked.document]


def test_the_queue_holds_what_is_ambiguous_and_what_hangs_on_it(built: Home) -> None:
    items = waiting(built)
    assert {item["entity_type"] for item in items} == {"artist", "label"}
    assert [item["downstream"] for item in items] == sorted((item["downstream"] for item in items), reverse=True)
    eno = named(built, "Brian Eno")
    assert [candidate["name"] for candidate in eno["candidates"]] == ["Brian Eno"]
    assert eno["detail"].startswith("Person, 1948")
    assert waiting(built, "--type", "label") == [item for item in items if item["entity_type"] == "label"]


def test_an_item_is_shown_feature_by_feature(built: Home) -> None:
    eno = named(built, "Brian Eno")
    shown = built.run("review", "show", eno["item_id"]).stdout
    assert "a name of these two only" in shown
    assert "titles unknown" in shown
    parts = built.run("review", "show", eno["item_id"], "--json").document["parts"][0]
    assert round(sum(part["weight"] for part in parts), 4) == eno["candidates"][0]["score"] + 4.0  # and the prior


@pytest.mark.proves("A person's word decides what a machine cannot, and can be taken back")
def test_what_a_person_says_is_true_after_the_next_match_until_it_is_taken_back(home: Home) -> None:
    eno = named(home, "Brian Eno")
    before = waiting(home)
    assert bands(home, "Brian Eno") == [("ambiguous", "score")]
    said = home.run("review", "decide", eno["item_id"], "--same", eno["candidates"][0]["other_source_id"], "--json")
    (judgement,) = said.document["judgements"]
    assert waiting(home) == [item for item in before if item != eno]
    assert home.run("match").status == 0
    assert bands(home, "Brian Eno") == [("match", "judged")]
    assert home.run("build").stdout.startswith("nothing to build")
    in_gold = home.run("query", "--json", "SELECT other_source FROM gold.artist_summary WHERE name = 'Brian Eno'")
    assert [row["other_source"] for row in in_gold.document] == ["discogs"]
    assert home.run("review", "undo", judgement["judgement_id"]).status == 0
    assert home.run("build").status == 0
    assert waiting(home) == before


def written(home: Home, command: str = "build") -> Mapping[str, tuple[int, int, int]]:
    """Run it, and answer how many rows of each model of candidates and matches were new, changed and gone."""
    done = home.run(command, "--json")
    assert done.status == 0, done
    return {
        model["name"]: (model["inserted"], model["updated"], model["deleted"])
        for model in done.document["models"]
        if model["name"].endswith(("_candidate", "_match"))
    }


def test_only_what_a_judgement_or_a_record_changes_is_written(home: Home, sources: Sources) -> None:
    eno = named(home, "Brian Eno")
    home.run("review", "decide", eno["item_id"], "--same", eno["candidates"][0]["other_source_id"])
    judged = written(home)
    assert judged["artist_match"] == (0, 1, 0)
    assert {name for name, rows in judged.items() if any(rows)} == {"artist_match"}
    home.run("pull", "discogs", "--from", str(sources[0]), "--month", "2024-12")
    grown = written(home)
    assert any(any(rows) for rows in grown.values())
    counted = home.run("query", "--json", "SELECT count(*) AS rows FROM silver.artist_match")
    assert sum(grown["artist_match"]) < counted.document[0]["rows"] / 2


@pytest.mark.parametrize("answer", ["--new", "--different"])
def test_what_is_not_the_same_is_asked_no_more(home: Home, answer: str) -> None:
    eno = named(home, "Brian Eno")
    chosen = [eno["candidates"][0]["other_source_id"]] if answer == "--different" else []
    assert home.run("review", "decide", eno["item_id"], answer, *chosen).status == 0
    assert home.run("match").status == 0
    assert bands(home, "Brian Eno") == []
    assert "Brian Eno" not in [item["name"] for item in waiting(home)]


def test_a_judgement_outlives_a_rebuild_and_a_merge_of_its_record(home: Home, sources: Sources) -> None:
    eno = named(home, "Brian Eno")
    home.run("review", "decide", eno["item_id"], "--same", eno["candidates"][0]["other_source_id"])
    shutil.rmtree(home.path / "lake")
    assert home.run("build").status == 0
    assert bands(home, "Brian Eno") == [("match", "judged")]
    home.run("pull", "musicbrainz", *sources[1][1])
    assert home.run("build").status == 0
    assert bands(home, "Brian Eno") == [("match", "judged")]


def test_a_sheet_goes_out_and_comes_back_into_the_published_catalogue(home: Home, tmp_path: Path) -> None:
    sheet = tmp_path / "ambiguous.csv"
    count = len(waiting(home))
    assert home.run("review", "export", str(sheet)).stdout.startswith(f"{count} items in ")
    fill(sheet, {"Brian Eno": "same", "Ralf Hütter": "same", "Bill Evans": "new", "Vertigo": "skip"})
    assert home.run("review", "import", str(sheet), "--dry-run").stdout == "4 judgements would be recorded\n"
    assert len(waiting(home)) == count
    assert home.run("review", "import", str(sheet)).stdout.startswith("4 judgements recorded; `liner build`")
    assert len(waiting(home)) == count - 4
    for command in ("match", "stage", "validate", "promote"):
        done = home.run(command)
        assert done.status == 0, done
    with closing(sqlite3.connect(f"file:{home.path}/production/catalogue.db?mode=ro", uri=True)) as catalogue:
        others = "SELECT count(*) FROM other_record AS o JOIN artist AS a ON o.artist_id = a.id WHERE a.name = ?"
        counted = [catalogue.execute(others, [name]).fetchone()[0] for name in ("Brian Eno", "Bill Evans")]
        assert (counted, catalogue.execute("PRAGMA foreign_key_check").fetchall()) == ([1, 0], [])
    again = home.run("review", "import", str(sheet))
    assert (again.status, again.stdout.split(";")[0]) == (0, "0 judgements recorded")
    fill(sheet, {"Brian Eno": "different"})
    stale = home.run("review", "import", str(sheet))
    assert stale.status == 1
    assert "waits for a person" in stale.stdout
    assert stale.stdout.endswith("nothing was recorded\n")


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(("side", "recorded"), [("before", 0), ("after", 3)])
def test_a_sheet_whose_import_was_killed_is_recorded_whole_or_not_at_all(
    home: Home, tmp_path: Path, side: str, recorded: int
) -> None:
    sheet = tmp_path / "ambiguous.csv"
    home.run("review", "export", str(sheet))
    fill(sheet, {"Brian Eno": "same", "Ralf Hütter": "same", "Bill Evans": "new"})
    assert home.run("review", "import", str(sheet), failpoint=f"ledger.commit.{side}:1").was_killed
    assert len(home.run("review", "log", "--json").document) == recorded
    again = home.run("review", "import", str(sheet))
    assert again.stdout.startswith(f"{3 - recorded} judgements recorded")
    assert len(home.run("review", "log", "--json").document) == 3


def test_statistics_and_the_log_tell_what_people_said(home: Home) -> None:
    eno = named(home, "Brian Eno")
    home.run("review", "decide", eno["item_id"], "--new", "--reason", "another one", "--by", "somebody")
    assert home.run("review", "stats", "--json").document["artist"]["answers"] == {"new": 1}
    assert "new" in home.run("review", "stats").stdout
    (event,) = home.run("review", "log", "--json").document
    assert (event["answer"], event["reason"], event["decided_by"]) == ("new", "another one", "somebody")
    assert "another one" in home.run("review", "log").stdout


def test_a_limit_that_is_set_decides_at_the_next_match(home: Home) -> None:
    assert home.run("match-policy", "set", "artist.review=2", "--dry-run").stdout.endswith("would be in force\n")
    assert home.run("match-policy", "set", "artist.review=2").status == 0
    assert home.run("match").status == 0
    assert {item["entity_type"] for item in waiting(home)} == {"label"}
    assert "limits" in home.run("match-policy", "show").stdout
    shipped = home.run("match-policy", "use", "shipped", "--json").document
    assert shipped["before"] != shipped["after"]
    assert home.run("match-policy", "use", "shipped").stdout.startswith("nothing to change")
    assert len(home.run("match-policy", "show", "--json").document["history"]) == 2
    assert home.run("match-policy", "learn").status == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "--type", "track"], "no type track; types: artist, label, release_group, release"),
        (["decide", "a3a80bad-d22b-5238-be0a-48d88b4236c7"], "say one of --same ID, --different ID, --new, --skip"),
        (["decide", "a3a80bad-d22b-5238-be0a-48d88b4236c7", "--new", "--skip"], "say one of"),
        (["decide", "00000000-0000-5000-8000-000000000000", "--new"], "no item"),
        (["show", "00000000-0000-5000-8000-000000000000"], "no item"),
        (["undo", "00000000-0000-7000-8000-000000000000"], "no judgement"),
    ],
)
def test_what_cannot_be_reviewed_is_told_in_one_line(built: Home, arguments: list[str], message: str) -> None:
    refused = built.run("review", *arguments)
    assert refused.status == 2
    assert message in refused.error


def test_there_is_nothing_to_review_before_the_first_build(tmp_path: Path) -> None:
    refused = Home(tmp_path / "home").run("review", "list")
    assert refused.status == 2
    assert "nothing to review yet; run `liner build` first" in refused.error


@pytest.mark.proves("A person's word decides what a machine cannot, and can be taken back", real=True)
def test_real_records_of_both_sources_go_all_the_way(shared_data: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home", is_counted=False)
    archive = str(shared_data / "musicbrainz" / "mini-mbdump.tar.bz2")
    sources = [["discogs", "--from", str(shared_data / "discogs")], ["musicbrainz", "--dump", archive]]
    for arguments in sources:
        assert home.run("pull", *arguments).status == 0
    assert home.run("build").status == 0
    limits = [f"{entity_type}.review=-11" for entity_type in ("artist", "label", "release_group", "release")]
    assert home.run("match-policy", "set", *limits).status == 0  # these records have hardly anything in common
    assert home.run("match").status == 0
    items = waiting(home)
    assert len(items) >= 20
    sheet = tmp_path / "ambiguous.csv"
    home.run("review", "export", str(sheet))
    fill(sheet, {item["name"]: "same" if at == 0 else "new" for at, item in enumerate(items)})
    assert home.run("review", "import", str(sheet)).status == 0
    for command in ("match", "stage", "validate", "promote"):
        done = home.run(command)
        assert done.status == 0, done
    assert waiting(home) == []
    for arguments in sources:
        assert home.run("pull", *arguments).status == 0
    assert home.run("build").stdout.startswith("nothing to build")
    with closing(sqlite3.connect(f"file:{home.path}/production/catalogue.db?mode=ro", uri=True)) as catalogue:
        assert catalogue.execute("PRAGMA foreign_key_check").fetchall() == []
        assert catalogue.execute("SELECT count(*) FROM other_record").fetchone() == (1,)
