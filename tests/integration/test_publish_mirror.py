"""Publishing into somebody else's file: what is filled, what is kept, and what is refused."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from linernotes.destinations.sqlite.choice import find_file, recall, remember
from linernotes.destinations.sqlite.mirrored_file import MirroredFile
from linernotes.domain.validation import Check, Measurement
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.destinations import TableChange
from tests.destinations import Case, execute, make_mirror, make_site, query
from tests.silver_rows import KNOCKIN_BOOTS, PROFOUND_SOUNDS, STOCKHOLM, SilverLake, artist, joined, release

TODAY = date(2026, 3, 1)
EVERYTHING = joined(STOCKHOLM, KNOCKIN_BOOTS, PROFOUND_SOUNDS)
RATED = """
CREATE TABLE artists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, discogs_id INTEGER, rating INTEGER DEFAULT 3);
INSERT INTO artists (name, discogs_id, rating) VALUES ('somebody', 900, 1), ('persuader', 1, 5);
CREATE TABLE albums (id INTEGER PRIMARY KEY, title TEXT, artist_id INTEGER REFERENCES artists (id));
"""
OWN_NUMBERS = {"artists": {"id": "", "discogs_id": "id"}}


def mirror_of(tmp_path: Path, silver: SilverLake, schema: str, **mapping: dict[str, str]) -> Case:
    """A destination over a file with this schema."""
    path = make_site(tmp_path / "other.db", schema)
    return Case(make_mirror(tmp_path, silver, str(path), mapping), silver, dict, "artists")


def file_of(case: Case) -> Path:
    return Path(case.destination.name.removeprefix("sqlite:"))


def found(case: Case, check: Check) -> list[Measurement]:
    return [each for each in case.destination.measure(today=TODAY) if each.check is check and each.count]


# What is filled and what is kept


def test_the_staged_copy_has_the_schema_of_production(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, EVERYTHING)
    schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
    assert query(Path(mirror.stage().location), schema) == query(site, schema)


def test_tables_that_are_not_ours_are_carried_over_and_never_touched(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, EVERYTHING)
    staged = Path(mirror.stage().location)
    execute(site, "INSERT INTO d1_migrations VALUES (2, '0002_after_staging.sql')")
    mirror.promote()
    assert query(staged, "SELECT * FROM d1_migrations") == [(1, "0001_initial.sql")]
    assert query(site, "SELECT name FROM d1_migrations ORDER BY id") == [
        ("0001_initial.sql",),
        ("0002_after_staging.sql",),
    ]
    assert query(site, "SELECT key, value FROM _cf_KV") == [("version", b"\x01")]


def test_rows_are_linked_to_each_other(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, EVERYTHING)
    mirror.promote(1)
    linked = (
        "SELECT s.title, a.title, p.name FROM songs AS s JOIN albums AS a ON a.id = s.album_id"
        " JOIN artists AS p ON p.id = a.artist_id WHERE s.title = 'Vasastaden'"
    )
    assert query(site, linked) == [("Vasastaden", "Stockholm", "The Persuader")]


def test_what_stands_only_in_the_wal_is_carried_over(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    with closing(sqlite3.connect(site, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("INSERT INTO d1_migrations VALUES (2, 'in the wal')")
        staged = Path(mirror.stage().location)
        assert site.with_name(f"{site.name}-wal").stat().st_size > 0
    assert query(staged, "SELECT name FROM d1_migrations WHERE id = 2") == [("in the wal",)]
    assert query(staged, "PRAGMA journal_mode") == [("delete",)]


def test_the_journal_mode_of_production_stays_as_it_is(mirror: Case, site: Path) -> None:
    execute(site, "PRAGMA journal_mode = WAL")
    mirror.lake.save(1, STOCKHOLM)
    mirror.promote(1)
    assert query(site, "PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize("mode", ["DELETE", "WAL", "TRUNCATE", "PERSIST"])
def test_a_connection_from_before_sees_the_new_rows_without_reopening(mirror: Case, site: Path, mode: str) -> None:
    execute(site, f"PRAGMA journal_mode = {mode}")
    mirror.lake.save(1, STOCKHOLM)
    with closing(sqlite3.connect(site, isolation_level=None)) as reader:
        assert reader.execute("SELECT count(*) FROM artists").fetchone() == (0,)
        mirror.promote(1)
        assert reader.execute("SELECT name FROM artists").fetchall() == [("The Persuader",)]
        mirror.roll_back()
        assert reader.execute("SELECT count(*) FROM artists").fetchone() == (0,)


def test_rows_keep_their_numbers_and_what_others_wrote_on_them(tmp_path: Path, silver: SilverLake) -> None:
    case = mirror_of(tmp_path, silver, RATED, **OWN_NUMBERS)
    silver.save(1, EVERYTHING)
    switch = case.promote(1)
    assert query(file_of(case), "SELECT id, name, discogs_id, rating FROM artists ORDER BY id") == [
        (2, "The Persuader", 1, 5),
        (3, "Mr. James Barth & A.D.", 2, 3),
        (4, "Josh Wink", 3, 3),
    ]
    assert switch.changes["artists"] == TableChange(added=2, changed=1, removed=1)


def test_references_follow_the_numbers_of_the_file(tmp_path: Path, silver: SilverLake) -> None:
    case = mirror_of(tmp_path, silver, RATED, **OWN_NUMBERS)
    silver.save(1, EVERYTHING)
    case.promote(1)
    assert query(file_of(case), "SELECT title, artist_id FROM albums ORDER BY artist_id") == [
        ("Stockholm", 2),
        ("Knockin' Boots (Vol 2 Of 2)", 3),
        ("Profound Sounds Vol. 1", 4),
    ]


def test_staging_twice_gives_the_same_numbers(tmp_path: Path, silver: SilverLake) -> None:
    case = mirror_of(tmp_path, silver, RATED, **OWN_NUMBERS)
    silver.save(1, EVERYTHING)
    case.promote(1)
    case.stage(1)
    assert not case.promote().is_switched


def test_a_column_that_others_changed_after_staging_keeps_the_change(tmp_path: Path, silver: SilverLake) -> None:
    case = mirror_of(tmp_path, silver, RATED, **OWN_NUMBERS)
    silver.save(1, EVERYTHING)
    case.stage()
    execute(file_of(case), "UPDATE artists SET rating = 4 WHERE discogs_id = 1")
    case.promote()
    assert query(file_of(case), "SELECT rating FROM artists WHERE discogs_id = 1") == [(4,)]


def test_tables_and_columns_may_have_any_name(tmp_path: Path, silver: SilverLake) -> None:
    hostile = """
        CREATE TABLE "art""ists; DROP TABLE x" (
            "select" INTEGER PRIMARY KEY, "na'me "" -- " TEXT, [or] TEXT DEFAULT 'o'
        );
        CREATE TABLE "order" ("group" TEXT PRIMARY KEY, "künstler" INTEGER) WITHOUT ROWID;
        CREATE TABLE "keys_artists" (ours TEXT);
    """
    mapping = {
        'art"ists; DROP TABLE x': {"select": "artists.id", "na'me \" -- ": "artists.name"},
        "order": {"group": "albums.title", "künstler": "albums.artist_id"},
    }
    case = mirror_of(tmp_path, silver, hostile, **mapping)
    silver.save(1, STOCKHOLM)
    case.promote(1)
    names = '''SELECT "select", "na'me "" -- ", [or] FROM "art""ists; DROP TABLE x"'''
    assert query(file_of(case), names) == [(1, "The Persuader", "o")]
    assert query(file_of(case), 'SELECT "group", "künstler" FROM "order"') == [("Stockholm", 1)]


def test_a_key_may_be_our_uuid_and_references_follow_it(tmp_path: Path, silver: SilverLake) -> None:
    schema = """
        CREATE TABLE artists (id TEXT PRIMARY KEY, name TEXT) STRICT;
        CREATE TABLE albums (id TEXT PRIMARY KEY, title TEXT, artist_id TEXT REFERENCES artists (id)) STRICT;
    """
    case = mirror_of(tmp_path, silver, schema, artists={"id": "uuid"}, albums={"id": "uuid"})
    silver.save(1, STOCKHOLM)
    case.promote(1)
    joined_up = "SELECT a.title, length(p.id) FROM albums AS a JOIN artists AS p ON p.id = a.artist_id"
    assert query(file_of(case), joined_up) == [("Stockholm", 36)]


def test_triggers_of_the_file_keep_its_search_up_to_date(tmp_path: Path, silver: SilverLake) -> None:
    searchable = """
        CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT);
        CREATE VIRTUAL TABLE found USING fts5(title, content='songs', content_rowid='id');
        CREATE TRIGGER song_in AFTER INSERT ON songs
        BEGIN INSERT INTO found (rowid, title) VALUES (new.id, new.title); END;
        CREATE TRIGGER song_out AFTER DELETE ON songs
        BEGIN INSERT INTO found (found, rowid, title) VALUES ('delete', old.id, old.title); END;
    """
    case = mirror_of(tmp_path, silver, searchable)
    silver.save(1, STOCKHOLM)
    silver.save(2, KNOCKIN_BOOTS)
    case.promote(1)
    case.promote(2)
    assert query(file_of(case), "SELECT title FROM found WHERE found MATCH 'dutchmaster OR vasastaden'") == [
        ("Dutchmaster",)
    ]


def test_two_rows_may_trade_a_unique_value(tmp_path: Path, silver: SilverLake) -> None:
    schema = "CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, stars INTEGER DEFAULT 1);"
    case = mirror_of(tmp_path, silver, schema)
    silver.save(1, artist(1, "A"), artist(2, "B"))
    silver.save(2, artist(1, "B"), artist(2, "A"))
    case.promote(1)
    execute(file_of(case), "UPDATE artists SET stars = id * 10")
    assert case.promote(2).changes["artists"] == TableChange(changed=2)
    assert query(file_of(case), "SELECT * FROM artists") == [(1, "B", 10), (2, "A", 20)]


# What is refused


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ("title TEXT UNIQUE", "title B"),
        ("title TEXT CHECK (title <> 'B')", "title B"),
        ("title TEXT, year INTEGER NOT NULL", "title C"),
    ],
)
def test_rows_that_a_rule_of_the_file_does_not_admit_are_counted_and_named(
    tmp_path: Path, silver: SilverLake, rule: str, refused: str
) -> None:
    case = mirror_of(tmp_path, silver, f"CREATE TABLE albums (id INTEGER PRIMARY KEY, {rule});")
    titles = {1: "B", 2: "B", 3: "C"} if "UNIQUE" in rule else {1: "A", 2: "B", 3: "C"}
    dated = {1: "1999", 2: "1999", 3: None}
    silver.save(1, *[release(n, title, released=dated[n]) for n, title in titles.items()])
    case.stage()
    (measured,) = found(case, Check.REFUSED)
    assert measured.count == 1
    assert refused in measured.examples[0]


def test_a_repair_accepts_that_they_are_left_out(tmp_path: Path, silver: SilverLake) -> None:
    case = mirror_of(tmp_path, silver, "CREATE TABLE albums (id INTEGER PRIMARY KEY, title TEXT UNIQUE);")
    silver.save(1, release(1, "Stockholm"), release(2, "Stockholm"))
    case.stage()
    (left_out,) = case.destination.repair(dry_run=False)
    assert (left_out.table, left_out.action) == ("albums", "removed")
    assert found(case, Check.REFUSED) == []
    case.promote()
    assert query(file_of(case), "SELECT count(*) FROM albums") == [(1,)]


def test_songs_without_album_and_albums_without_artist_are_orphans(mirror: Case) -> None:
    mirror.lake.save(1, artist(1), release(1, "Stockholm", artists=[1], tracks=["Östermalm"]), release(2, "No one"))
    staged = Path(mirror.stage().location)
    execute(staged, "UPDATE songs SET album_id = 77")
    orphans = {each.table: each.count for each in mirror.destination.measure(today=TODAY) if "without" in each.check}
    assert orphans == {"albums": 1, "songs": 1}


def test_a_row_of_others_that_would_lose_what_it_names_is_found(tmp_path: Path, silver: SilverLake) -> None:
    schema = """
        CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE favourites (artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE);
        INSERT INTO artists VALUES (999, 'Gone');
        INSERT INTO favourites VALUES (999), (31337);
    """
    case = mirror_of(tmp_path, silver, schema)
    silver.save(1, artist(1))
    case.stage()
    (dangling,) = found(case, Check.FOREIGN_KEY)
    assert (dangling.table, dangling.count) == ("favourites", 1)


def test_no_cascade_reaches_the_rows_of_others(tmp_path: Path, silver: SilverLake) -> None:
    schema = """
        CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE favourites (artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE);
        INSERT INTO artists VALUES (999, 'Gone');
        INSERT INTO favourites VALUES (999);
    """
    case = mirror_of(tmp_path, silver, schema)
    silver.save(1, artist(1))
    case.promote(1)
    assert query(file_of(case), "SELECT * FROM favourites") == [(999,)]


def test_a_reference_that_others_added_after_staging_stops_the_promotion(tmp_path: Path, silver: SilverLake) -> None:
    schema = """
        CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE favourites (artist_id INTEGER REFERENCES artists (id));
        INSERT INTO artists VALUES (999, 'Gone');
    """
    case = mirror_of(tmp_path, silver, schema)
    silver.save(1, artist(1))
    case.stage()
    execute(file_of(case), "INSERT INTO favourites VALUES (999)")
    with pytest.raises(FatalError, match="1 rows of favourites"):
        case.promote()
    assert query(file_of(case), "SELECT * FROM artists") == [(999, "Gone")]
    assert case.destination.backups() == []


def test_a_damaged_copy_is_found(mirror: Case) -> None:
    mirror.lake.save(1, *[artist(number, f"Artist {number} {'x' * 100}") for number in range(1, 200)])
    path = Path(mirror.stage().location)
    ((page,),) = query(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'artists'")
    with path.open("r+b") as file:
        file.seek(int(str(page)) * 4096)
        file.write(b"\xff" * 4096)
    (damage,) = mirror.destination.measure(today=TODAY)
    assert damage.check is Check.INTEGRITY


# Duplicates

DISCOGRAPHY = """
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT, mbid TEXT, stars INTEGER);
CREATE TABLE albums (id INTEGER PRIMARY KEY, title TEXT, artist_id INTEGER);
"""


@pytest.fixture
def duplicates(tmp_path: Path, silver: SilverLake) -> Case:
    """Two artists to whom somebody gave the same MBID; the second has more values."""
    case = mirror_of(tmp_path, silver, DISCOGRAPHY)
    silver.save(1, STOCKHOLM, KNOCKIN_BOOTS)
    case.promote(1)
    execute(
        file_of(case),
        "UPDATE artists SET mbid = '89ad4ac3-39f7-470e-963a-56509c546377';UPDATE artists SET stars = 5 WHERE id = 2",
    )
    case.stage(1)
    return case


def test_the_same_identifier_twice_is_found(duplicates: Case) -> None:
    (measured,) = found(duplicates, Check.DUPLICATE)
    assert (measured.table, measured.count) == ("artists", 2)


def test_of_duplicates_the_one_with_most_values_stays_and_takes_the_references(duplicates: Case) -> None:
    repairs = duplicates.destination.repair(dry_run=False)
    assert [(each.table, each.key, each.action) for each in repairs] == [
        ("albums", "-1", "moved"),
        ("artists", "1", "removed"),
    ]
    assert found(duplicates, Check.DUPLICATE) == []
    staged = duplicates.destination.staged()
    assert staged
    assert query(Path(staged.location), "SELECT id, artist_id FROM albums ORDER BY id") == [(-2, 2), (-1, 2)]


# Production changes its shape


def test_another_schema_makes_what_is_staged_stale(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.stage()
    execute(site, "ALTER TABLE albums ADD COLUMN genre TEXT")
    staged = mirror.destination.staged()
    assert staged
    assert staged.is_stale
    with pytest.raises(WrongUsageError, match="liner stage"):
        mirror.promote()


def test_staging_again_takes_the_new_schema(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.stage()
    execute(site, "ALTER TABLE albums ADD COLUMN genre TEXT")
    mirror.promote(1)
    assert query(site, "SELECT genre FROM albums") == [("Electronic",)]


def test_another_mapping_makes_what_is_staged_stale(
    tmp_path: Path, silver: SilverLake, site: Path, mirror: Case
) -> None:
    silver.save(1, STOCKHOLM)
    mirror.stage()
    remapped = make_mirror(tmp_path, mirror.lake, str(site), {"artists": {"name": "display_name"}})
    staged = remapped.staged()
    assert staged
    assert staged.is_stale


def test_rolling_back_over_a_dropped_table_of_others_leaves_it_dropped(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.promote(1)
    execute(site, "DROP TABLE d1_migrations; ALTER TABLE songs ADD COLUMN lyrics TEXT")
    mirror.roll_back()
    assert mirror.read()["artists"] == set()
    assert query(site, "SELECT count(*) FROM sqlite_schema WHERE name = 'd1_migrations'") == [(0,)]


def test_a_backup_without_a_column_that_is_filled_now_is_refused(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.promote(1)
    execute(site, "ALTER TABLE songs RENAME COLUMN title TO name")
    with pytest.raises(FatalError, match=r"has no column songs\.name"):
        mirror.roll_back()
    assert mirror.destination.holds() is not None


def test_what_others_wrote_after_a_promotion_survives_rolling_back(mirror: Case, site: Path) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.promote(1)
    execute(site, "INSERT INTO d1_migrations VALUES (3, '0003_later.sql')")
    mirror.roll_back()
    assert ("0003_later.sql",) in query(site, "SELECT name FROM d1_migrations")


def test_two_backups_of_one_second_have_names_of_their_own(mirror: Case) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.lake.save(2, KNOCKIN_BOOTS)
    for snapshot in (1, 2, 1):
        mirror.stage(snapshot)
        mirror.destination.promote(backed_up_at=mirror.now.replace(second=0))
    names = [backup.name for backup in mirror.destination.backups()]
    assert len(set(names)) == 3


# Which file, and files that will not do


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder as a local D1 database leaves it."""
    folder = tmp_path / "state" / "v3" / "d1"
    folder.mkdir(parents=True)
    make_site(folder / "0a1b.sqlite")
    (folder / "0a1b.sqlite-shm").write_bytes(b"")
    (folder / "0a1b.sqlite-wal").write_bytes(b"")
    return folder


def test_a_pattern_that_means_one_file_finds_it_beside_its_wal(state: Path) -> None:
    assert find_file(f"{state.parent}/*/*.sqlite*") == state / "0a1b.sqlite"


def test_a_pattern_that_means_two_files_is_refused(state: Path) -> None:
    make_site(state / "other.sqlite")
    with pytest.raises(WrongUsageError, match="2 files"):
        find_file(f"{state}/*.sqlite")


def test_a_path_that_means_no_file_is_refused(state: Path) -> None:
    with pytest.raises(WrongUsageError, match="no file"):
        find_file(f"{state}/production.db")


def test_a_file_whose_name_looks_like_a_pattern_is_taken_literally(tmp_path: Path) -> None:
    path = make_site(tmp_path / "a[b].db")
    make_site(tmp_path / "ab.db")
    assert find_file(str(path)) == path


def test_a_file_that_is_not_sqlite_is_refused(tmp_path: Path, silver: SilverLake) -> None:
    path = tmp_path / "production.db"
    path.write_text("this is a text file, and longer than a header of one hundred bytes. " * 3, encoding="utf-8")
    silver.save(1, STOCKHOLM)
    case = Case(make_mirror(tmp_path, silver, str(path)), silver, dict, "artists")
    with pytest.raises(WrongUsageError, match="not an SQLite file"):
        case.stage()
    assert path.read_text(encoding="utf-8").startswith("this is a text file")


@pytest.mark.parametrize(
    ("schema", "mapping", "message"),
    [
        ("CREATE TABLE t (x)", {}, "no table artists"),
        ("CREATE TABLE artists (id INTEGER PRIMARY KEY)", {"artist": {"id": "id"}}, "names the table 'artist'"),
        ("CREATE TABLE artists (id INTEGER PRIMARY KEY)", {"artists": {"nme": "name"}}, "names 'nme'"),
        ("CREATE TABLE artists (id INTEGER PRIMARY KEY)", {"artists": {"id": "number"}}, "no column 'number'"),
        ("CREATE TABLE bands (id INTEGER PRIMARY KEY)", {"bands": {"id": "id"}}, "artists, albums, songs"),
        ("CREATE TABLE artists (nr INTEGER PRIMARY KEY, name TEXT)", {}, "nothing of artists takes our id"),
        ("CREATE TABLE artists (name TEXT)", {}, "nothing of artists takes our id"),
        ("CREATE TABLE artists (code TEXT PRIMARY KEY, name TEXT)", {}, r"key of artists \(code\) is not filled"),
    ],
)
def test_a_file_or_mapping_that_does_not_fit_is_refused_with_what_there_is(
    tmp_path: Path, silver: SilverLake, schema: str, mapping: dict[str, dict[str, str]], message: str
) -> None:
    silver.save(1, STOCKHOLM)
    case = mirror_of(tmp_path, silver, schema, **mapping)
    with pytest.raises(WrongUsageError, match=message):
        case.stage()


@pytest.fixture
def locked(site: Path) -> Iterator[sqlite3.Connection]:
    """Another program that writes the file, and does not finish."""
    with closing(sqlite3.connect(site, isolation_level=None)) as other:
        yield other


def test_a_locked_production_is_waited_for_and_then_left_as_it_is(
    mirror: Case, site: Path, locked: sqlite3.Connection
) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.stage()
    locked.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TransientError, match=r"site\.sqlite is locked"):
        mirror.promote()
    locked.execute("ROLLBACK")
    assert mirror.read()["artists"] == set()
    assert mirror.promote().is_switched


def test_a_writer_that_only_reserves_the_file_is_waited_for_too(mirror: Case, locked: sqlite3.Connection) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.stage()
    locked.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransientError):
        mirror.promote()
    assert mirror.destination.backups() == []


def test_a_reader_that_stays_keeps_the_file_as_it_reads_it_and_is_waited_for(
    mirror: Case, locked: sqlite3.Connection
) -> None:
    mirror.lake.save(1, STOCKHOLM)
    mirror.stage()
    locked.execute("BEGIN")
    assert locked.execute("SELECT count(*) FROM artists").fetchone() == (0,)
    with pytest.raises(TransientError):
        mirror.promote()
    with closing(sqlite3.connect(file_of(mirror), timeout=0)) as newcomer:
        assert newcomer.execute("SELECT count(*) FROM artists").fetchone() == (0,)
    locked.execute("COMMIT")
    assert mirror.promote().is_switched


def test_the_file_staged_last_is_remembered(tmp_path: Path) -> None:
    assert recall(tmp_path) is None
    remember(tmp_path, "state/*.sqlite")
    assert recall(tmp_path) == "state/*.sqlite"
    remember(tmp_path, None)
    assert recall(tmp_path) is None


def test_a_mirrored_file_has_a_destination_of_its_own(mirror: Case, site: Path) -> None:
    assert isinstance(mirror.destination, MirroredFile)
    assert mirror.destination.name == f"sqlite:{site}"
