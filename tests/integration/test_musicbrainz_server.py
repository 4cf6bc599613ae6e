"""Tables of MusicBrainz read over several connections."""

from functools import partial
from pathlib import Path

import duckdb
import psycopg

from linernotes.bootstrap.musicbrainz import _connect
from linernotes.sources.musicbrainz.database import DatabaseAddress, open_database
from linernotes.sources.musicbrainz.extracts import ENTITIES, extracts
from linernotes.sources.musicbrainz.landing import bring

MANY_RECORDINGS = """
    INSERT INTO musicbrainz.recording (id, gid, name, artist_credit, length, comment)
    SELECT n, gen_random_uuid(), 'Recording ' || n, 0, 1000, '' FROM generate_series(1, 250000) AS n
"""
"""More pages than one connection takes at a time."""


def test_what_two_connections_read_of_a_table_is_of_one_moment(tmp_path: Path, empty_musicbrainz: str) -> None:
    connect = partial(_connect, extensions=tmp_path / "extensions")
    address = DatabaseAddress(dsn=empty_musicbrainz)
    with psycopg.connect(empty_musicbrainz, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(MANY_RECORDINGS)
        with open_database(address, connect, tmp_path / "spill") as origin:
            connection.execute("UPDATE musicbrainz.recording SET length = 2000 WHERE id % 2 = 0")
            connection.execute("DELETE FROM musicbrainz.recording WHERE id % 3 = 0")
            rows = origin.select(extracts()["recording"][0].sql)
            assert bring(origin.connection, rows, tmp_path / "rows.parquet") == 250_000
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT min(length), max(length) FROM '{tmp_path}/rows.parquet'").fetchall()
    assert found == [(1000, 1000)]


def test_the_server_joins_and_filters_and_the_engine_reads_tables(tmp_path: Path, empty_musicbrainz: str) -> None:
    queries = [query for entity in ENTITIES for query in extracts()[entity]]
    connect = partial(_connect, extensions=tmp_path / "extensions")
    with open_database(DatabaseAddress(dsn=empty_musicbrainz), connect, tmp_path / "spill") as origin:
        parallel = [query for query in queries if origin.is_parallel(query.sql)]
        assert [query.name for query in parallel if not query.name.endswith("_redirect")] == ["genre", "recording"]
        assert all(len(query.tables) == 1 for query in parallel)
        for query in queries:
            is_of_server = "postgres_query" in origin.select(query.sql)
            assert is_of_server is (query not in parallel)
