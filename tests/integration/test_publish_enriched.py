"""What providers know stands in the catalogue, with who said so; what is not CC0 can be left out."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from linernotes.domain.entities import EntityType, entity_id, track_address
from linernotes.ports.destinations import Scope, ScopeKind, Staged
from tests.destinations import Case, make_mirror, make_site, query
from tests.silver_rows import LOAD, NEXT_LOAD, STOCKHOLM, Rows, SilverLake, joined

ARTIST = entity_id(EntityType.ARTIST, "discogs", "1")
RELEASE = entity_id(EntityType.RELEASE, "discogs", "1")
TRACK = entity_id(EntityType.RECORDING, "discogs", track_address("1", 1))
ELSEWHERE = entity_id(EntityType.RECORDING, "discogs", track_address("999", 1))
AREA = entity_id(EntityType.AREA, "musicbrainz", "1")
ANSWER = "0198a000-0000-7000-8000-0000000000aa"


def decision(of: object, field: str, value: str | None, provider: str, **values: object) -> Rows:
    entity_type, name = field.split(".")
    row = {
        "source": "provider",
        "record_id": f"{provider} {of} {field}",
        "load_id": LOAD,
        "entity_type": entity_type,
        "entity_id": str(of),
        "field": name,
        "value": value,
        "provider": provider,
        "confidence": 0.85,
        "is_contested": False,
        "answer_id": ANSWER,
        "observed_at": "2026-11-01 12:00:00",
    }
    return {"decision": [row | values]}


KNOWN = joined(
    STOCKHOLM,
    decision(TRACK, "recording.tempo_bpm", "126.0", "deezer", is_contested=True),
    decision(TRACK, "recording.key", "8A", "person", answer_id=None, confidence=1),
    decision(TRACK, "recording.isrc", "SEWKZ9900101", "musicbrainz"),
    decision(ELSEWHERE, "recording.tempo_bpm", "99", "deezer"),
    decision(AREA, "area.coordinates", "59.33,18.07", "openweather"),
    decision(ARTIST, "artist.tags", "deep house, techno", "musicbrainz"),
    decision(RELEASE, "release.label", "Svek", "discogs"),
)


def staged(case: Case, scope: Scope | None = None) -> tuple[Staged, Mapping[str, list[tuple[object, ...]]]]:
    """What is staged, and the rows that tell of enrichment."""
    made = case.stage(1, scope)
    path = Path(made.location)
    return made, {
        "values": query(path, "SELECT field, value, provider FROM enriched_value ORDER BY field"),
        "licence": query(path, "SELECT licence FROM publication"),
        "songs": query(path, "SELECT title, tempo_bpm, key, isrc FROM songs ORDER BY track_number"),
    }


RELEASED = "SELECT country, released, released_year, released_month, released_day FROM release WHERE record_id = 1"


def test_what_is_decided_fills_columns_and_what_a_person_says_overrules_them(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    (told,) = query(Path(own.stage(1).location), RELEASED)
    assert told[0] == "Sweden"
    provided = decision(RELEASE, "release.country", "SE", "musicbrainz", is_locked=False)
    dated = decision(RELEASE, "release.release_date", "1999-03", "musicbrainz", is_locked=False)
    own.lake.save(2, joined(STOCKHOLM, provided, dated))
    made = own.stage(2)
    assert query(Path(made.location), RELEASED) == [("Sweden", "1999-03", 1999, 3, None)]
    locked = [
        decision(RELEASE, "release.country", "Norway", "person", is_locked=True),
        decision(RELEASE, "release.release_date", None, "person", is_locked=True),
    ]
    own.lake.save(3, joined(STOCKHOLM, *locked))
    made = own.stage(3)
    assert query(Path(made.location), RELEASED) == [("Norway", None, None, None, None)]
    assert query(Path(made.location), "SELECT field, value FROM enriched_value") == [("country", "Norway")]


def test_values_stand_beside_what_they_are_of(own: Case) -> None:
    own.lake.save(1, KNOWN)
    made, found = staged(own)
    assert found["values"] == [
        ("isrc", "SEWKZ9900101", "musicbrainz"),
        ("key", "8A", "person"),
        ("label", "Svek", "discogs"),
        ("tags", "deep house, techno", "musicbrainz"),
        ("tempo_bpm", "126.0", "deezer"),
    ]
    assert made.rows["enriched_value"] == 5
    assert made.withheld == {}
    assert found["songs"] == [
        ("Östermalm", 126.0, "8A", "SEWKZ9900101"),
        ("Vasastaden", None, None, None),
        ("Kungsholmen", None, None, None),
    ]
    path = Path(made.location)
    assert query(
        path,
        "SELECT r.title, v.confidence, v.is_contested, v.observed_at, v.answer_id FROM enriched_value AS v"
        " JOIN recording AS r ON v.recording_id = r.id WHERE v.field = 'tempo_bpm'",
    ) == [("Östermalm", 0.85, 1, "2026-11-01T12:00:00Z", ANSWER)]
    assert query(path, "SELECT count(*) FROM enriched_value AS v JOIN artist AS a ON v.artist_id = a.id") == [(1,)]
    ((licence,),) = found["licence"]
    assert str(licence).splitlines() == [
        "deezer: proprietary (https://developers.deezer.com/termsofuse)",
        "discogs: CC0; pictures belong to who made them"
        " (https://support.discogs.com/hc/en-us/articles/360009334593-API-Terms-of-Use)",
        "musicbrainz: CC0; genres, tags and their votes CC BY-NC-SA 3.0"
        " (https://musicbrainz.org/doc/About/Data_License)",
    ]


def test_what_is_not_free_is_left_out_and_counted(own: Case) -> None:
    voted = {"source": "musicbrainz", "record_id": "1", "load_id": NEXT_LOAD}
    theirs: Rows = {
        "release": [{**voted, "release_id": str(entity_id(EntityType.RELEASE, "musicbrainz", "1")), "title": "x"}],
        "genre": [{**voted, "entity_type": "release", "position": 1, "genre": "house"}],
    }
    own.lake.save(1, KNOWN, theirs)
    assert staged(own)[0].withheld == {}
    made, found = staged(own, Scope(is_cc0=True))
    assert made.withheld == {"genre": 1, "enriched_value": 2}
    assert own.destination.staged() == made
    assert [field for field, *_ in found["values"]] == ["isrc", "key", "label"]
    assert query(Path(made.location), "SELECT count(*), count(DISTINCT release_id) FROM genre") == [(1, 1)]
    ((licence,),) = found["licence"]
    assert str(licence).startswith("CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/)\ndiscogs: CC0")
    assert "deezer:" not in str(licence)
    assert made.scope.text == "all licence=cc0"


def test_only_what_is_in_scope_brings_its_values(own: Case) -> None:
    own.lake.save(1, KNOWN)
    made, found = staged(own, Scope(kind=ScopeKind.FILTER, countries=("Atlantis",)))
    assert (found["values"], made.rows["enriched_value"]) == ([], 0)
    estimated = own.destination.estimate(own.request(1, Scope(kind=ScopeKind.FILTER, genres=("Electronic",))))
    assert estimated.rows["enriched_value"] == 5


def test_a_catalogue_that_changed_a_value_says_so(own: Case) -> None:
    own.lake.save(1, KNOWN)
    own.lake.save(2, STOCKHOLM, decision(TRACK, "recording.tempo_bpm", "63", "deezer"))
    own.promote(1)
    changes = own.promote(2).changes["enriched_value"]
    assert (changes.added, changes.changed, changes.removed) == (0, 1, 4)


def test_the_database_of_a_site_gets_tempo_and_key(tmp_path: Path, silver: SilverLake) -> None:
    schema = """
        CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT, bpm REAL, musical_key TEXT, isrc TEXT, rating INTEGER);
    """
    site = make_site(tmp_path / "site.sqlite", schema)
    case = Case(make_mirror(tmp_path, silver, str(site)), silver, dict, "songs")
    silver.save(1, KNOWN)
    case.promote(1)
    with closing(sqlite3.connect(site)) as connection:
        assert connection.execute("SELECT title, bpm, musical_key, isrc FROM songs ORDER BY id").fetchall() == [
            ("Östermalm", 126.0, "8A", "SEWKZ9900101"),
            ("Vasastaden", None, None, None),
            ("Kungsholmen", None, None, None),
        ]
