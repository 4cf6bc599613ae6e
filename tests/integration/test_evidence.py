"""Every value in the catalogue can be traced to the record it came from, and every value of the source is there."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults.contents import assert_same, read_contents
from tests.faults.liner import Home
from tests.integration import oracle
from tests.integration.evidence import Cell, Evidence, evidence_of

SEED = 20200806
CELLS = 200
ENTITIES = ("artist", "label", "master", "release")
# Bronze tables that silver leaves out, because another one says the same from the other side.
SAID_ELSEWHERE = {"discogs_artist_group", "discogs_artist_member_id", "discogs_label_sublabel"}
SILVER_OF = {
    "artist": ["discogs_artist"],
    "artist_alias": ["discogs_artist_alias", "discogs_artist_name_variation"],
    "membership": ["discogs_artist_member"],
    "label": ["discogs_label"],
    "release_group": ["discogs_master"],
    "release": ["discogs_release"],
    "medium": ["discogs_release_format"],
    "medium_description": ["discogs_release_format_description"],
    "track": ["discogs_release_track", "discogs_release_sub_track"],
    "artist_credit": ["discogs_master_artist", "discogs_release_artist"],
    "track_artist_credit": ["discogs_release_track_artist", "discogs_release_sub_track_artist"],
    "release_credit": ["discogs_release_credit"],
    "track_credit": ["discogs_release_track_credit", "discogs_release_sub_track_credit"],
    "release_label": ["discogs_release_label"],
    "release_company": ["discogs_release_company"],
    "genre": ["discogs_master_genre", "discogs_release_genre"],
    "style": ["discogs_master_style", "discogs_release_style"],
    "source_identifier": ["discogs_release_identifier"],
    "video": ["discogs_master_video", "discogs_release_video"],
    "image": ["discogs_artist_image", "discogs_label_image", "discogs_master_image", "discogs_release_image"],
    "url": ["discogs_artist_url", "discogs_label_url"],
}


@pytest.fixture(scope="module")
def evidence(real_home: Home) -> Iterator[Evidence]:
    with evidence_of(real_home.path) as found:
        yield found


@pytest.fixture(scope="module")
def records(real_dumps: Path) -> dict[str, dict[int, Any]]:
    """What lxml reads from the files, by entity and id."""
    return {entity: oracle.read_records(real_dumps / f"discogs_20200806_{entity}s.xml.gz") for entity in ENTITIES}


@pytest.fixture(scope="module")
def bronze(real_home: Home) -> dict[str, list[dict[str, Any]]]:
    """Every bronze table, row by row as it stands in the files."""
    tables = (folder for folder in (real_home.path / "bronze").glob("discogs_*") if not folder.name.endswith("_hash"))
    return {table.name: [row for file in sorted(table.glob("*.parquet")) for row in rows(file)] for table in tables}


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def by_record(table: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table:
        found.setdefault(row["record_id"], []).append(row)
    return found


# Silver back to bronze


@pytest.mark.proves("Every value leads back to the record and the load that it came from", real=True)
def test_200_random_values_of_silver_are_what_their_records_say(evidence: Evidence) -> None:
    cells = evidence.draw(CELLS, seed=SEED)
    wrong = [f"{cell}; again: {again}" for cell in cells if (again := evidence.recompute(cell)) != [cell.value]]
    assert not wrong, "\n".join(wrong)
    assert {cell.table for cell in cells} == evidence.tables().keys()


def traceable(evidence: Evidence, cells: list[Cell]) -> list[tuple[Cell, str, str]]:
    """Cells whose value stands exactly once in their bronze record, with the table and the column where."""
    found = []
    for cell in cells:
        places = [
            (table, column)
            for table, held in evidence.record(cell).items()
            for row in held
            for column, value in row.items()
            if isinstance(cell.value, str) and value == cell.value
        ]
        if len(places) == 1:
            found.append((cell, *places[0]))
    return found


def change_one_character(bronze: Path, cell: Cell, table: str, column: str) -> None:
    """Rewrite a bronze file with another last character in the one value that a cell comes from."""
    path = bronze / table / f"{cell.row['load_id']}.parquet"
    read = pq.read_table(path)
    ids, values = read["record_id"].to_pylist(), read[column].to_pylist()
    place = next(at for at, value in enumerate(values) if value == cell.value and str(ids[at]) == cell.row["record_id"])
    values[place] = cell.value[:-1] + ("#" if cell.value[-1] != "#" else "+")
    changed = pa.array(values, pa.string())
    pq.write_table(read.set_column(read.schema.get_field_index(column), column, changed), path)


@pytest.mark.proves("Every value leads back to the record and the load that it came from", real=True)
def test_one_changed_character_in_bronze_is_found_out(real_home: Home, evidence: Evidence, tmp_path: Path) -> None:
    chosen = traceable(evidence, evidence.draw(CELLS, seed=SEED))[:20]
    assert len(chosen) == 20
    copy = real_home.copy(tmp_path / "home")
    with evidence_of(copy.path) as copied:
        assert [copied.recompute(cell) for cell, _, _ in chosen] == [[cell.value] for cell, _, _ in chosen]
        for cell, table, column in chosen:
            change_one_character(copy.path / "bronze", cell, table, column)
        untouched = [str(cell) for cell, _, _ in chosen if copied.recompute(cell) == [cell.value]]
    assert not untouched, "\n".join(untouched)


# Bronze back to the file


@pytest.mark.proves("Nothing that stands in a Discogs dump is dropped", real=True)
@pytest.mark.parametrize("entity", ENTITIES)
def test_bronze_rows_are_what_lxml_reads_from_the_file(
    entity: str, records: dict[str, dict[int, Any]], bronze: dict[str, list[dict[str, Any]]]
) -> None:
    expected: dict[str, dict[int, list[oracle.Row]]] = {}
    for record_id, record in records[entity].items():
        for table, of_record in oracle.rows_of(entity, record).items():
            expected.setdefault(table, {})[record_id] = of_record
    held = {name: table for name, table in bronze.items() if name in oracle.TABLES[entity]}
    assert held.keys() == expected.keys()
    for table, rows_expected in expected.items():
        columns = [column for column in held[table][0] if column.endswith("_index")] + oracle.columns_of(entity, table)
        assert held[table][0].keys() == {"load_id", "record_id", *columns}
        found = {key: [tuple(row[c] for c in columns) for row in each] for key, each in by_record(held[table]).items()}
        assert found == rows_expected, f"{table} differs"


@pytest.mark.proves("Nothing that stands in a Discogs dump is dropped", real=True)
@pytest.mark.parametrize("entity", ENTITIES)
def test_bronze_holds_every_value_of_every_record_and_no_other(
    entity: str, records: dict[str, dict[int, Any]], bronze: dict[str, list[dict[str, Any]]]
) -> None:
    held: dict[int, Counter[str]] = {record_id: Counter() for record_id in records[entity]}
    for table in oracle.TABLES[entity]:
        for row in bronze.get(table, []):
            held[row["record_id"]].update(
                value for column, value in row.items() if isinstance(value, str) and column != "load_id"
            )
    wrong = {key: held[key] for key, record in records[entity].items() if held[key] != oracle.all_values(record)}
    assert not wrong


@pytest.mark.proves("Counts are reconciled with the file's own", real=True)
@pytest.mark.parametrize("entity", ENTITIES)
def test_each_file_gives_its_1000_records(
    entity: str, records: dict[str, dict[int, Any]], bronze: dict[str, list[dict[str, Any]]]
) -> None:
    assert len(records[entity]) == len(bronze[f"discogs_{entity}"]) == 1000


@pytest.mark.proves("Counts are reconciled with the file's own", real=True)
def test_silver_has_as_many_rows_as_bronze_but_for_exact_repetitions_of_labels(
    evidence: Evidence, bronze: dict[str, list[dict[str, Any]]]
) -> None:
    counts = {name: len(table) for name, table in evidence.tables().items()}
    assert counts.pop("recording") == sum(row["kind"] in {"track", "sub_track"} for row in evidence.tables()["track"])
    numbered = [row for row in evidence.tables()["release_label"] if (row["catalogue_number"] or "none") != "none"]
    entities = sum(counts[table] for table in ("artist", "label", "release_group", "release"))
    assert counts.pop("identifier") == counts["source_identifier"] + entities + len(numbered)
    dated = sum(row["released_year"] is not None for row in evidence.tables()["release"])
    dated += sum(row["year"] is not None for row in evidence.tables()["release_group"])
    genres = sum(row["position"] == 1 for row in evidence.tables()["genre"])
    labelled = sum(row["position"] == 1 and row["label_name"] is not None for row in evidence.tables()["release_label"])
    assert counts.pop("source_value") == dated + genres + labelled
    expected = {silver: sum(len(bronze[table]) for table in tables) for silver, tables in SILVER_OF.items()}
    labels = [(row["record_id"], row["id"], row["name"], row["catno"]) for row in bronze["discogs_release_label"]]
    expected["release_label"] -= len(labels) - len(set(labels))
    assert counts == expected
    assert bronze.keys() - {table for tables in SILVER_OF.values() for table in tables} == SAID_ELSEWHERE


@pytest.mark.proves("Doing it all again changes nothing", real=True)
def test_a_second_pull_and_build_change_nothing(real_home: Home, real_dumps: Path, tmp_path: Path) -> None:
    home = real_home.copy(tmp_path / "home")
    before, snapshots = read_contents(home.path), snapshot(home)
    pulled = home.run("pull", "discogs", "--from", str(real_dumps), "--json")
    built = home.run("build", "--json")
    assert (pulled.status, built.status) == (0, 0), f"{pulled}{built}"
    assert [file["unchanged"] for file in pulled.document["files"]] == [1000] * 4
    assert built.document["models"] == []
    assert_same(read_contents(home.path), before)
    assert snapshot(home) == snapshots


def snapshot(home: Home) -> str:
    """The lake's newest snapshot."""
    return str(home.run("doctor", "--json").document[-1]["found"])
