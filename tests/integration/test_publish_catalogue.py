"""What our own catalogue file holds, and how its folder behaves."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest

from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.destinations.sqlite.tables import LOADS, PARENTS, TABLES, key_of
from linernotes.domain.entities import EntityType, entity_id
from linernotes.domain.validation import Check
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.destinations import Scope, ScopeKind, TableChange
from tests.destinations import Case, query
from tests.fakes.progress import RecordedProgress
from tests.silver_rows import (
    KNOCKIN_BOOTS,
    LOAD,
    NEXT_LOAD,
    PROFOUND_SOUNDS,
    STOCKHOLM,
    SilverLake,
    artist,
    child,
    from_load,
    joined,
    label,
    release,
    release_group,
)

TODAY = date(2026, 3, 1)


@pytest.fixture
def catalogue(own: Case) -> Iterator[sqlite3.Connection]:
    """A published catalogue of the three first releases of Discogs, open for reading."""
    own.lake.save(1, STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
    with closing(sqlite3.connect(f"file:{own.promote(1).location}?mode=ro", uri=True)) as connection:
        yield connection


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[tuple[object, ...]]:
    return connection.execute(sql, values).fetchall()


# Content


def test_a_track_has_its_place_and_its_origin(catalogue: sqlite3.Connection) -> None:
    (track,) = rows(
        catalogue,
        "SELECT t.release_id, t.track_number, t.sub_track_number, t.kind, t.position, t.title, t.duration,"
        " t.duration_ms, t.record_id, l.source, l.uuid"
        " FROM track AS t JOIN load AS l ON l.id = t.load_id WHERE t.title = 'Östermalm'",
    )
    assert track == (1, 1, 0, "track", "1", "Östermalm", "5:00", 300_000, 1, "discogs", LOAD)


def test_an_entity_carries_its_uuid_once(catalogue: sqlite3.Connection) -> None:
    uuid = str(entity_id(EntityType.ARTIST, "discogs", "1"))
    assert rows(catalogue, "SELECT id, name FROM artist WHERE uuid = ?", uuid) == [(1, "The Persuader")]


def test_a_reference_out_of_the_catalogue_keeps_its_id_and_name(catalogue: sqlite3.Connection) -> None:
    named = rows(catalogue, "SELECT artist_id, artist_record_id, artist_name, role FROM release_credit")
    assert named == [(None, 239, "Jesper Dahlbäck", "Music By")]
    assert rows(catalogue, "SELECT release_group_id, release_group_record_id FROM release WHERE id = 1") == [
        (None, 1660109)
    ]


def test_a_reference_within_it_is_a_key(catalogue: sqlite3.Connection) -> None:
    assert rows(
        catalogue, "SELECT a.name FROM artist_credit JOIN artist AS a ON a.id = artist_id WHERE release_id = 3"
    ) == [("Josh Wink",)]
    assert rows(catalogue, "SELECT release_group_id FROM release WHERE id = 3") == [(66526,)]
    assert rows(catalogue, "SELECT main_release_id FROM release_group") == [(3,)]


def test_no_reference_leads_nowhere(catalogue: sqlite3.Connection) -> None:
    assert rows(catalogue, "PRAGMA foreign_key_check") == []


def test_the_file_is_sound_and_needs_no_wal(catalogue: sqlite3.Connection) -> None:
    assert rows(catalogue, "PRAGMA integrity_check") == [("ok",)]
    assert rows(catalogue, "PRAGMA journal_mode") == [("delete",)]


def test_the_file_says_what_it_is(catalogue: sqlite3.Connection, own: Case) -> None:
    staged = own.destination.staged()
    assert staged
    ((publication_id, snapshot, scope, licence),) = rows(
        catalogue, "SELECT id, snapshot_id, scope, licence FROM publication"
    )
    assert (publication_id, snapshot, scope) == (str(staged.publication_id), 1, "all")
    assert "CC0" in str(licence)


def test_albums_are_release_groups_and_releases_without_one(catalogue: sqlite3.Connection) -> None:
    assert rows(catalogue, "SELECT id, title, artist_id, artist, year FROM albums ORDER BY id") == [
        (-2, "Knockin' Boots (Vol 2 Of 2)", 2, "Mr. James Barth & A.D.", 1998),
        (-1, "Stockholm", 1, "The Persuader", 1999),
        (66526, "Profound Sounds Vol. 1", 3, "Josh Wink", 1999),
    ]


def test_a_song_is_by_its_own_artists_else_by_those_of_its_release(catalogue: sqlite3.Connection) -> None:
    songs = rows(catalogue, "SELECT title, artist, album, album_id, year, duration FROM songs ORDER BY id")
    assert songs[0] == ("Östermalm", "The Persuader", "Stockholm", -1, 1999, 300)
    assert songs[-1] == ("Untitled 8", "Heiko Laux & Johannes Heil", "Profound Sounds Vol. 1", 66526, 1999, 300)


@pytest.mark.parametrize("view", ["artists", "albums", "songs"])
def test_a_row_of_a_view_is_found_by_its_id_without_a_scan(catalogue: sqlite3.Connection, view: str) -> None:
    plan = [str(step[3]) for step in rows(catalogue, f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE id = -1")]
    tables = {"artist", "release", "release_group", "track", "g", "r", "t"}
    assert not [step for step in plan if step.startswith("SCAN") and step.split()[1] in tables]


def test_headings_and_index_tracks_are_no_songs(own: Case) -> None:
    place = {"track_number": 2, "sub_track_number": 0, "title": "Side B", "position": None}
    own.lake.save(1, STOCKHOLM, child("track", 1, **{**place, "track_number": 9, "kind": "heading"}))
    own.promote(1)
    assert "Side B" not in own.read()["songs"]
    path = Path(own.promote().location)
    assert query(path, "SELECT recording_id FROM track WHERE title = 'Side B'") == [(None,)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("stockholm", {("release", "Stockholm")}),
        ("oster*", {("track", "Östermalm")}),
        ("PERSUADER", {("artist", "The Persuader")}),
        ("svek", {("label", "Svek")}),
        ('"profound sounds"', {("release", "Profound Sounds Vol. 1")}),
        ("knockin boots", {("release", "Knockin' Boots (Vol 2 Of 2)")}),
        ("nothing", set()),
    ],
)
def test_names_are_found_whatever_their_case_and_accents(
    catalogue: sqlite3.Connection, words: str, names: set[tuple[str, str]]
) -> None:
    found = rows(catalogue, "SELECT entity_type, name FROM search WHERE search MATCH ? ORDER BY rank", words)
    assert set(found) == names


def test_what_is_found_leads_to_its_entity(catalogue: sqlite3.Connection) -> None:
    ((track_id,),) = rows(catalogue, "SELECT entity_id FROM search WHERE search MATCH 'vasastaden'")
    assert rows(catalogue, "SELECT title FROM track WHERE id = ?", track_id) == [("Vasastaden",)]


def test_a_found_entry_is_read_without_a_scan(own: Case) -> None:
    many = [joined(artist(n, f"Artist {n}"), label(n, f"Label {n}"), release(n, f"Release {n}")) for n in range(1, 101)]
    own.lake.save(1, *many)
    path = Path(own.promote(1).location)
    plan = [str(step[3]) for step in query(path, "EXPLAIN QUERY PLAN SELECT * FROM search_entry WHERE id = 5")]
    assert [step for step in plan if step.startswith("SCAN")] == ["SCAN search_entry"]


def test_every_reference_but_the_load_has_an_index(catalogue: sqlite3.Connection) -> None:
    missing = set()
    for table in TABLES:
        leading = {key_of(table)[0]} if table not in PARENTS else set()
        for (index,) in rows(catalogue, "SELECT name FROM pragma_index_list(?)", table):
            leading.add(str(rows(catalogue, "SELECT name FROM pragma_index_info(?) WHERE seqno = 0", index)[0][0]))
        for (column,) in rows(catalogue, 'SELECT "from" FROM pragma_foreign_key_list(?) WHERE seq = 0', table):
            if column not in {*LOADS, *leading}:
                missing.add((table, column))
    assert missing == set()


def test_addresses_too_large_for_one_number_stay_apart(own: Case) -> None:
    places = [(5000, 0), (1, 300), (4095, 255), (4096, 0)]
    tracks = [
        child(
            "track",
            1,
            track_number=number,
            sub_track_number=sub,
            kind="sub_track",
            title=f"{number}.{sub}",
            position="",
        )
        for number, sub in places
    ]
    own.lake.save(1, artist(1), release(1, "Stockholm", artists=[1]), *tracks)
    own.lake.save(2, artist(1), release(1, "Stockholm", artists=[1]))
    path = Path(own.promote(1).location)
    assert len({key for (key,) in query(path, "SELECT id FROM track")}) == len(places)
    assert query(path, "SELECT count(*) FROM search WHERE search MATCH '5000'") == [(1,)]


def test_a_record_of_an_unknown_source_is_refused_by_name(own: Case) -> None:
    own.lake.save(1, {"artist": [{**artist(1)["artist"][0], "source": "somewhere"}]})
    with pytest.raises(FatalError, match="artist somewhere 1"):
        own.stage()


def test_the_order_of_silver_does_not_matter(own: Case, tmp_path: Path, silver: SilverLake) -> None:
    everything = joined(STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
    own.lake.save(1, everything)
    silver.save(2, {table: list(reversed(part)) for table, part in everything.items()})
    other = OwnFile(folder=tmp_path / "other", lake=silver.at, progress=RecordedProgress())
    first, second = own.stage(1), other.stage(own.request(2))
    assert dump(Path(first.location)) == dump(Path(second.location))


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order of the file, but for what names the publication."""
    tables = [name for (name,) in query(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {str(name): query(path, f'SELECT * FROM "{name}"') for name in tables if name != "publication"}


@pytest.mark.parametrize(
    ("scope", "albums"),
    [
        (Scope(kind=ScopeKind.FILTER, genres=("jazz", "electronic")), {"Stockholm", "Profound Sounds Vol. 1"}),
        (Scope(kind=ScopeKind.FILTER, genres=("Jazz",)), set()),
        (Scope(kind=ScopeKind.FILTER, styles=("DEEP HOUSE",)), {"Stockholm"}),
        (Scope(kind=ScopeKind.FILTER, labels=("svek",)), {"Stockholm"}),
        (Scope(kind=ScopeKind.FILTER, artists=("josh wink",)), {"Profound Sounds Vol. 1"}),
        (Scope(kind=ScopeKind.FILTER, artists=("Heiko Laux",)), {"Profound Sounds Vol. 1"}),
        (Scope(kind=ScopeKind.FILTER, countries=("US",), first_year=1999, last_year=1999), {"Profound Sounds Vol. 1"}),
        (Scope(kind=ScopeKind.FILTER, last_year=1998), set()),
        (Scope(kind=ScopeKind.FILTER, artists=("'; DROP TABLE x; --",)), set()),
    ],
)
def test_a_filter_chooses_by_each_of_its_fields(own: Case, scope: Scope, albums: set[str]) -> None:
    own.lake.save(1, STOCKHOLM, PROFOUND_SOUNDS, child("style", 1, entity_type="release", style="Deep House"))
    own.stage(scope=scope)
    own.promote()
    assert own.read()["albums"] == albums


def test_a_filter_brings_whom_the_releases_name_and_nobody_else(own: Case) -> None:
    own.lake.save(
        1, joined(STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS, artist(239), artist(5), label(6, "Ruffhouse Records"))
    )
    own.stage(scope=Scope(kind=ScopeKind.FILTER, first_year=1999, countries=("Sweden",)))
    path = Path(own.promote().location)
    assert own.read()["artists"] == {"The Persuader", "Jesper Dahlbäck"}
    assert query(path, "SELECT name FROM label") == [("Svek",)]


def test_a_lake_without_silver_is_told_as_such(tmp_path: Path) -> None:
    destination = OwnFile(
        folder=tmp_path, lake=lambda _: duckdb.connect("", config={"threads": "1"}), progress=RecordedProgress()
    )
    case = Case(destination, SilverLake(tmp_path), dict, "artist")
    with pytest.raises(FatalError, match="cannot read snapshot 7 of the lake"):
        case.stage(7)


def test_a_record_twice_in_silver_stops_the_staging(own: Case) -> None:
    own.lake.save(1, artist(1), artist(1))
    with pytest.raises(FatalError, match=r"cannot write .* UNIQUE"):
        own.stage()
    assert own.destination.staged() is None


# Changes


def test_a_load_that_was_withdrawn_changes_no_row_of_another(own: Case) -> None:
    own.lake.save(1, artist(1), from_load(NEXT_LOAD, artist(2)))
    own.lake.save(2, from_load(NEXT_LOAD, artist(2)))
    path = Path(own.promote(1).location)
    assert query(path, "SELECT id, load_id FROM artist") == [(1, 1), (2, 2)]
    assert own.promote(2).changes["artist"] == TableChange(removed=1)
    assert query(path, "SELECT id, load_id FROM artist") == [(2, 1)]


def test_a_value_from_another_load_is_a_change(own: Case) -> None:
    own.lake.save(1, artist(1), artist(2))
    own.lake.save(2, artist(1), from_load(NEXT_LOAD, artist(2)))
    own.promote(1)
    assert own.promote(2).changes["artist"] == TableChange(changed=1)


def test_changes_of_rows_with_several_kinds_of_parents_are_counted(own: Case) -> None:
    groups = release_group(66526, "Profound Sounds Vol. 1", artists=[3])
    own.lake.save(1, groups, release(3, "Profound Sounds Vol. 1", artists=[3, 4]))
    own.lake.save(2, groups, release(3, "Profound Sounds Vol. 1", artists=[5], genres=["Electronic", "Jazz"]))
    own.promote(1)
    changes = own.promote(2).changes
    assert changes["artist_credit"] == TableChange(changed=1, removed=1)
    assert changes["genre"] == TableChange(added=1)


# The folder


def test_the_pointer_leads_to_the_generation(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    pointer = Path(own.promote(1).location)
    assert pointer.is_symlink()
    assert pointer.resolve().name.startswith("catalogue-2026")


def test_a_promoted_generation_cannot_be_written_by_accident(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    path = Path(own.promote(1).location).resolve()
    assert path.stat().st_mode & 0o222 == 0


def test_who_has_a_former_generation_open_reads_on(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    own.lake.save(2, KNOCKIN_BOOTS)
    with closing(sqlite3.connect(own.promote(1).location)) as reader:
        own.promote(2)
        own.destination.retain(0)
        assert rows(reader, "SELECT name FROM artists") == [("The Persuader",)]
    assert own.read()["artists"] == {"Mr. James Barth & A.D."}


def test_staging_replaces_what_was_staged_and_leaves_nothing_else(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    own.lake.save(2, KNOCKIN_BOOTS)
    first = own.stage(1)
    second = own.stage(2)
    staging = Path(second.location).parent
    assert not Path(first.location).exists()
    assert sorted(path.suffix for path in staging.iterdir()) == [".db", ".json"]


def test_a_file_system_without_symbolic_links_gets_a_second_name(tmp_path: Path, silver: SilverLake) -> None:
    def refuse(link: Path, target: Path) -> None:
        raise PermissionError(f"{link} cannot lead to {target}")

    folder = tmp_path / "production"
    destination = OwnFile(folder=folder, lake=silver.at, progress=RecordedProgress(), make_link=refuse)
    case = Case(destination, silver, dict, "artist")
    silver.save(1, STOCKHOLM)
    silver.save(2, KNOCKIN_BOOTS)
    case.promote(1)
    case.promote(2)
    assert not (folder / "catalogue.db").is_symlink()
    assert query(folder / "catalogue.db", "SELECT name FROM artists") == [("Mr. James Barth & A.D.",)]
    case.roll_back()
    assert query(folder / "catalogue.db", "SELECT name FROM artists") == [("The Persuader",)]


def test_without_the_note_of_the_last_switch_the_older_generation_is_the_former(own: Case, tmp_path: Path) -> None:
    own.lake.save(1, STOCKHOLM)
    own.lake.save(2, KNOCKIN_BOOTS)
    own.promote(1)
    own.promote(2)
    (tmp_path / "production" / "switch.json").write_text("no json", encoding="utf-8")
    own.roll_back()
    assert own.read()["artists"] == {"The Persuader"}


def test_a_promoted_generation_is_never_repaired(own: Case) -> None:
    own.lake.save(1, STOCKHOLM, release(2, "Knockin' Boots (Vol 2 Of 2)"))
    own.promote(1)
    with pytest.raises(WrongUsageError, match="in production already"):
        own.destination.repair(dry_run=False)


def test_a_damaged_staged_file_is_told_as_such(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    path = Path(own.stage().location)
    ((page,),) = query(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'track_title'")
    with path.open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(b"\xff" * 4096)
    (damage,) = own.destination.measure(today=TODAY)
    assert damage.check is Check.INTEGRITY
    assert damage.examples


# Checks and repairs


def test_what_the_source_says_wrongly_is_found_and_kept(own: Case) -> None:
    repeated = [
        child("source_identifier", 1, position=n, type="Barcode", value="5099902894225", description=None)
        for n in (1, 2, 3)
    ]
    own.lake.save(1, STOCKHOLM, release(2, "No tracks", artists=[1], released="1999-13-01"), *repeated)
    own.stage()
    counts = {(each.check, each.table): each.count for each in own.destination.measure(today=TODAY) if each.count}
    assert counts == {
        (Check.WITHOUT_TRACK, "release"): 1,
        (Check.REPEATED_IDENTIFIER, "identifier"): 2,
        (Check.MISSING_REFERENCE, "release"): 1,
        (Check.MISSING_REFERENCE, "release_credit"): 1,
        (Check.IMPOSSIBLE_DATE, "release"): 1,
    }


def test_examples_are_few_and_name_the_record(own: Case) -> None:
    own.lake.save(1, *[release(number, f"Release {number}") for number in range(1, 10)])
    own.stage()
    (orphans,) = [
        each for each in own.destination.measure(today=TODAY) if each.check is Check.WITHOUT_ARTIST and each.count
    ]
    assert orphans.count == 9
    assert orphans.examples == tuple(f"release {number}: Release {number}" for number in range(1, 6))


def test_a_reference_that_leads_nowhere_is_found(own: Case) -> None:
    own.lake.save(1, STOCKHOLM)
    with closing(sqlite3.connect(own.stage().location)) as connection:
        connection.execute("DELETE FROM release")
        connection.commit()
    found = {each.check: each.count for each in own.destination.measure(today=TODAY) if each.table == "track"}
    assert found[Check.FOREIGN_KEY] == 3
    assert found[Check.WITHOUT_ALBUM] == 3


def test_a_repair_lists_every_row_that_went_and_every_reference_that_was_cleared(own: Case) -> None:
    orphan = release_group(66526, "Profound Sounds Vol. 1")
    member = release(3, "Profound Sounds Vol. 1", artists=[3], tracks=["Untitled 8"], release_group_record_id="66526")
    lost = release(2, "Knockin' Boots (Vol 2 Of 2)", tracks=["Dutchmaster"])
    own.lake.save(1, artist(3), orphan, member, lost)
    own.stage()
    repairs = own.destination.repair(dry_run=False)
    assert {(each.table, each.key, each.action) for each in repairs} == {
        ("release_group", "66526", "removed"),
        ("release", "3", "cleared"),
        ("release", "2", "removed"),
        ("track", str(2 * 2**20 + 256), "removed"),
        ("recording", str(2 * 2**20 + 256), "removed"),
        ("genre", "2/1", "removed"),
    }
    assert {each.reason for each in repairs if each.table in {"release_group"} or each.key == "2"} == {
        "nobody is credited for it"
    }


def test_after_a_repair_the_rows_and_the_search_are_those_that_are_left(own: Case) -> None:
    own.lake.save(1, STOCKHOLM, release(2, "Knockin' Boots (Vol 2 Of 2)", tracks=["Dutchmaster"]))
    before = own.stage()
    own.destination.repair(dry_run=False)
    after = own.destination.staged()
    assert after
    assert (before.rows["track"], after.rows["track"]) == (4, 3)
    path = Path(own.promote().location)
    assert query(path, "SELECT count(*) FROM search WHERE search MATCH 'dutchmaster OR boots'") == [(0,)]
    assert query(path, "SELECT count(*) FROM search WHERE search MATCH 'vasastaden'") == [(1,)]


def test_of_repeated_identifiers_the_first_stays(own: Case) -> None:
    values = [(1, "Barcode", "5099902894225"), (2, "Barcode", "5099902894225"), (3, "Other", "5099902894225")]
    own.lake.save(1, STOCKHOLM, *[child("source_identifier", 1, position=n, type=t, value=v) for n, t, v in values])
    own.stage()
    own.destination.repair(dry_run=False)
    path = Path(own.promote().location)
    assert query(path, "SELECT position, type FROM identifier") == [(1, "Barcode"), (3, "Other")]
