"""What a build takes in: for each model, the bronze records it has not seen, as views.

The schema `incoming` stands in memory beside the lake. For a model `track` that reads
`discogs_release_track` it holds

- `track__discogs_release_track`: the current rows of the records to take in,
- `track__changed`: which records those are,
- `track__gone`: records that their source no longer has, with the month they disappeared,
- `track__withdrawn`: loads that may have been taken in and have been discarded since.

A record's current rows are those of the newest load that landed it. They are found by leaving out,
load by load, what a later load landed again, never by a window over all loads.

A model with much to take in is built in slices of its records, so that memory does not grow with the dump: its views of
rows then show one range of record ids, that of the variable `slice`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb

from linernotes.lake.engine import literal, quote
from linernotes.lake.reading import BronzeTable, Mode, ModelInput, Reading, readings_of
from linernotes.lake.rules import SCHEMA, create_rules
from linernotes.ports.loads import Load, LoadKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What macros and tests have to know of one model."""

    input: ModelInput
    mode: Mode
    tests_changed_only: bool = False
    """Its tests may leave out records that were tested before."""
    slices: int = 1
    """Into how many slices its records are cut."""


def write_plan(connection: duckdb.DuckDBPyConnection, run_id: UUID | None = None, tasks: Sequence[Task] = ()) -> None:
    """Create the schema `incoming` with the run that signs commits, and the plan that macros and tests follow."""
    connection.execute(f"CREATE SCHEMA memory.{SCHEMA}")
    create_rules(connection)
    connection.execute(f"CREATE TABLE memory.{SCHEMA}.run (run_id VARCHAR)")
    connection.execute(f"INSERT INTO memory.{SCHEMA}.run VALUES (?)", [str(run_id)])
    columns = "model VARCHAR, mode VARCHAR, tests_changed_only BOOLEAN, slices INTEGER"
    connection.execute(f"CREATE TABLE memory.{SCHEMA}.plan ({columns})")
    for task in tasks:
        row = [task.input.model, str(task.mode), task.tests_changed_only, task.slices]
        connection.execute(f"INSERT INTO memory.{SCHEMA}.plan VALUES (?, ?, ?, ?)", row)


def write_incoming(
    connection: duckdb.DuckDBPyConnection, run_id: UUID, tasks: Sequence[Task], loads: Sequence[Load], bronze: Path
) -> None:
    """Create the schema `incoming`: the plan of a build, and each model's views.

    Args:
        connection: Where dbt will run.
        run_id: The run under way.
        tasks: One per model.
        loads: Every committed load, discarded ones too, oldest first.
        bronze: The bronze folder.
    """
    write_plan(connection, run_id, tasks)
    for task in tasks:
        slice_width = _slice_width(connection, task, loads, bronze) if task.slices > 1 else None
        for statement in incoming_views(task.input, loads, bronze, slice_width=slice_width):
            connection.execute(statement)


def _slice_width(connection: duckdb.DuckDBPyConnection, task: Task, loads: Sequence[Load], bronze: Path) -> int:
    """How many ids of records make a slice."""
    readings = readings_of(task.input, loads)
    files = [path for reading in readings for load in reading.active for path in _landed(reading, load, bronze)]
    if not files:
        return 1
    largest: int = connection.execute(f"SELECT coalesce(max(record_id), 0) FROM {_scan(files)}").fetchall()[0][0]
    return largest // task.slices + 1


def incoming_views(
    model: ModelInput, loads: Sequence[Load], bronze: Path, *, slice_width: int | None = None
) -> Iterator[str]:
    """The statements that create a model's views; none for a model that reads no bronze.

    Args:
        model: The model and what it reflects.
        loads: Every committed load, discarded ones too, oldest first.
        bronze: The bronze folder.
        slice_width: Ids per slice; None shows all records at once.
    """
    readings = readings_of(model, loads)
    if not readings:
        return
    name = model.model
    by_entity = {reading.table.record_table: reading for reading in readings}.values()
    views = {
        f"{name}__changed": " UNION ALL ".join(dict.fromkeys(_changed(reading, bronze) for reading in readings)),
        f"{name}__gone": " UNION ALL ".join(_gone(reading, bronze) for reading in by_entity),
        f"{name}__withdrawn": _withdrawn(readings),
    }
    views |= {f"{name}__{reading.table.name}": _new_records(reading, name, bronze, slice_width) for reading in readings}
    for view, select in views.items():
        yield f"CREATE VIEW memory.{SCHEMA}.{quote(view)} AS {select}"


def bronze_views(tables: Sequence[BronzeTable], loads: Sequence[Load], bronze: Path) -> Iterator[str]:
    """Statements that create, in a database `bronze`, one view per table over all active loads."""
    active = [load for load in loads if load.discarded_at is None]
    for table in tables:
        files = [path for load in active for path in _files(load, table.name, bronze)]
        columns = "".join(f", NULL::{kind} AS {quote(column)}" for column, kind in table.columns.items())
        nothing = f"SELECT NULL::VARCHAR AS load_id, NULL::BIGINT AS record_id{columns} WHERE false"
        select = f"FROM {_scan(files)}" if files else nothing
        yield f"CREATE VIEW bronze.main.{quote(table.name)} AS {select}"


def _new_records(reading: Reading, model: str, bronze: Path, slice_width: int | None) -> str:
    """The current rows of the records to take in: of every load to search, what no later load landed again."""
    table = reading.table
    columns = ", ".join(quote(column) for column in table.columns)
    searched = ""
    if reading.is_whole:
        changed = f"memory.{SCHEMA}.{quote(f'{model}__changed')}"
        searched = (
            f" SEMI JOIN {changed} AS c ON c.record_id = b.record_id::VARCHAR"
            f" AND c.source = {literal(table.source)} AND c.entity_type = {literal(table.entity_type)}"
        )
    parts = [
        f"SELECT {literal(table.source)} AS source, {literal(table.entity_type)} AS record_type,"
        f" record_id::VARCHAR AS record_id, load_id, {columns}"
        f" FROM {_scan(files, slice_width)} AS b"
        f"{_unless_landed_again(reading, position, bronze, slice_width)}{searched}"
        for position, load in enumerate(reading.active)
        if (reading.is_whole or load in reading.new) and (files := _files(load, table.name, bronze))
    ]
    return " UNION ALL ".join(parts) or _no_records(table)


def _unless_landed_again(reading: Reading, position: int, bronze: Path, slice_width: int | None = None) -> str:
    later = [path for load in reading.active[position + 1 :] for path in _landed(reading, load, bronze)]
    return f" ANTI JOIN {_scan(later, slice_width)} AS l ON l.record_id = b.record_id" if later else ""


def _changed(reading: Reading, bronze: Path) -> str:
    """The ids of the records that new or withdrawn loads landed."""
    files = [path for load in (*reading.new, *reading.withdrawn) for path in _landed(reading, load, bronze)]
    ids = f"FROM {_scan(files)}" if files else "FROM (SELECT 0 AS record_id) WHERE false"
    return f"SELECT DISTINCT {_record_key(reading.table)} {ids}"


def _gone(reading: Reading, bronze: Path) -> str:
    """Records whose last word from their source is that it no longer has them, with the first month without them."""
    parts = []
    for position, load in enumerate(reading.active):
        month = literal(f"{load.version:%Y-%m}")
        since = _unless_landed_again(reading, position, bronze)
        parts += [
            f"SELECT b.record_id, {month} AS gone_month FROM {absent} AS b{since}"
            for absent in _absences(reading, position, bronze)
        ]
    rows = " UNION ALL ".join(parts) or "SELECT 0 AS record_id, '' AS gone_month WHERE false"
    return f"SELECT {_record_key(reading.table)}, min(gone_month) AS gone_month FROM ({rows}) GROUP BY record_id"


def _absences(reading: Reading, position: int, bronze: Path) -> Iterator[str]:
    """Where the records stand that a load's dump no longer has: listed, or left out of a complete load."""
    load = reading.active[position]
    if listed := _files(load, f"{reading.table.record_table}_gone", bronze):
        yield _scan(listed)
    earlier = [path for one in reading.active[:position] for path in _landed(reading, one, bronze)]
    held = _files(load, f"{reading.table.record_table}_hash", bronze) or _landed(reading, load, bronze)
    if load.kind is LoadKind.COMPLETE and earlier and held:
        yield f"(SELECT e.record_id FROM {_scan(earlier)} AS e ANTI JOIN {_scan(held)} AS o USING (record_id))"


def _withdrawn(readings: Sequence[Reading]) -> str:
    load_ids = sorted({str(load.load_id) for reading in readings for load in reading.withdrawn})
    listed = ", ".join(f"({literal(load_id)})" for load_id in load_ids)
    return f"SELECT load_id FROM (VALUES {listed}) AS w (load_id)" if listed else "SELECT '' AS load_id WHERE false"


def _record_key(table: BronzeTable) -> str:
    return (
        f"{literal(table.source)} AS source, {literal(table.entity_type)} AS entity_type,"
        " record_id::VARCHAR AS record_id"
    )


def _landed(reading: Reading, load: Load, bronze: Path) -> list[str]:
    """Files with the records that a load landed."""
    return _files(load, reading.table.record_table, bronze)


def _files(load: Load, table: str, bronze: Path) -> list[str]:
    return [str(bronze / file.path) for file in load.files if file.table == table]


def _scan(files: Sequence[str], slice_width: int | None = None) -> str:
    """The rows of files; those of the slice alone are found by the row groups' smallest and largest ids."""
    scan = f"read_parquet([{', '.join(literal(file) for file in files)}])"
    if slice_width is None:
        return scan
    begin = f"getvariable('slice')::BIGINT * {slice_width}"
    return f"(SELECT * FROM {scan} WHERE record_id >= {begin} AND record_id < {begin} + {slice_width})"


def _no_records(table: BronzeTable) -> str:
    columns = "".join(f", NULL::{kind} AS {quote(column)}" for column, kind in table.columns.items())
    return (
        f"SELECT {literal(table.source)} AS source, {literal(table.entity_type)} AS record_type,"
        f" NULL::VARCHAR AS record_id, NULL::VARCHAR AS load_id{columns} WHERE false"
    )
