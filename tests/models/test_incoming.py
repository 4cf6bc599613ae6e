"""The SQL of what a build takes in, for loads that show its shape."""

from pathlib import Path

import pytest

from linernotes.domain.uuid7 import to_uuid7
from linernotes.lake.incoming import Task, bronze_views, incoming_views, write_incoming
from linernotes.lake.reading import Mode, ModelInput, Reflected
from linernotes.ports.loads import Load
from tests.lake_kit import TABLES, joined, make_load, record
from tests.model_kit import sql_connection

TRACK = (TABLES["discogs_release_sub_track"], TABLES["discogs_release_track"])


@pytest.fixture
def loads(tmp_path: Path) -> list[Load]:
    """Three months; the second lands release 1 again and misses release 2."""
    return [
        make_load(tmp_path, to_uuid7(1), "2026-01-01", record("release", 1, title="a", track=[{"title": "x"}])),
        make_load(tmp_path, to_uuid7(2), "2026-02-01", record("release", 1, title="b"), gone=[2]),
        make_load(tmp_path, to_uuid7(3), "2026-03-01", record("release", 3, title="c", track=[{"title": "y"}])),
    ]


def views(loads: list[Load], bronze: Path, reflected: Reflected) -> dict[str, str]:
    model = ModelInput(model="track", tables=TRACK, reflected=reflected)
    made = (statement.split('"', 2) for statement in incoming_views(model, loads, bronze))
    return {name: select for _, name, select in made}


def test_newest_rows_are_found_by_leaving_out_what_was_landed_again_and_never_by_a_window(
    loads: list[Load], tmp_path: Path
) -> None:
    select = views(loads, tmp_path, Reflected())["track__discogs_release_track"]
    assert "ANTI JOIN" in select
    assert " OVER " not in select


def test_an_increment_reads_the_files_of_new_loads_only(loads: list[Load], tmp_path: Path) -> None:
    taken = Reflected(taken=frozenset({loads[0].load_id, loads[1].load_id}))
    select = views(loads, tmp_path, taken)["track__discogs_release_track"]
    assert str(loads[2].load_id) in select
    assert str(loads[0].load_id) not in select


def test_the_records_to_look_at_are_read_once_however_many_tables_a_model_has(
    loads: list[Load], tmp_path: Path
) -> None:
    assert views(loads, tmp_path, Reflected())["track__changed"].count("read_parquet") == 1


def test_a_model_without_bronze_has_no_views(loads: list[Load], tmp_path: Path) -> None:
    assert list(incoming_views(ModelInput(model="summary", tables=()), loads, tmp_path)) == []


def test_the_plan_tells_macros_what_becomes_of_each_model(loads: list[Load], tmp_path: Path) -> None:
    task = Task(input=ModelInput(model="track", tables=TRACK), mode=Mode.FIRST)
    with sql_connection() as connection:
        write_incoming(connection, to_uuid7(9), [task], loads, tmp_path)
        assert connection.execute("FROM memory.incoming.plan").fetchall() == [("track", "first", False, 1)]
        assert connection.execute("FROM memory.incoming.run").fetchall() == [(str(to_uuid7(9)),)]
        rows = connection.execute(
            "SELECT record_type, record_id, title FROM memory.incoming.track__discogs_release_track"
        )
        assert rows.fetchall() == [("release", "3", "y")]


def test_every_record_is_in_one_slice(tmp_path: Path) -> None:
    records = [record("release", record_id, title="a", track=[{"title": "x"}]) for record_id in (1, 2, 4, 30)]
    months = [
        make_load(tmp_path, to_uuid7(1), "2026-01-01", joined(records)),
        make_load(tmp_path, to_uuid7(2), "2026-02-01", record("release", 2, title="b", track=[{"title": "y"}])),
    ]
    task = Task(input=ModelInput(model="track", tables=TRACK), mode=Mode.FIRST, slices=3)
    with sql_connection() as connection:
        write_incoming(connection, to_uuid7(9), [task], months, tmp_path)
        seen = []
        for number in range(3):
            connection.execute(f"SET VARIABLE slice = {number}")
            seen += connection.execute(
                f"SELECT {number}, record_id, title FROM memory.incoming.track__discogs_release_track ORDER BY ALL"
            ).fetchall()
    assert seen == [(0, "1", "x"), (0, "2", "y"), (0, "4", "x"), (2, "30", "x")]


def test_names_with_quotes_in_the_home_are_names(tmp_path: Path) -> None:
    home = tmp_path / 'it\'s "mine"'
    load = make_load(home, to_uuid7(1), "2026-01-01", record("label", 5, name="Svek"))
    with sql_connection() as connection:
        connection.execute("ATTACH ':memory:' AS bronze")
        for statement in bronze_views([TABLES["discogs_label"]], [load], home):
            connection.execute(statement)
        assert connection.execute("SELECT name FROM bronze.discogs_label").fetchall() == [("Svek",)]
