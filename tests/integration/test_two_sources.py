"""Discogs and MusicBrainz side by side: what silver says of both, month after month, and what is published."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from linernotes.bootstrap import open_app
from linernotes.domain.entities import EntityType, entity_id
from linernotes.domain.names import name_key
from linernotes.sample import write_dumps, write_musicbrainz
from tests.fakes.progress import RecordedProgress
from tests.faults.liner import Home
from tests.integration.evidence import evidence_of

MONTHS = ("2024-11", "2024-12")


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[str]]]:
    """The folder of Discogs' files, and MusicBrainz' archives of each day."""
    folder = tmp_path_factory.mktemp("dumps")
    write_dumps(folder / "discogs")
    return folder / "discogs", [[str(path) for path in one] for one in write_musicbrainz(folder / "musicbrainz")]


def pull(home: Home, dumps: tuple[Path, list[list[str]]], at: int) -> None:
    """One month of both sources."""
    archives = [part for path in dumps[1][at] for part in ("--dump", path)]
    for arguments in (["discogs", "--from", str(dumps[0]), "--month", MONTHS[at]], ["musicbrainz", *archives]):
        pulled = home.run("pull", *arguments)
        assert pulled.status in {0, 3}, pulled  # the Discogs sample has a record to set aside


def build(home: Home) -> dict[str, tuple[int, int, int]]:
    """Rows inserted, updated and deleted by model, where there are any."""
    built = home.run("build", "--json")
    assert built.status == 0, built
    changes = {one["name"]: (one["inserted"], one["updated"], one["deleted"]) for one in built.document["models"]}
    return {name: counts for name, counts in changes.items() if any(counts)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, dumps: tuple[Path, list[list[str]]]) -> Home:
    """A home with the first month of both, built; tests that change it take a copy."""
    home = Home(tmp_path_factory.mktemp("first") / "home")
    pull(home, dumps, 0)
    build(home)
    return home


@pytest.fixture(scope="module")
def second(first: Home, tmp_path_factory: pytest.TempPathFactory, dumps: tuple[Path, list[list[str]]]) -> Home:
    """The same with the second month."""
    home = first.copy(tmp_path_factory.mktemp("second") / "home")
    pull(home, dumps, 1)
    build(home)
    return home


def contents(home: Home) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every table of silver and gold, without what tells which load a row is from."""
    with open_app(home.path, progress=RecordedProgress()) as app, app.core.engine.connect() as connection:
        listed = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('silver', 'gold')"
        ).fetchall()
        return {f"{schema}.{name}": _rows(connection, f"lake.{schema}.{name}") for schema, name in sorted(listed)}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT COLUMNS(c -> c <> 'load_id') FROM {table} ORDER BY ALL").fetchall()


@pytest.mark.proves("Every value leads back to the record and the load that it came from")
def test_200_random_values_of_two_sources_are_what_their_records_say(first: Home) -> None:
    with evidence_of(first.path) as evidence:
        cells = evidence.draw(200, seed=20241102)
        wrong = [f"{cell}; again: {again}" for cell in cells if (again := evidence.recompute(cell)) != [cell.value]]
        assert not wrong, "\n".join(wrong)
        assert {cell.row["source"] for cell in cells} == {"discogs", "musicbrainz"}
        assert {cell.table for cell in cells} == evidence.tables().keys()


def test_the_second_month_changes_what_changed_and_nothing_else(
    first: Home, tmp_path: Path, dumps: tuple[Path, list[list[str]]]
) -> None:
    home = first.copy(tmp_path / "home")
    archives = [part for path in dumps[1][1] for part in ("--dump", path)]
    home.run("pull", "musicbrainz", *archives)
    assert build(home) == {
        "artist": (0, 1, 0),  # The Dice Man is gone
        "artist_alias": (1, 0, 1),
        "artist_credit": (0, 1, 0),
        "source_identifier": (1, 1, 0),
        "medium": (0, 1, 0),
        "release": (0, 1, 0),
        "release_event": (1, 0, 0),
        "release_group": (0, 1, 0),
        "release_source_summary": (0, 2, 0),
        "track": (0, 0, 1),
        "track_artist_credit": (0, 1, 0),
        "artist_candidate": (1, 0, 1),
        "artist_match": (0, 0, 1),
        "release_candidate": (0, 0, 1),
        "release_match": (0, 0, 1),
    }
    assert build(home) == {}


@pytest.mark.proves("Doing it all again changes nothing")
def test_two_months_one_by_one_are_what_both_at_once_are(
    second: Home, tmp_path: Path, dumps: tuple[Path, list[list[str]]]
) -> None:
    home = Home(tmp_path / "home", is_counted=False)
    for at in range(len(MONTHS)):
        pull(home, dumps, at)
    build(home)
    one_by_one, at_once = contents(second), contents(home)
    assert one_by_one.keys() == at_once.keys()
    for table in one_by_one:
        assert one_by_one[table] == at_once[table], table


def test_a_dump_in_which_nothing_is_new_is_nothing_to_build(
    second: Home, tmp_path: Path, dumps: tuple[Path, list[list[str]]]
) -> None:
    home = second.copy(tmp_path / "home")
    archives = [part for path in dumps[1][1][:1] for part in ("--dump", path)]
    # without the archive of tags it is another dump of the same moment, in which only tags are missing
    home.run("pull", "musicbrainz", *archives, "--only", "genre,area")
    assert home.run("build").stdout == "nothing to build: silver and gold are up to date\n"


def test_ids_rest_on_mbids_and_not_on_row_numbers(first: Home) -> None:
    (row,) = first.run(
        "query", "--json", "SELECT artist_id, source_id FROM silver.artist WHERE sort_name = 'Beatles, The'"
    ).document
    assert row["artist_id"] == str(entity_id(EntityType.ARTIST, "musicbrainz", row["source_id"]))


def ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over silver and gold."""
    with open_app(home.path, progress=RecordedProgress()) as app, app.core.engine.connect() as connection:
        connection.execute("USE lake")
        return connection.execute(query).fetchall()


MATCHED = """
    SELECT m.{name}, d.{name}
    FROM silver.{entity_type}_match AS x
    JOIN silver.{entity_type} AS m ON (m.source, m.record_id) = (x.source, x.record_id)
    JOIN silver.{entity_type} AS d ON (d.source, d.record_id) = (x.other_source, x.other_record_id)
    WHERE x.band = 'match'
    ORDER BY 1
"""
OTHERWISE_CALLED = {
    "artist": [("坂本龍一", "Ryuichi Sakamoto"), ("細野晴臣", "Haruomi Hosono"), ("高橋幸宏", "Yukihiro Takahashi")],
    "label": [("Factory Records", "Factory"), ("Warp", "Warp Records")],
    "release_group": [],
    "release": [("Remain in Light", "Remain In The Light"), ("千のナイフ", "千のナイフ = Thousand Knives")],
}
"""What is the same in both sources under names that differ in more than case and signs: people linked these."""


@pytest.mark.parametrize(
    ("entity_type", "name", "count"),
    [
        ("artist", "display_name", 59),
        ("label", "name", 36),
        ("release_group", "title", 40),
        ("release", "title", 45),
    ],
)
def test_what_is_the_same_in_both_sources_is_matched(first: Home, entity_type: str, name: str, count: int) -> None:
    pairs = ask(first, MATCHED.format(entity_type=entity_type, name=name))
    assert len(pairs) == count
    assert [pair for pair in pairs if name_key(pair[0]) != name_key(pair[1])] == OTHERWISE_CALLED[entity_type]


COUNTED = """
SELECT
    (SELECT count(*) FROM silver.{entity_type} WHERE gone_month IS NULL),
    (SELECT count(*) FROM silver.{entity_type}_match WHERE band = 'match'),
    count(*), count(DISTINCT {entity_type}_id), count(other_record_id)
FROM gold.{entity_type}_summary {standing}
"""


@pytest.mark.parametrize(
    ("entity_type", "standing"), [("artist", ""), ("label", ""), ("release", "WHERE gone_month IS NULL")]
)
def test_gold_has_one_row_for_what_is_the_same_in_both_sources(first: Home, entity_type: str, standing: str) -> None:
    query = COUNTED.format(entity_type=entity_type, standing=standing)
    ((records, matches, rows, ids, of_two),) = ask(first, query)
    assert matches > 0
    assert (rows, ids, of_two) == (records - matches, records - matches, matches)


SURVIVED = """
SELECT
    count(*) FILTER (g.title IS DISTINCT FROM a.title),
    count(*) FILTER (g.genre IS DISTINCT FROM coalesce(o.genre, a.genre)),
    count(*) FILTER (
        g.catalogue_number IS DISTINCT FROM CASE WHEN a.label_name IS NULL THEN o ELSE a END.catalogue_number
    )
FROM gold.release_summary AS g
JOIN gold.release_source_summary AS a ON a.source = 'musicbrainz' AND g.record_id = a.record_id
JOIN gold.release_source_summary AS o ON o.source = 'discogs' AND g.other_record_id = o.record_id
"""


def test_the_source_that_comes_first_in_a_field_gives_its_value(first: Home) -> None:
    assert ask(first, SURVIVED) == [(0, 0, 0)]


def test_matching_alone_decides_as_the_build_did(second: Home) -> None:
    before = contents(second)
    done = second.run("match", "--json")
    assert done.status == 0, done
    assert contents(second) == before
    counted = {one["entity_type"]: one for one in done.document["counts"]}
    for entity_type, count in counted.items():
        pairs = dict(ask(second, f"SELECT band, count(*) FROM silver.{entity_type}_match GROUP BY ALL"))
        assert pairs == {band: n for band, n in (("match", count["matched"]), ("ambiguous", count["ambiguous"])) if n}
        assert 0 < count["linked"] <= count["matched"]
        for source, there in _standing(second, entity_type):
            column = "record_id" if source == "musicbrainz" else "other_record_id"
            ((paired,),) = ask(second, f"SELECT count(DISTINCT {column}) FROM silver.{entity_type}_match")
            assert count["alone"].get(source, 0) == there - paired
    assert second.run("build").stdout.startswith("nothing to build")


def _standing(home: Home, entity_type: str) -> list[tuple[str, int]]:
    query = f"SELECT source, count(*)::INTEGER FROM silver.{entity_type} WHERE gone_month IS NULL GROUP BY ALL"
    return [(source, count) for source, count in ask(home, query)]


def test_matching_needs_something_that_was_built(tmp_path: Path) -> None:
    refused = Home(tmp_path / "home").run("match")
    assert refused.status == 2
    assert "run `liner build` first" in refused.error


def test_links_that_are_hidden_are_found_again_or_not_at_all(first: Home) -> None:
    tried = first.run("evaluate", "links", "--hide", "1", "--json")
    counts = ("entity_type", "hidden", "found", "ambiguous", "proposed")
    assert [tuple(one[count] for count in counts) for one in tried.document] == [
        ("artist", 46, 24, 19, 46),
        ("label", 22, 12, 8, 21),
        ("release_group", 31, 29, 0, 30),
        ("release", 39, 35, 3, 38),
    ]
    assert {one["wrong"] for one in tried.document} == {0}
    by_artist = tried.document[0]["proposed_by"]
    assert by_artist.keys() == {"name", "namesake", "other name", "web address"}
    assert max(by_artist.values()) < 46  # no way of blocking finds them all
    untouched = first.run("evaluate", "links", "--hide", "0", "--json").document
    assert [(one["links"], one["hidden"]) for one in untouched] == [(46, 0), (22, 0), (31, 0), (39, 0)]


def test_links_are_tried_where_something_was_built(tmp_path: Path) -> None:
    refused = Home(tmp_path / "home").run("evaluate", "links")
    assert refused.status == 2
    assert "run `liner build` first" in refused.error


@pytest.fixture(scope="module")
def published(second: Home) -> Iterator[sqlite3.Connection]:
    for command in ("stage", "validate", "promote"):
        done = second.run(command)
        assert done.status == 0, done
    with closing(sqlite3.connect(f"file:{second.path}/production/catalogue.db?mode=ro", uri=True)) as connection:
        yield connection


def test_both_sources_are_published_without_a_broken_reference(published: sqlite3.Connection) -> None:
    assert published.execute("PRAGMA foreign_key_check").fetchall() == []
    counted = published.execute(
        "SELECT l.source, count(*) FROM release JOIN load AS l ON release.load_id = l.id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    others = published.execute("SELECT count(release_id) FROM other_record").fetchall()
    assert (counted, others) == ([("discogs", 10), ("musicbrainz", 45)], [(45,)])


@pytest.mark.proves("What two sources have is one row, with who said what")
@pytest.mark.parametrize("entity_type", ["artist", "label", "release"])
def test_what_is_published_has_the_ids_of_gold(second: Home, published: sqlite3.Connection, entity_type: str) -> None:
    standing = "WHERE gone_month IS NULL" if entity_type == "release" else ""
    in_gold = ask(second, f"SELECT {entity_type}_id::VARCHAR FROM gold.{entity_type}_summary {standing} ORDER BY 1")
    assert published.execute(f"SELECT uuid FROM {entity_type} ORDER BY 1").fetchall() == in_gold


SUMMED_UP = """
SELECT
    r.uuid,
    r.title,
    r.released_year,
    r.country,
    (SELECT x.genre FROM genre AS x WHERE x.release_id = r.id ORDER BY x.position LIMIT 1),
    (SELECT x.catalogue_number FROM release_label AS x WHERE x.release_id = r.id ORDER BY x.position LIMIT 1),
    (SELECT count(*) FROM track AS x WHERE x.release_id = r.id AND x.kind NOT IN ('heading', 'index'))
FROM release AS r
ORDER BY r.uuid
"""


@pytest.mark.proves("What two sources have is one row, with who said what")
def test_what_is_published_of_a_release_is_what_gold_says(second: Home, published: sqlite3.Connection) -> None:
    in_gold = ask(
        second,
        "SELECT release_id::VARCHAR, title, released_year, country, genre, catalogue_number, track_count"
        " FROM gold.release_summary WHERE gone_month IS NULL ORDER BY 1",
    )
    assert published.execute(SUMMED_UP).fetchall() == in_gold


@pytest.mark.proves("What two sources have is one row, with who said what")
def test_an_id_that_was_given_up_leads_to_what_is_published(second: Home, published: sqlite3.Connection) -> None:
    in_silver = ask(
        second, "SELECT from_id::VARCHAR, reason FROM silver.entity_redirect WHERE entity_type <> 'area' ORDER BY 1"
    )
    assert published.execute("SELECT uuid, reason FROM redirect ORDER BY 1").fetchall() == in_silver


def test_a_recording_on_two_releases_is_published_once(published: sqlite3.Connection) -> None:
    found = published.execute(
        "SELECT r.title, count(DISTINCT t.release_id) FROM track AS t JOIN recording AS r ON t.recording_id = r.id"
        " WHERE r.title = 'So What' GROUP BY r.id ORDER BY 2"
    ).fetchall()
    assert found == [("So What", 2)]


def test_what_only_one_source_knows_is_published(published: sqlite3.Connection) -> None:
    (beatles,) = published.execute(
        "SELECT sort_name, type, begin_year, end_year FROM artist WHERE sort_name = 'Beatles, The'"
    ).fetchall()
    assert beatles == ("Beatles, The", "Group", 1960, 1970)
    members = published.execute(
        "SELECT member_name, membership.begin_year FROM membership JOIN artist ON group_id = artist.id"
        " WHERE artist.sort_name = 'Beatles, The' ORDER BY membership.position"
    ).fetchall()
    assert members == [
        ("John Lennon", 1960),
        ("Paul McCartney", 1960),
        ("George Harrison", 1960),
        ("Ringo Starr", 1962),
    ]
