"""The SQL that is made for somebody else's tables, whole, and for comparing generations."""

import pytest

from linernotes.destinations.sqlite.comparison import comparison_sql
from linernotes.destinations.sqlite.connections import quoted
from linernotes.destinations.sqlite.mirror_inspection import duplicate_sql, identifier_columns
from linernotes.destinations.sqlite.mirror_rows import delete_sql, insert_sql, rows_sql, update_sql
from linernotes.destinations.sqlite.mirror_tables import MirroredTable

ARTISTS = MirroredTable(
    name="artists",
    view="artists",
    filled={"name": "name", "discogs_id": "id"},
    columns=("id", "name", "discogs_id", "stars"),
    key=("id",),
    is_numbered=True,
    is_unique_besides=False,
)
ALBUMS = MirroredTable(
    name='al"bums',
    view="albums",
    filled={"id": "id", "title": "title", "by": "artist_id"},
    columns=("id", "title", "by", "stars"),
    key=("id",),
    is_numbered=False,
    is_unique_besides=True,
)
THEIRS = {"artists": ARTISTS, "albums": ALBUMS}


@pytest.mark.parametrize(
    ("name", "identifier"), [("artist", '"artist"'), ('a"b', '"a""b"'), ("x; DROP TABLE y --", '"x; DROP TABLE y --"')]
)
def test_a_name_means_exactly_itself(name: str, identifier: str) -> None:
    assert quoted(name) == identifier


def test_rows_of_a_numbered_table_keep_their_numbers_and_new_ones_follow() -> None:
    assert rows_sql(ARTISTS, THEIRS, catalogue="catalogue", into="made") == (
        "CREATE TEMP TABLE keys_artists (ours INTEGER PRIMARY KEY, theirs)",
        "INSERT INTO temp.keys_artists SELECT v.id,"
        ' coalesce(t.number, (SELECT coalesce(max("id"), 0) FROM main."artists")'
        " + row_number() OVER (PARTITION BY t.number IS NULL ORDER BY v.id)) FROM catalogue.artists AS v"
        ' LEFT JOIN (SELECT "discogs_id" AS ours, min("id") AS number FROM main."artists" GROUP BY 1) AS t'
        " ON v.id = t.ours",
        'CREATE TABLE made."artists" AS SELECT "id", "name", "discogs_id" FROM main."artists" WHERE 0',
        'CREATE UNIQUE INDEX made."key of artists" ON "artists" ("id")',
        'INSERT OR IGNORE INTO made."artists" SELECT k.theirs, v.name, v.id FROM catalogue.artists AS v'
        " INNER JOIN temp.keys_artists AS k ON v.id = k.ours ORDER BY v.id",
    )


def test_references_take_the_keys_of_the_other_table() -> None:
    statements = rows_sql(ALBUMS, THEIRS, catalogue="catalogue", into="made")
    assert statements[1] == 'INSERT INTO temp.keys_albums SELECT id, "id" FROM catalogue.albums'
    assert statements[-1] == (
        'INSERT OR IGNORE INTO made."al""bums" SELECT v.id, v.title,'
        " (SELECT r.theirs FROM temp.keys_artists AS r WHERE r.ours = v.artist_id) FROM catalogue.albums AS v"
        " INNER JOIN temp.keys_albums AS k ON v.id = k.ours ORDER BY v.id"
    )


def test_a_reference_to_a_table_that_is_not_there_stays_our_id() -> None:
    statements = rows_sql(ALBUMS, {"albums": ALBUMS}, catalogue="catalogue", into="made")
    assert "v.artist_id FROM catalogue.albums" in statements[-1]


def test_rows_that_the_source_lacks_are_deleted() -> None:
    assert delete_sql(ARTISTS, "source") == (
        'DELETE FROM main."artists" WHERE ("id") NOT IN (SELECT "id" FROM source."artists")'
    )


def test_rows_that_only_the_source_has_are_inserted() -> None:
    assert insert_sql(ARTISTS, "source", ["id", "name"], or_ignore=True) == (
        'INSERT OR IGNORE INTO main."artists" ("id", "name") SELECT s."id", s."name" FROM source."artists" AS s'
        ' WHERE (s."id") NOT IN (SELECT "id" FROM main."artists")'
    )


def test_only_rows_that_differ_are_updated_and_only_in_what_we_fill() -> None:
    assert update_sql(ARTISTS, "source", or_ignore=False) == (
        'UPDATE main."artists" AS t SET "name" = s."name", "discogs_id" = s."discogs_id" FROM source."artists" AS s'
        ' WHERE t."id" = s."id" AND (0 OR t."name" IS NOT s."name" OR t."discogs_id" IS NOT s."discogs_id")',
    )


def test_rows_that_may_trade_unique_values_are_taken_out_and_put_in_with_what_others_wrote() -> None:
    assert update_sql(ALBUMS, "source", or_ignore=False) == (
        "DROP TABLE IF EXISTS temp.changed",
        'CREATE TEMP TABLE changed AS SELECT t."id", s."title", s."by", t."stars" FROM main."al""bums" AS t'
        ' INNER JOIN source."al""bums" AS s ON t."id" = s."id"'
        ' AND (0 OR t."title" IS NOT s."title" OR t."by" IS NOT s."by")',
        'DELETE FROM main."al""bums" WHERE ("id") IN (SELECT "id" FROM temp.changed)',
        'INSERT INTO main."al""bums" ("id", "title", "by", "stars")'
        ' SELECT "id", "title", "by", "stars" FROM temp.changed',
    )


def test_a_table_of_keys_only_is_never_updated() -> None:
    keys = MirroredTable(
        name="artists",
        view="artists",
        filled={"id": "id"},
        columns=("id",),
        key=("id",),
        is_numbered=False,
        is_unique_besides=False,
    )
    assert update_sql(keys, "source", or_ignore=False) == ()


def test_duplicates_are_rows_that_share_a_value() -> None:
    assert identifier_columns(ARTISTS) == ["discogs_id"]
    assert duplicate_sql(ARTISTS, "discogs_id") == (
        'SELECT "id" FROM main."artists" WHERE "discogs_id" IN (SELECT "discogs_id" FROM main."artists"'
        ' WHERE "discogs_id" IS NOT NULL GROUP BY "discogs_id" HAVING count(*) > 1)'
    )


def test_generations_are_compared_by_key() -> None:
    columns = ["release_id", "position", "genre", "load_id"]
    assert comparison_sql("genre", ("release_id", "position"), columns, is_same_load="(n.{column} = o.{column})") == (
        'SELECT coalesce(sum(o."position" IS NULL), 0),'
        ' coalesce(sum(NOT o."position" IS NULL AND (n."genre" IS NOT o."genre" OR NOT (n.load_id = o.load_id))), 0)'
        ' FROM main."genre" AS n LEFT JOIN old."genre" AS o'
        ' ON o."release_id" = n."release_id" AND o."position" = n."position"'
        ' WHERE n."release_id" IS NOT NULL AND n."position" IS NOT NULL'
    )
