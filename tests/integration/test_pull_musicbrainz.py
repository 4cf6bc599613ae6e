"""Pulling MusicBrainz from dumps and from a real database: the same rows both ways, and nothing lost."""

import bz2
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linernotes.bootstrap import open_app
from linernotes.bootstrap.musicbrainz import DumpFiles
from linernotes.sample import write_musicbrainz
from linernotes.sources.musicbrainz import dump, landing
from tests.fakes.progress import RecordedProgress
from tests.faults.contents import assert_same, read_contents
from tests.faults.liner import Home
from tests.musicbrainz_homes import bronze, counts, pull_database, pull_dump
from tests.musicbrainz_kit import archive_of, load_dump


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The archives of both days."""
    written = write_musicbrainz(tmp_path_factory.mktemp("musicbrainz"))
    return [[str(path) for path in archives] for archives in written]


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory, sample: list[list[str]]) -> Home:
    """A home that took in the first day, to be copied or read."""
    home = Home(tmp_path_factory.mktemp("first_day") / "home")
    assert pull_dump(home, sample[0]).status == 0
    return home


@pytest.fixture(scope="session")
def both_days(tmp_path_factory: pytest.TempPathFactory, sample: list[list[str]], first_day: Home) -> Home:
    """A home that took in both days, to be copied or read."""
    home = first_day.copy(tmp_path_factory.mktemp("both_days") / "home")
    assert pull_dump(home, sample[1]).status == 0
    return home


@pytest.fixture
def database(empty_musicbrainz: str, sample: list[list[str]]) -> str:
    """A database as the first day's dump shows it."""
    for archive in sample[0]:
        load_dump(empty_musicbrainz, Path(archive))
    return empty_musicbrainz


@pytest.mark.proves("A MusicBrainz dump and the database that it shows give the same rows")
def test_a_dump_and_the_database_that_it_shows_give_the_same_rows(
    home: Home, database: str, sample: list[list[str]], tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    assert counts(pull_dump(home, sample[0], "--json")) == counts(pull_database(other, database, "--json"))
    assert bronze(home) == bronze(other)


def test_a_cursor_brings_what_the_extension_brings(home: Home, database: str, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    pull_database(home, database)
    pulled = pull_database(other, database, env={"LINER_MUSICBRAINZ__READER": "cursor"})
    assert pulled.status == 0, pulled
    assert bronze(home) == bronze(other)


def test_a_cursor_whose_server_is_gone_is_told_the_same_way(home: Home, database: str) -> None:
    gone = database.replace("host=", "host=/nowhere")
    failed = pull_database(home, gone, env={"LINER_MUSICBRAINZ__READER": "cursor", "LINER_MUSICBRAINZ__ATTEMPTS": "1"})
    assert failed.status == 75, failed
    assert "gave up after 1 attempts" in failed.error


def test_comparing_in_slices_finds_the_same(
    home: Home, both_days: Home, sample: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "RECORDS_PER_SLICE", 7)
    for archives in sample:
        with open_app(home.path, progress=RecordedProgress()) as app:
            app.pull_musicbrainz(DumpFiles(archives=tuple(map(Path, archives))))
    assert bronze(home) == bronze(both_days)


@pytest.mark.proves("A MusicBrainz dump and the database that it shows give the same rows", real=True)
def test_the_real_dump_gives_the_rows_of_the_database_that_it_shows(
    home: Home, empty_musicbrainz: str, shared_data: Path, tmp_path: Path
) -> None:
    archive = shared_data / "musicbrainz" / "mini-mbdump.tar.bz2"
    load_dump(empty_musicbrainz, archive)
    other = Home(tmp_path / "other")
    pulled = pull_dump(home, [str(archive)], "--json")
    assert {one["entity"]: one["records"] for one in pulled.document["entities"]} == {
        "genre": 17, "area": 77, "artist": 121, "label": 47, "release_group": 46, "recording": 244, "release": 70,
    }  # fmt: skip
    assert counts(pull_database(other, empty_musicbrainz, "--json")) == counts(pulled)
    own, others = bronze(home), bronze(other)
    assert others.keys() - own.keys() == {  # tables that the archive does not have
        "musicbrainz_label_tag", "musicbrainz_recording_tag", "musicbrainz_release_group_tag",
        "musicbrainz_release_label", "musicbrainz_release_medium", "musicbrainz_release_tag",
        "musicbrainz_release_track", "musicbrainz_release_track_artist",
    }  # fmt: skip
    assert own == {table: others[table] for table in own}


@pytest.mark.proves("A second pull of MusicBrainz finds every change, deletion and late commit")
def test_a_second_dump_brings_what_is_new_changed_and_gone(
    first_day: Home, sample: list[list[str]], tmp_path: Path
) -> None:
    home = first_day.copy(tmp_path / "home")
    assert counts(pull_dump(home, sample[1], "--json")) == {
        "artist": (0, 2, 1),  # Aphex Twin, who took The Dice Man in, and Arvo Pärt, who lost an alias
        "release_group": (0, 1, 0),
        "recording": (0, 2, 0),  # So What, and what The Dice Man plays
        "release": (0, 3, 1),
    }


def test_the_same_dump_again_is_not_read_again(first_day: Home, sample: list[list[str]], tmp_path: Path) -> None:
    home = first_day.copy(tmp_path / "home")
    before = bronze(home)
    again = pull_dump(home, sample[0], "--json")
    assert {one["action"] for one in again.document["entities"]} == {"check"}
    assert bronze(home) == before


def test_a_dump_that_was_loaded_is_known_when_a_newer_one_is_there(
    both_days: Home, sample: list[list[str]], tmp_path: Path
) -> None:
    home = both_days.copy(tmp_path / "home")
    before = bronze(home)
    for flags in ((), ("--dry-run",)):
        again = pull_dump(home, sample[0], "--json", *flags)
        assert {one["action"] for one in again.document["entities"]} == {"check"}
    assert bronze(home) == before


def test_an_older_dump_is_refused(home: Home, sample: list[list[str]]) -> None:
    pull_dump(home, sample[1], "--only", "genres")
    refused = pull_dump(home, sample[0])
    assert refused.status == 2
    assert "genres as of 2024-12-04 00:15:00+00:00 are loaded" in refused.error


def test_a_dry_run_changes_nothing(home: Home, sample: list[list[str]]) -> None:
    assert pull_dump(home, sample[0], "--dry-run").status == 0
    assert not (home.path / "bronze").exists()


def test_a_dump_without_the_archive_of_tags_says_so_and_keeps_those_that_are_there(
    first_day: Home, sample: list[list[str]], tmp_path: Path
) -> None:
    home = first_day.copy(tmp_path / "home")
    second = pull_dump(home, sample[1][:1], "--json")
    missing = {one["entity"]: one["missing_tables"] for one in second.document["entities"]}
    assert missing["artist"] == ["musicbrainz_artist_tag"]
    assert len(bronze(home)["musicbrainz_artist_tag"]) == 1 + 19


def test_archives_of_two_dumps_do_not_mix(home: Home, sample: list[list[str]]) -> None:
    refused = pull_dump(home, [sample[0][0], sample[1][1]])
    assert refused.status == 2
    assert "these are of different dumps: mbdump.tar.bz2 2024-11-02" in refused.error


@pytest.mark.proves("A second pull of MusicBrainz finds every change, deletion and late commit")
def test_an_edit_that_commits_after_the_pull_with_an_earlier_time_is_not_lost(home: Home, database: str) -> None:
    with psycopg.connect(database) as late:
        late.execute("SET search_path = musicbrainz, public")
        late.execute("UPDATE artist SET comment = 'began before, ended after' WHERE name = 'Björk'")
        pull_database(home, database)
        with psycopg.connect(database) as quick:
            quick.execute("UPDATE musicbrainz.artist SET comment = 'quick' WHERE name = 'Kraftwerk'")
        assert counts(pull_database(home, database, "--json")) == {"artist": (0, 1, 0)}
    with psycopg.connect(database) as connection:
        times = connection.execute(
            "SELECT (SELECT last_updated FROM musicbrainz.artist WHERE name = 'Björk')"
            " < (SELECT last_updated FROM musicbrainz.artist WHERE name = 'Kraftwerk')"
        ).fetchone()
    assert times == (True,)  # whoever asks for rows after the newest time would never see her
    assert counts(pull_database(home, database, "--json")) == {"artist": (0, 1, 0)}
    assert ("began before, ended after",) in comments(home)


def comments(home: Home) -> list[tuple[str]]:
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT comment FROM read_parquet('{home.path}/bronze/musicbrainz_artist/*.parquet')"
        ).fetchall()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM isrc", {"recording": (0, 1, 0)}),
        ("INSERT INTO artist_tag SELECT id, 1, 1 FROM artist WHERE name = 'Björk'", {"artist": (0, 1, 0)}),
        ("DELETE FROM release_country WHERE release = 1001", {"release": (0, 1, 0)}),
        (
            "UPDATE artist_credit_name SET join_phrase = ' und ' WHERE join_phrase = ' / '",
            {"release": (0, 2, 0), "release_group": (0, 1, 0), "recording": (0, 9, 0)},
        ),
        ("UPDATE track SET position = position + 1 WHERE medium = 1", {"release": (0, 1, 0)}),
        ("UPDATE artist_type SET name = 'Human' WHERE name = 'Person'", {"artist": (0, 45, 0)}),
        ("DELETE FROM artist WHERE name = 'Prince'", {"artist": (0, 0, 1)}),
        ("UPDATE artist SET last_updated = now()", {}),
    ],
)
def test_changes_that_no_time_tells_of_are_found(
    home: Home, database: str, statement: str, expected: dict[str, tuple[int, int, int]]
) -> None:
    pull_database(home, database)
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica; SET search_path = musicbrainz, public")
        connection.execute(statement)
    assert counts(pull_database(home, database, "--json")) == expected


def test_a_pull_sees_one_moment(home: Home, database: str) -> None:
    """What is committed while it runs is not in it, in no entity."""
    done = threading.Event()

    def write() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("SET search_path = musicbrainz, public")
            number = 0
            while not done.is_set():
                number += 1
                connection.execute(
                    "WITH renamed AS (UPDATE musicbrainz.artist SET comment = %(n)s WHERE name = 'Nas')"
                    " UPDATE musicbrainz.release SET comment = %(n)s WHERE name = 'Illmatic'",
                    {"n": str(number)},
                )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        pulled = pull_database(home, database)
    finally:
        done.set()
        writer.join()
    assert pulled.status == 0, pulled
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT (SELECT comment FROM '{home.path}/bronze/musicbrainz_artist/*.parquet' WHERE name = 'Nas')"
            f" = (SELECT comment FROM '{home.path}/bronze/musicbrainz_release/*.parquet' WHERE name = 'Illmatic')"
        ).fetchone()
    assert found == (True,)


def test_a_connection_that_is_cut_is_made_again(home: Home, database: str) -> None:
    done = threading.Event()
    cut: list[int] = []

    def cut_off() -> None:
        name = database.partition("@/")[2].partition("?")[0]
        with psycopg.connect(database.replace(f"@/{name}", "@/postgres"), autocommit=True) as connection:
            while not done.is_set() and len(cut) < 2:
                found = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND query LIKE '%%COPY%%'",
                    [name],
                ).fetchall()
                cut.extend(1 for _ in found)

    cutter = threading.Thread(target=cut_off)
    cutter.start()
    try:
        pulled = pull_database(home, database)
    finally:
        done.set()
        cutter.join()
    assert len(cut) >= 2
    assert pulled.status == 0, pulled
    assert "attempt 2 of 5" in pulled.stderr
    assert counts(pull_database(home, database, "--json")) == {}
    assert len(bronze(home)["musicbrainz_artist"]) == 1 + 71


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        (lambda url: url.replace("@/test", "@/no_such"), 1, "does not exist"),
        (lambda url: "a b c", 2, "--database is no address of PostgreSQL"),
        (lambda url: url.replace("linernotes@", "stranger:geheim@"), 1, 'role "stranger" does not exist'),
        (lambda url: url.replace(url.partition("@/")[2].partition("?")[0], "postgres"), 1, "has no table musicbrainz."),
    ],
)  # fmt: skip
def test_a_wrong_address_is_one_clear_line(
    home: Home, database: str, change: Callable[[str], str], status: int, told: str
) -> None:
    failed = pull_database(home, change(database))
    assert failed.status == status, failed
    assert told in failed.error
    assert len(failed.error.splitlines()) == 1
    assert "geheim" not in failed.stderr
    assert "geheim" not in home.run("status", "--json").stdout


def test_missing_rights_are_one_clear_line(home: Home, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN")
        connection.execute(
            "GRANT USAGE ON SCHEMA musicbrainz TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA musicbrainz TO reader"
        )
        connection.execute("REVOKE SELECT ON musicbrainz.artist_alias FROM reader")
    failed = pull_database(home, database.replace("linernotes@", "reader@"))
    with psycopg.connect(database) as connection:
        connection.execute("DROP OWNED BY reader; DROP ROLE reader")
    assert failed.status == 1
    assert "artist_alias" in failed.error
    assert "needs SELECT" in failed.error


def test_a_database_of_another_schema_is_refused(home: Home, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO musicbrainz.replication_control (current_schema_sequence) VALUES (32)")
    failed = pull_database(home, database)
    assert failed.status == 1
    assert "has schema 32, and this version of Linernotes knows 31" in failed.error


FACTS = {"TIMESTAMP": b"2024-11-02 00:15:00+00\n", "SCHEMA_SEQUENCE": b"31\n"}
GENRE = b"1\t6f1b0e0a-8d1c-4f7b-9a57-3f4f0b6f8f10\tjazz\t\t0\t\\N\n"


def link(name: str, target: str) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = tarfile.SYMTYPE, target
    return header


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bz2.compress(archive_of(FACTS | {"mbdump/genre": GENRE * 90_000}))[:-2_000], "is damaged or cut off"),
        (bz2.compress(archive_of(FACTS | {"mbdump/genre": GENRE}))[:40], "is damaged or cut off"),
        (archive_of(FACTS | {"mbdump/genre": GENRE})[:2_000], "is damaged or cut off"),
        (b"BZh9 not at all", "is damaged or cut off"),
        (b"\x28\xb5\x2f\xfd not at all", "is damaged or cut off"),
        (b"", "is damaged or cut off"),
        (archive_of({"mbdump/genre": GENRE}), "is no dump of MusicBrainz"),
        (archive_of({**FACTS, "SCHEMA_SEQUENCE": b"30\n", "mbdump/genre": GENRE}), "has schema '30'"),
        (archive_of({**FACTS, "TIMESTAMP": b"yesterday\n"}), "its TIMESTAMP is 'yesterday'"),
        (archive_of({**FACTS, "TIMESTAMP": b"2024-11-02\n"}), "its TIMESTAMP is '2024-11-02'"),
        (archive_of(FACTS | {"mbdump/genre": b"not\ta\tgenre\n" * 50}), "50 of 50 rows of genre cannot be read"),
    ],
)  # fmt: skip
def test_an_archive_that_is_no_whole_dump_is_one_clear_line(
    home: Home, tmp_path: Path, content: bytes, told: str
) -> None:
    archive = tmp_path / "mbdump.tar.bz2"
    archive.write_bytes(content)
    failed = pull_dump(home, [str(archive)])
    assert failed.status == 1, failed
    assert told in failed.error
    assert len(failed.error.splitlines()) == 1
    assert bronze(home) == {}


def test_members_write_nothing_outside(home: Home, tmp_path: Path) -> None:
    hostile = {"../../escaped": b"x", "/tmp/escaped-from-an-archive": b"x", "mbdump/../../escaped": b"x"}
    links = (link("mbdump/artist", "/etc/passwd"), link("mbdump", "/tmp"))
    archive = tmp_path / "mbdump.tar"
    archive.write_bytes(archive_of(FACTS | hostile | {"mbdump/genre": GENRE}, *links))
    before = sorted(tmp_path.rglob("*"))
    assert counts(pull_dump(home, [str(archive)], "--json")) == {"genre": (1, 0, 0)}
    assert [
        path for path in sorted(tmp_path.rglob("*")) if home.path not in path.parents and path != home.path
    ] == before
    assert not Path("/tmp/escaped-from-an-archive").exists()


def test_a_header_that_would_fill_the_memory_is_refused(home: Home, tmp_path: Path) -> None:
    header = tarfile.TarInfo("mbdump/genre")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    archive = tmp_path / "mbdump.tar"
    archive.write_bytes(header.tobuf() + b"\0" * 4096)
    failed = pull_dump(home, [str(archive)])
    assert "a header of 1,073,741,824 bytes" in failed.error


def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "mbdump.tar"
    archive.write_bytes(archive_of(FACTS | {"mbdump/genre": GENRE + b"two\tvalues\n"}))
    pulled = pull_dump(home, [str(archive)], "--json")
    assert pulled.status == 3
    assert [one["quarantined"] for one in pulled.document["entities"]] == [1]
    (record,) = home.run("quarantine", "list", "--json").document
    assert (record["reason"], record["detail"]) == (
        "unreadable_row",
        "row 2 of genre: 2 values where there are 6 columns",
    )
    assert home.run("quarantine", "retry", "--json").document["still_count"] == 1


def test_every_compression_gives_the_same(home: Home, sample: list[list[str]], tmp_path: Path) -> None:
    plain = bz2.decompress(Path(sample[0][0]).read_bytes())
    zstd = pa.BufferOutputStream()
    with pa.CompressedOutputStream(zstd, "zstd") as stream:
        stream.write(plain)
    expected = None
    for name, content in {"mbdump.tar": plain, "mbdump.tar.zst": zstd.getvalue().to_pybytes()}.items():
        one = Home(tmp_path / name.replace(".", "-"))
        (tmp_path / name).write_bytes(content)
        assert pull_dump(one, [str(tmp_path / name)]).status == 0
        expected = expected or bronze(one)
        assert bronze(one) == expected


@pytest.mark.proves("A power cut at any moment loses and doubles nothing")
@pytest.mark.parametrize(
    "failpoint",
    [
        f"{name}.{side}:{passage}"
        for name, passage in (("dump_table.rename", 20), ("bronze.rename", 7), ("ledger.commit", 5))
        for side in ("before", "after")
    ],
)
def test_a_pull_that_was_killed_is_taken_up_where_it_stopped(
    first_day: Home, both_days: Home, sample: list[list[str]], tmp_path: Path, failpoint: str
) -> None:
    home = replace(first_day.copy(tmp_path / "home"), is_counted=False)
    killed = pull_dump(home, sample[1], failpoint=failpoint)
    assert killed.was_killed, killed
    assert pull_dump(home, sample[1]).status == 0
    assert_same(read_contents(home.path), read_contents(both_days.path))
    assert not list((home.path / "downloads" / "musicbrainz").glob("*"))


def test_a_load_that_one_of_the_same_day_builds_on_is_not_withdrawn_alone(home: Home, database: str) -> None:
    first = pull_database(home, database, "--only", "artists", "--json").document["entities"][0]["load_id"]
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE musicbrainz.artist SET comment = 'changed' WHERE name = 'Björk'")
    second = pull_database(home, database, "--only", "artists", "--json").document["entities"][0]["load_id"]
    refused = home.run("discard", first)
    assert refused.status == 2
    assert "is what 1 later loads build on" in refused.error
    withdrawn = home.run("discard", first, "--with-later", "--json").document["loads"]
    assert [load["load_id"] for load in withdrawn] == [second, first]


def test_a_folder_that_cannot_be_written_is_not_the_archives_fault(home: Home, sample: list[list[str]]) -> None:
    home.path.mkdir()
    (home.path / "downloads").write_text("a file where a folder should be")
    failed = pull_dump(home, sample[0])
    assert failed.status == 1
    assert "cannot write" in failed.error
    assert "damaged" not in failed.error


def test_rows_that_changed_are_sorted_too(both_days: Home) -> None:
    for path in (both_days.path / "bronze").glob("musicbrainz_*/*.parquet"):
        ids = pq.read_table(path, columns=["record_id"])["record_id"].to_pylist()
        assert ids == sorted(ids), path


def test_bad_rows_beyond_those_that_are_kept_are_counted(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "_BAD_LINES_KEPT", 2)
    good = b"".join(GENRE.replace(b"1\t", b"%d\t" % number, 1) for number in range(1, 500))
    archive = tmp_path / "mbdump.tar"
    archive.write_bytes(archive_of(FACTS | {"mbdump/genre": good + b"bad\n" * 4}))
    with open_app(home.path, progress=RecordedProgress()) as app:
        outcome = app.pull_musicbrainz(DumpFiles(archives=(archive,)))
        (load,) = app.core.ledger.loads.find()
    assert [entity.quarantined for entity in outcome.entities] == [2]
    assert load.report["unreadable_rows"] == {"genre": 4}
