"""What we have written down of MusicBrainz' schema, against the real one; and COPY text as a real server writes it."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linernotes.sample import write_musicbrainz
from linernotes.sources.musicbrainz.copy_text import CopyReader
from linernotes.sources.musicbrainz.extracts import ENTITIES, Extract, columns_read, extracts
from linernotes.sources.musicbrainz.schema import COLUMNS, keys_of, type_of
from tests.musicbrainz_kit import load_dump, real_columns, real_sql

EXTRACTS = [extract for queries in extracts().values() for extract in queries]
SQL_TYPES = {
    "SERIAL": "INTEGER",
    "INTEGER": "INTEGER",
    "SMALLINT": "INTEGER",
    "UUID": "UUID",
    "BOOLEAN": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMPTZ",
    "TEXT": "VARCHAR",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_those_of_the_real_schema_in_its_order(table: str) -> None:
    assert COLUMNS[table] == tuple(real_columns()[table])


@pytest.mark.parametrize("table", COLUMNS)
def test_a_column_has_the_type_that_its_name_tells(table: str) -> None:
    for column, real in real_columns()[table].items():
        expected = "VARCHAR" if "CHAR" in real else SQL_TYPES[real]
        assert type_of(column) == expected, column


def test_keys_are_those_of_the_real_schema_and_are_read() -> None:
    found = re.findall(r"ALTER TABLE (\w+) ADD CONSTRAINT \w+ PRIMARY KEY \((.*?)\)", real_sql("CreatePrimaryKeys"))
    real = {table: tuple(re.split(r",\s*", columns)) for table, columns in found}
    assert {table: keys_of(table) for table in COLUMNS} == {table: real[table] for table in COLUMNS}
    assert all(set(keys_of(table)) <= set(columns_read(table)) for table in COLUMNS)


def test_every_entity_has_an_extract_of_its_own_and_every_table_an_extract() -> None:
    assert [extracts()[entity][0].name for entity in ENTITIES] == list(ENTITIES)
    read = frozenset().union(*(extract.tables for queries in extracts().values() for extract in queries))
    assert read == COLUMNS.keys()


def test_what_is_read_of_a_dump_is_what_the_extracts_name() -> None:
    assert columns_read("artist_type") == ["id", "name", "gid"]
    assert "edits_pending" not in {column for table in COLUMNS for column in columns_read(table)}


def test_of_records_the_time_of_their_last_update_is_read_too() -> None:
    assert {table for table in COLUMNS if "last_updated" in columns_read(table)} == set(ENTITIES)


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.name)
def test_a_real_database_runs_every_extract(extract: Extract, empty_musicbrainz: str) -> None:
    with psycopg.connect(empty_musicbrainz, options="-csearch_path=musicbrainz") as connection:
        found = connection.execute(extract.sql)
        assert found.description is not None
        assert found.description[0].name == "record_id"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(2**31), 2**31 - 1),
            st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            st.none() | st.booleans(),
        )
    )
)
def test_what_a_real_server_copies_comes_back(
    new_database: Callable[..., str], rows: list[tuple[int, str | None, bool | None]]
) -> None:
    with psycopg.connect(_database(new_database)) as connection:
        connection.execute("CREATE TEMP TABLE one (id integer, name text, ended boolean)")
        connection.cursor().executemany("INSERT INTO one VALUES (%s, %s, %s)", rows)
        with connection.cursor().copy("COPY one TO STDOUT") as copy:
            text = b"".join(map(bytes, copy))
    reader = CopyReader(("id", "name", "ended"), kept=("id", "name", "ended"), type_of=type_of)
    found = [tuple(row.values()) for block in reader.read(io.BytesIO(text)) for row in block.table.to_pylist()]
    assert found == rows


_made: list[str] = []


def _database(new_database: Callable[..., str]) -> str:
    """One database for all examples."""
    if not _made:
        _made.append(new_database())
    return _made[0]


def test_the_sample_loads_into_the_real_schema(empty_musicbrainz: str, tmp_path: Path) -> None:
    for archives in write_musicbrainz(tmp_path, days=["2024-11-02"]):
        for archive in archives:
            load_dump(empty_musicbrainz, archive)
    with psycopg.connect(empty_musicbrainz) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM musicbrainz.artist), (SELECT count(*) FROM musicbrainz.artist_tag)"
        ).fetchone()
    assert counts == (71, 19)
