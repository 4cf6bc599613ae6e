"""What two sources have is published once: one row, one list, and who said what."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from linernotes.destinations.sqlite.tables import TABLES
from linernotes.domain.entities import EntityType, entity_id
from linernotes.ports.destinations import Scope, ScopeKind
from tests.destinations import Case
from tests.silver_rows import (
    LOAD,
    NEXT_LOAD,
    STOCKHOLM,
    Row,
    Rows,
    artist,
    child,
    from_load,
    joined,
    label,
    release,
    release_group,
)

pytestmark = pytest.mark.proves("What two sources have is one row, with who said what")
LEADS = 67_108_864
"""What keys of MusicBrainz begin at."""
PERSUADER, SVEK, STOCKHOLM_ID = LEADS + 101, LEADS + 105, LEADS + 111


def musicbrainz(rows: Rows) -> Rows:
    """The same rows, as MusicBrainz has them: with ids of its own, and with recordings that stand for themselves."""
    own = {table: [_of_musicbrainz(table, row) for row in part] for table, part in rows.items() if table != "recording"}
    for track in own.get("track", ()):
        track["recording_record_id"] = f"20{track['track_number']}"
    recordings = [
        {
            "source": "musicbrainz",
            "record_id": track["recording_record_id"],
            "recording_id": _new_id("recording", track),
        }
        for track in own.get("track", ())
    ]
    return from_load(NEXT_LOAD, {**own, "source_recording": recordings})


def _of_musicbrainz(table: str, row: Row) -> dict[str, object]:
    ids = {f"{table}_id": _new_id(table, row)} if f"{table}_id" in row else {}
    return {**row, "source": "musicbrainz", **ids}


def _new_id(table: str, row: Row) -> str:
    record_id = row["recording_record_id"] if table == "recording" else row["record_id"]
    return str(entity_id(EntityType(table), "musicbrainz", str(record_id)))


def match(entity_type: str, record_id: int, other_record_id: int, band: str = "match") -> Rows:
    """A record of MusicBrainz and one of Discogs."""
    pair = {"source": "musicbrainz", "record_id": str(record_id), "load_id": LOAD, "other_source": "discogs"}
    return {f"{entity_type}_match": [{**pair, "other_record_id": str(other_record_id), "band": band}]}


THEIRS = musicbrainz(
    joined(
        artist(101, "The Persuader", sort_name="Persuader, The", type="Person", homonym_number=None),
        label(105, "Svek", type="Original Production"),
        release(
            111, "Stockholm", tracks=["Östermalm", "Vasastaden"], labels=[(105, "Svek", "SK 032")], genres=(),
            status="Official", released="1999",
        ),
        {"artist_credit": child("artist_credit", 111, entity_type="release", artist_record_id="101",
                                artist_name="The Persuader", credited_name="The Persuader")["artist_credit"]},
        child("artist_alias", 101, kind="name_variation", name="Persuader"),
        child("source_identifier", 111, type="MBID", value="5f9e1b0f", value_key="5f9e1b0f"),
    )
)  # fmt: skip
OURS = joined(
    STOCKHOLM,
    child("artist_alias", 1, kind="name_variation", name="Persuader"),
    child("artist_alias", 1, kind="name_variation", name="The Pursuader", position=2),
    child("source_identifier", 1, type="Matrix / Runout", value="MPO SK 032 A1"),
    {"medium": [{"source": "discogs", "record_id": "1", "load_id": LOAD, "medium_number": 1, "format": "Vinyl"}]},
)
MATCHES = joined(match("artist", 101, 1), match("label", 105, 5), match("release", 111, 1))


@pytest.fixture
def both(own: Case) -> Iterator[sqlite3.Connection]:
    """A catalogue of the first release of Discogs, which MusicBrainz has, too."""
    own.lake.save(1, OURS, THEIRS, MATCHES)
    with closing(sqlite3.connect(f"file:{own.promote(1).location}?mode=ro", uri=True)) as connection:
        yield connection


def rows(connection: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_what_both_have_is_one_row_with_the_key_of_the_one_that_leads(both: sqlite3.Connection) -> None:
    assert rows(both, "SELECT id, uuid, sort_name, record_id FROM artist") == [
        (PERSUADER, str(entity_id(EntityType.ARTIST, "musicbrainz", "101")), "Persuader, The", 101)
    ]
    assert rows(both, "SELECT id FROM label") == [(SVEK,)]
    assert rows(both, "SELECT id, status, released, released_year FROM release") == [
        (STOCKHOLM_ID, "Official", "1999", 1999)
    ]


def test_a_value_that_only_the_other_has_is_taken_from_it(both: sqlite3.Connection) -> None:
    assert rows(both, "SELECT country FROM release") == [("Sweden",)]
    assert rows(
        both,
        "SELECT d.value, l.source, d.record_id, d.other_value, o.source, d.other_record_id FROM decision AS d"
        " JOIN load AS l ON l.id = d.load_id JOIN load AS o ON o.id = d.other_load_id"
        " WHERE d.release_id IS NOT NULL AND d.field = 'country'",
    ) == [("Sweden", "discogs", 1, None, "musicbrainz", 111)]


def test_what_the_other_says_otherwise_is_told(both: sqlite3.Connection) -> None:
    said = rows(both, "SELECT field, value, other_value FROM decision WHERE release_id IS NOT NULL ORDER BY position")
    assert said == [
        ("status", "Official", "Accepted"),
        ("country", "Sweden", None),
        ("released", "1999", "1999-03-00"),
        ("release_group", "1660109", None),
    ]


def test_the_same_said_in_other_words_is_no_difference(own: Case) -> None:
    ours = joined(STOCKHOLM, release_group(1660109, "Stockholm", artists=[1], main_release_record_id="1"))
    theirs = joined(
        THEIRS,
        musicbrainz(release_group(121, "Stockholm")),
        {"release": [{**THEIRS["release"][0], "released": "1999-03", "released_month": 3}]},
    )
    theirs = {**theirs, "release": [{**theirs["release"][1], "release_group_record_id": "121"}]}
    own.lake.save(1, ours, theirs, MATCHES, match("release_group", 121, 1660109))
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT field FROM decision WHERE release_id IS NOT NULL ORDER BY position") == [
        ("status",), ("country",)
    ]  # fmt: skip
    assert query_at(path, "SELECT value, record_id FROM decision WHERE field = 'main_release'") == [
        (str(STOCKHOLM_ID), 1660109)
    ]
    assert query_at(path, "SELECT id, main_release_id FROM release_group") == [(LEADS + 121, STOCKHOLM_ID)]
    assert query_at(path, "SELECT release_group_id FROM release") == [(LEADS + 121,)]


def test_the_record_that_follows_is_named(both: sqlite3.Connection) -> None:
    assert rows(both, "SELECT artist_id, label_id, release_id, record_id FROM other_record ORDER BY record_id, 1") == [
        (None, None, STOCKHOLM_ID, 1),
        (PERSUADER, None, None, 1),
        (None, SVEK, None, 5),
    ]
    assert rows(both, "SELECT discogs_id FROM artists") == [(1,)]
    assert rows(both, "SELECT DISTINCT discogs_release_id FROM songs") == [(1,)]


def test_tracks_come_from_the_one_that_leads_and_genres_from_the_other(both: sqlite3.Connection) -> None:
    assert rows(both, "SELECT release_id, title, record_id FROM track ORDER BY id") == [
        (STOCKHOLM_ID, "Östermalm", 111),
        (STOCKHOLM_ID, "Vasastaden", 111),
    ]
    assert rows(both, "SELECT count(*) FROM medium") == [(0,)]
    assert rows(both, "SELECT release_id, genre, record_id FROM genre") == [(STOCKHOLM_ID, "Electronic", 1)]
    assert rows(both, "SELECT release_id, label_id, catalogue_number FROM release_label") == [
        (STOCKHOLM_ID, SVEK, "SK 032")
    ]


def test_a_list_that_the_one_that_leads_lacks_comes_from_the_other(own: Case) -> None:
    without = {table: part for table, part in THEIRS.items() if table not in {"track", "release_label"}}
    own.lake.save(1, OURS, without, MATCHES)
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT release_id, title FROM track ORDER BY id") == [
        (STOCKHOLM_ID, title) for title in ("Östermalm", "Vasastaden", "Kungsholmen")
    ]
    assert query_at(path, "SELECT count(*) FROM track JOIN recording ON recording.id = track.recording_id") == [(3,)]
    assert query_at(path, "SELECT label_id, catalogue_number FROM release_label") == [(SVEK, "SK032")]
    assert query_at(path, "SELECT release_id, format FROM medium") == [(STOCKHOLM_ID, "Vinyl")]


@pytest.mark.parametrize(
    ("leading", "following", "number"),
    [("Svek", "Svek", "SK 032"), (None, "Svek", "SK032"), ("Svek", None, "SK 032"), (None, None, "SK 032")],
)
def test_a_label_that_is_named_counts_before_one_that_is_not(
    own: Case, leading: str | None, following: str | None, number: str
) -> None:
    ours, theirs = (
        {**side, "release_label": [{**row, "label_name": name} for row in side["release_label"]]}
        for side, name in ((OURS, following), (THEIRS, leading))
    )
    own.lake.save(1, ours, theirs, MATCHES)
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT release_id, position, catalogue_number FROM release_label") == [
        (STOCKHOLM_ID, 1, number)
    ]


def test_names_and_identifiers_go_on_with_what_the_other_has_more(both: sqlite3.Connection) -> None:
    assert rows(both, "SELECT artist_id, position, name, record_id FROM artist_alias") == [
        (PERSUADER, 1, "Persuader", 101),
        (PERSUADER, 3, "The Pursuader", 1),
    ]
    assert rows(both, "SELECT release_id, position, type, record_id FROM identifier") == [
        (STOCKHOLM_ID, 1, "MBID", 111),
        (STOCKHOLM_ID, 2, "Matrix / Runout", 1),
    ]


def test_a_reference_to_the_other_record_leads_to_the_entity(own: Case) -> None:
    own.lake.save(1, OURS, THEIRS, match("artist", 101, 1))
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT release_id, artist_id, artist_record_id FROM artist_credit ORDER BY 1") == [
        (1, PERSUADER, 1),
        (STOCKHOLM_ID, PERSUADER, 101),
    ]


def test_what_may_be_the_same_stays_apart(own: Case) -> None:
    own.lake.save(1, OURS, THEIRS, match("artist", 101, 1, "ambiguous"))
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT id FROM artist ORDER BY id") == [(1,), (PERSUADER,)]
    assert query_at(path, "SELECT discogs_id FROM artists ORDER BY id") == [(1,), (None,)]
    assert (
        query_at(path, "SELECT count(*) FROM decision") == query_at(path, "SELECT count(*) FROM other_record") == [(0,)]
    )


def test_an_id_of_before_leads_to_what_has_it_now(own: Case) -> None:
    was, now = (str(entity_id(EntityType.ARTIST, *record)) for record in (("discogs", "1"), ("musicbrainz", "101")))
    redirect = {"source": "musicbrainz", "record_id": "101", "load_id": LOAD, "entity_type": "artist"}
    gone = {**redirect, "from_id": now, "to_id": str(entity_id(EntityType.ARTIST, "discogs", "999"))}
    matched = {**redirect, "from_id": was, "to_id": now, "reason": "matched"}
    own.lake.save(1, OURS, THEIRS, MATCHES, {"entity_redirect": [matched, {**gone, "reason": "gone"}]})
    path = own.destination.stage(own.request()).location
    assert query_at(path, "SELECT uuid, reason, artist_id FROM redirect") == [(was, "matched", PERSUADER)]


@pytest.mark.parametrize("scope", [Scope(kind=ScopeKind.FILTER, countries=("Sweden",)), Scope()])
def test_a_filter_that_one_record_answers_brings_what_both_say(own: Case, scope: Scope) -> None:
    own.lake.save(1, OURS, THEIRS, MATCHES)
    whole = own.destination.stage(own.request(scope=scope))
    assert whole.rows["release"] == whole.rows["artist"] == whole.rows["label"] == 1
    assert whole.rows["track"] == 2
    assert own.destination.estimate(own.request(scope=Scope(kind=ScopeKind.FILTER, countries=("Sweden",)))).rows == {
        table: whole.rows[table] for table in TABLES
    }


def test_nothing_is_broken(both: sqlite3.Connection) -> None:
    assert rows(both, "PRAGMA foreign_key_check") == []


def query_at(path: str, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return rows(connection, sql)
