"""From a value in silver back to the record it came from: read exactly that record of exactly that load, compute again.

What computes is the model's own SELECT, as dbt compiled it, over views that hold nothing but the one record.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from linernotes.bootstrap import App, open_app
from linernotes.lake.bronze import BronzeTables
from linernotes.lake.functions import register_functions
from linernotes.lake.project import PROJECT, declared_bronze
from linernotes.ports.loads import Load
from tests.fakes.progress import RecordedProgress

ADDRESS = {"source", "record_id", "load_id", "entity_type"}
_UNIQUE_KEY = re.compile(r"unique_key=\[([^\]]+)\]")
_INCOMING = re.compile(r"memory\.incoming\.(\w+?)__(\w+)")
_PARENTS = {
    "recording": ("track", "source_recording"),
    "identifier": (
        "source_identifier",
        "artist",
        "label",
        "release_group",
        "release",
        "record_link",
        "release_label",
    ),
    "source_value": (
        "artist",
        "release_group",
        "release",
        "source_recording",
        "tag",
        "genre",
        "source_identifier",
        "area_code",
        "release_label",
    ),
}
"""Models that a view reads."""
_KEY_OF_RECORDING = ("source", "record_id", "track_number", "sub_track_number")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One value of one row of silver."""

    table: str
    column: str
    row: Row

    @property
    def value(self) -> Any:
        return self.row[self.column]

    @property
    def key(self) -> dict[str, Any]:
        """What finds the row."""
        return {column: self.row[column] for column in key_of(self.table)}

    def __str__(self) -> str:
        return f"silver.{self.table}.{self.column} of {self.key} from load {self.row['load_id']}: {self.value!r}"


@cache
def key_of(table: str) -> tuple[str, ...]:
    """The columns that address a row, as the model declares them."""
    found = _UNIQUE_KEY.search((PROJECT / "models" / "silver" / f"{table}.sql").read_text("utf-8"))
    return tuple(re.findall(r"\w+", found[1])) if found else _KEY_OF_RECORDING


class Evidence:
    """Silver of a home, and the bronze under it."""

    def __init__(self, app: App) -> None:
        self._loads = {str(load.load_id): load for load in app.core.ledger.loads.find()}
        self._bronze = BronzeTables(app.core.home.bronze)
        self._compiled = app.core.home.lake / "dbt" / "compiled" / "linernotes" / "models" / "silver"
        self._app = app
        self._tables: Mapping[str, Sequence[Row]] | None = None

    def tables(self) -> Mapping[str, Sequence[Row]]:
        """Every table of silver that has rows of records, in a fixed order."""
        if self._tables is None:
            self._tables = self._read_tables()
        return self._tables

    def _read_tables(self) -> Mapping[str, Sequence[Row]]:
        with self._app.core.engine.connect() as connection:
            register_functions(connection)
            listed = connection.execute(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = 'silver' AND column_name = 'load_id' ORDER BY table_name"
            ).fetchall()
            tables: dict[str, list[Row]] = {}
            for (name,) in listed:
                by = ", ".join(key_of(name))
                found = connection.execute(f"SELECT * FROM lake.silver.{name} ORDER BY {by}")
                columns = [column[0] for column in found.description or []]
                tables[name] = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        return {name: rows for name, rows in tables.items() if rows}

    def draw(self, count: int, *, seed: int) -> list[Cell]:
        """Random cells: the table first, so that small tables are looked at as often as large ones."""
        choice, tables = random.Random(seed), self.tables()
        cells = []
        for _ in range(count):
            table = choice.choice(sorted(tables))
            row = choice.choice(tables[table])
            column = choice.choice(sorted(row.keys() - ADDRESS))
            cells.append(Cell(table, column, row))
        return cells

    def record(self, cell: Cell) -> Mapping[str, Sequence[Row]]:
        """The bronze rows of the record that a cell names, in the load that it names."""
        load = self._load(cell)
        wanted = {table for _, table in self._inputs(cell.table)}
        files = tuple(file for file in load.files if file.table in wanted)
        return self._bronze.record(replace(load, files=files), int(cell.row["record_id"]))

    def recompute(self, cell: Cell) -> list[Any]:
        """The values that the cell's record gives for it: one, unless something is wrong."""
        with duckdb.connect() as connection:
            register_functions(connection)
            connection.execute("CREATE SCHEMA memory.incoming; ATTACH ':memory:' AS lake; CREATE SCHEMA lake.silver")
            for statement in self._views(cell):
                connection.execute(*statement)
            for parent in _PARENTS.get(cell.table, ()):
                connection.execute(f"CREATE TABLE lake.silver.{parent} AS {self._select(parent)}")
            matches = " AND ".join(f"{column} IS NOT DISTINCT FROM ?" for column in cell.key)
            query = f"SELECT {cell.column} FROM ({self._select(cell.table)}) WHERE {matches}"
            return [value for (value,) in connection.execute(query, list(cell.key.values())).fetchall()]

    def _load(self, cell: Cell) -> Load:
        return self._loads[cell.row["load_id"]]

    def _select(self, table: str) -> str:
        return (self._compiled / f"{table}.sql").read_text("utf-8") + "\n"

    def _inputs(self, table: str) -> set[tuple[str, str]]:
        """The views that a model reads: what they are called for, and the bronze table."""
        selects = [self._select(name) for name in (table, *_PARENTS.get(table, ()))]
        return set().union(*(_INCOMING.findall(select) for select in selects))

    def _views(self, cell: Cell) -> Iterator[tuple[str, list[Any]]]:
        """Statements that lay out the one record as the views that the model reads."""
        record, declared = self.record(cell), {table.name: table for table in declared_bronze()}
        for model, name in sorted(self._inputs(cell.table)):
            view = f"memory.incoming.{model}__{name}"
            if name == "gone":
                kinds = dict.fromkeys(("source", "entity_type", "record_id", "gone_month"), "VARCHAR")
                yield f"CREATE TABLE {view} ({', '.join(f'{column} {kind}' for column, kind in kinds.items())})", []
                continue
            table = declared[name]
            kinds = dict.fromkeys(("source", "record_type", "record_id", "load_id"), "VARCHAR") | dict(table.columns)
            listed = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
            yield f"CREATE TABLE {view} ({listed})", []
            for row in record.get(name, ()):
                values = [table.source, table.entity_type, str(row["record_id"]), row["load_id"]]
                values += [row[column] for column in table.columns]
                yield f"INSERT INTO {view} VALUES ({', '.join('?' * len(values))})", values


@contextmanager
def evidence_of(home: Path) -> Iterator[Evidence]:
    """The evidence of a home, for the block."""
    with open_app(home, progress=RecordedProgress()) as app:
        yield Evidence(app)
