"""What a build takes in: for each model, the bronze records it has not seen, as views.

The schema `incoming` stands in memory beside the lake. For a model `track` that reads
`discogs_release_track` it holds

- `track__discogs_release_track`: the current rows of the records to take in,
- `track__changed`: which records those are,
- `track__gone`: records that their source no longer has, with the month they disappeared,
- `track__withdrawn`: loads that were taken in and have been discarded since.

A record's current rows are those of the newest load that landed it. They are found by leaving out,
load by load, what a later load landed again, never by a window over all loads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from linernotes.lake.engine import literal, quote
from linernotes.ports.loads import Load

SCHEMA = "incoming"


class Mode(StrEnum):
    FIRST = "first"
    """The model has taken in nothing yet: it is created whole."""
    INCREMENT = "increment"
    """Only the records of new and withdrawn loads are looked at."""
    NOTHING = "nothing"
    """There is nothing to take in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BronzeTable:
    """One bronze table, as the dbt project declares it."""

    name: str
    source: str
    entity: str
    """The source's entity, whose loads carry the table: `master`."""
    entity_type: str
    """Ours: `release_group`."""
    columns: Mapping[str, str]
    """SQL type by column, without load_id and record_id."""

    @property
    def record_table(self) -> str:
        """The table with one row per record of the entity."""
        return f"{self.source}_{self.entity}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """One model, the bronze tables it reads, and what it has taken in."""

    model: str
    tables: tuple[BronzeTable, ...]
    consumed: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The loads that matter to one table of one model, oldest first."""

    table: BronzeTable
    active: tuple[Load, ...]
    new: tuple[Load, ...]
    withdrawn: tuple[Load, ...]

    @property
    def is_whole(self) -> bool:
        """Whether older loads must be searched: something was withdrawn, or something old came late."""
        seen = [position for position, load in enumerate(self.active) if load not in self.new]
        first_new = min((position for position, load in enumerate(self.active) if load in self.new), default=None)
        return bool(self.withdrawn) or (first_new is not None and any(position > first_new for position in seen))


def mode_of(model: ModelInput, loads: Sequence[Load]) -> Mode:
    """Whether a model is created, brought up to date, or left alone."""
    if not model.consumed:
        return Mode.FIRST
    readings = _readings(model, loads)
    return Mode.INCREMENT if any(reading.new or reading.withdrawn for reading in readings) else Mode.NOTHING


def relevant_loads(model: ModelInput, loads: Sequence[Load]) -> frozenset[UUID]:
    """The active loads that the model reflects once it is built."""
    return frozenset(load.load_id for reading in _readings(model, loads) for load in reading.active)


def incoming_views(model: ModelInput, loads: Sequence[Load], bronze: Path) -> list[str]:
    """The statements that create a model's views.

    Args:
        model: The model and what it has consumed.
        loads: Every committed load, discarded ones too, oldest first.
        bronze: The bronze folder.
    """
    readings = _readings(model, loads)
    name = model.model
    record_readings = list({reading.table.entity: reading for reading in readings}.values())
    views = {
        f"{name}__changed": " UNION ALL ".join(_changed(reading, bronze) for reading in readings),
        f"{name}__gone": " UNION ALL ".join(_gone(reading, bronze) for reading in record_readings),
    }
    withdrawn = {str(load.load_id) for reading in readings for load in reading.withdrawn}
    listed = ", ".join(f"({literal(load_id)})" for load_id in sorted(withdrawn))
    views[f"{name}__withdrawn"] = (
        f"SELECT load_id FROM (VALUES {listed}) AS w (load_id)" if listed else "SELECT '' AS load_id WHERE false"
    )
    views |= {f"{name}__{reading.table.name}": _new_records(reading, name, bronze) for reading in readings}
    return [f"CREATE VIEW memory.{SCHEMA}.{quote(view)} AS {select}" for view, select in views.items()]


def _readings(model: ModelInput, loads: Sequence[Load]) -> list[_Reading]:
    return [_reading(table, model.consumed, loads) for table in model.tables]


def _reading(table: BronzeTable, consumed: frozenset[UUID], loads: Sequence[Load]) -> _Reading:
    own = [
        load
        for load in loads
        if (load.source, load.entity) == (table.source, table.entity) and table.name not in load.is_silent_about
    ]
    active = tuple(load for load in own if load.discarded_at is None)
    return _Reading(
        table,
        active,
        tuple(load for load in active if load.load_id not in consumed),
        tuple(load for load in own if load.discarded_at is not None and load.load_id in consumed),
    )


def _new_records(reading: _Reading, model: str, bronze: Path) -> str:
    """The current rows of the records to take in: of every load to search, what no later load landed again."""
    table = reading.table
    columns = ", ".join(quote(column) for column in table.columns)
    parts = []
    for position, load in enumerate(reading.active):
        files = _files(load, table.name, bronze)
        if not files or not (reading.is_whole or load in reading.new):
            continue
        joins = _unless_landed_again(reading, position, bronze)
        if reading.is_whole:
            joins += f" SEMI JOIN {_view(model, 'changed')} AS c ON c.record_id = b.record_id::VARCHAR"
            joins += f" AND c.entity_type = {literal(table.entity_type)}"
        parts.append(
            f"SELECT {literal(table.source)} AS source, {literal(table.entity_type)} AS record_type,"
            f" record_id::VARCHAR AS record_id, load_id, {columns} FROM {_scan(files)} AS b{joins}"
        )
    return " UNION ALL ".join(parts) or _empty(table)


def _unless_landed_again(reading: _Reading, position: int, bronze: Path) -> str:
    later = [
        path for newer in reading.active[position + 1 :] for path in _files(newer, reading.table.record_table, bronze)
    ]
    return f" ANTI JOIN {_scan(later)} AS l ON l.record_id = b.record_id" if later else ""


def _changed(reading: _Reading, bronze: Path) -> str:
    """The ids of records that new loads landed, and that withdrawn loads landed or marked as gone."""
    table = reading.table
    files = [path for load in (*reading.new, *reading.withdrawn) for path in _files(load, table.record_table, bronze)]
    files += [path for load in reading.withdrawn for path in _files(load, f"{table.record_table}_gone", bronze)]
    ids = f"FROM {_scan(files)}" if files else "FROM (SELECT 0 AS record_id) WHERE false"
    return (
        f"SELECT DISTINCT {literal(table.source)} AS source, {literal(table.entity_type)} AS entity_type,"
        f" record_id::VARCHAR AS record_id {ids}"
    )


def _gone(reading: _Reading, bronze: Path) -> str:
    """Records whose last word from their source is that it no longer has them, with the month."""
    table = reading.table
    head = (
        f"SELECT {literal(table.source)} AS source, {literal(table.entity_type)} AS entity_type,"
        f" record_id::VARCHAR AS record_id, "
    )
    parts = [
        f"{head}{literal(f'{load.version:%Y-%m}')} AS gone_month FROM {_scan(files)} AS b"
        + _unless_landed_again(reading, position, bronze)
        for position, load in enumerate(reading.active)
        if (files := _files(load, f"{table.record_table}_gone", bronze))
    ]
    return " UNION ALL ".join(parts) or f"{head}'' AS gone_month FROM (SELECT 0 AS record_id) WHERE false"


def _files(load: Load, table: str, bronze: Path) -> list[str]:
    return [str(bronze / file.path) for file in load.files if file.table == table]


def _scan(files: Sequence[str]) -> str:
    return f"read_parquet([{', '.join(literal(file) for file in files)}])"


def _view(model: str, name: str) -> str:
    return f"memory.{SCHEMA}.{quote(f'{model}__{name}')}"


def _empty(table: BronzeTable) -> str:
    columns = "".join(f", NULL::{kind} AS {quote(column)}" for column, kind in table.columns.items())
    return (
        f"SELECT {literal(table.source)} AS source, {literal(table.entity_type)} AS record_type,"
        f" NULL::VARCHAR AS record_id, NULL::VARCHAR AS load_id{columns} WHERE false"
    )


def bronze_views(tables: Sequence[BronzeTable], loads: Sequence[Load], bronze: Path) -> Iterator[str]:
    """Statements that create, in a database `bronze`, one view per table over all active loads."""
    active = [load for load in loads if load.discarded_at is None]
    for table in tables:
        files = [path for load in active for path in _files(load, table.name, bronze)]
        columns = "".join(f", NULL::{kind} AS {quote(column)}" for column, kind in table.columns.items())
        select = (
            f"FROM {_scan(files)}"
            if files
            else f"SELECT NULL::VARCHAR AS load_id, NULL::BIGINT AS record_id{columns} WHERE false"
        )
        yield f"CREATE VIEW bronze.main.{quote(table.name)} AS {select}"
