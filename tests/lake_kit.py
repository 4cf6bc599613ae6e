"""A lake for tests: bronze loads written from Python rows, a ledger in memory, builds into a temporary home.

home.load("2026-10-01", record("release", 1, title="Blue", track=[{"position": "A1", "title": "Carey"}]))
home.build()
assert home.ask("SELECT title FROM silver.track") == [("Carey",)]
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from linernotes.domain.uuid7 import to_uuid7
from linernotes.lake.builder import ROWS_PER_SLICE, DbtBuilder
from linernotes.lake.engine import Engine, link_extensions
from linernotes.lake.lock import writer_lock
from linernotes.lake.project import PROJECT, declared_bronze
from linernotes.lake.query import LakeReader
from linernotes.lake.reading import BronzeTable
from linernotes.ports.building import UserBuilder
from linernotes.ports.loads import Load, LoadFile, LoadKind
from linernotes.usecases.build import BuildOutcome, build
from tests.fakes.ledger import FakeLedger
from tests.fakes.progress import RecordedProgress
from tests.parsed_project import bring_parsed

type_of = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32()}
Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]
"""Bronze rows by table."""

TABLES: Mapping[str, BronzeTable] = {table.name: table for table in declared_bronze()}


def record(entity: str, record_id: int, **parts: object) -> Rows:
    """The bronze rows of one Discogs record: values are its own columns, lists its child tables, in order.

    A child's own position is filled in; the positions of its parents are given, such as `track_index`.
    """
    children = {name: rows for name, rows in parts.items() if isinstance(rows, list)}
    values = {name: value for name, value in parts.items() if name not in children}
    found: dict[str, list[Row]] = {f"discogs_{entity}": [{"record_id": record_id, **values}]}
    for name, rows in children.items():
        table = f"discogs_{entity}_{name}"
        index = [column for column in TABLES[table].columns if column.endswith("_index")][-1]
        found[table] = [{"record_id": record_id, index: place, **row} for place, row in enumerate(rows)]
    return found


def joined(records: Sequence[Rows]) -> Rows:
    """The rows of several records together."""
    together: dict[str, list[Row]] = {}
    for rows in records:
        for table, part in rows.items():
            together.setdefault(table, []).extend(part)
    return together


def write_load(bronze: Path, load_id: UUID, rows: Rows) -> tuple[LoadFile, ...]:
    """Write one Parquet file per table, as a pull would, and answer the manifest's lines."""
    return tuple(_write(bronze, load_id, table, part) for table, part in rows.items())


def _write(bronze: Path, load_id: UUID, table: str, rows: Sequence[Row]) -> LoadFile:
    columns = {"load_id": "VARCHAR", "record_id": "BIGINT", **TABLES[table].columns}
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{table} has no {unknown}"
    schema = pa.schema([(name, type_of[kind]) for name, kind in columns.items()])
    path = bronze / table / f"{load_id}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([{**row, "load_id": str(load_id)} for row in rows], schema), path)
    relative = path.relative_to(bronze).as_posix()
    return LoadFile(table=table, path=relative, row_count=len(rows), size_bytes=path.stat().st_size)


def make_load(
    bronze: Path,
    load_id: UUID,
    version: str,
    rows: Rows,
    *,
    entity: str | None = None,
    kind: LoadKind = LoadKind.INCREMENT,
    gone: Sequence[int] = (),
    silent: Sequence[str] = (),
) -> Load:
    """Write a load's files and describe it; the entity is that of its records."""
    entity = entity or TABLES[next(iter(rows))].entity
    landed = len(rows.get(f"discogs_{entity}", ()))
    if gone:
        rows = {**rows, f"discogs_{entity}_gone": [{"record_id": record_id} for record_id in gone]}
    return Load(
        load_id=load_id,
        source="discogs",
        entity=entity,
        version=date.fromisoformat(version),
        kind=kind,
        is_verified=True,
        is_silent_about=tuple(silent),
        file_name=f"discogs_{version}_{entity}s.xml.gz",
        file_sha256=None,
        record_count=landed,
        landed_count=landed,
        gone_count=len(gone),
        run_id=to_uuid7(0),
        files=write_load(bronze, load_id, rows),
    )


@dataclass
class LakeHome:
    """A home in a temporary folder, with the ledger in memory."""

    root: Path
    catalog: str | None = None
    project: Path = PROJECT
    memory_limit: str = "1GB"
    rows_per_slice: int = ROWS_PER_SLICE
    user_builder: UserBuilder | None = None
    ledger: FakeLedger = field(default_factory=FakeLedger)
    progress: RecordedProgress = field(default_factory=RecordedProgress)

    @property
    def bronze(self) -> Path:
        return self.root / "bronze"

    @cached_property
    def engine(self) -> Engine:
        extensions = link_extensions(self.root / "extensions")
        return Engine(
            folder=self.root / "lake", extensions=extensions, catalog=self.catalog, memory_limit=self.memory_limit
        )

    @property
    def builder(self) -> DbtBuilder:
        if self.project == PROJECT:
            bring_parsed(self.root / "dbt")
        return DbtBuilder(
            engine=self.engine,
            bronze=self.bronze,
            logs=self.root / "logs",
            target=self.root / "dbt",
            lock=self._lock,
            project=self.project,
            rows_per_slice=self.rows_per_slice,
        )

    def _lock(self, say: Callable[[str], None]) -> AbstractContextManager[None]:
        if self.catalog:
            return nullcontext()
        return writer_lock(self.root / "locks" / "lake.lock", wait_seconds=5, say=say)

    def load(self, version: str, *records: Rows, **about: Any) -> Load:
        """Pull: write and commit a load of these records; `about` as for `make_load`."""
        load = make_load(self.bronze, self.ledger.new_id(), version, joined(records), **about)
        return self.ledger.loads.commit(load)

    def discard(self, load: Load) -> None:
        self.ledger.loads.discard(load.load_id)

    def build(self, *, select: str | None = None, force: bool = False) -> BuildOutcome:
        return build(
            runs=self.ledger.runs,
            loads=self.ledger.loads,
            consumption=self.ledger.consumption,
            measures=self.ledger.measures,
            builder=self.builder,
            user_builder=self.user_builder,
            progress=self.progress,
            code_version="test",
            settings={},
            select=select,
            force=force,
        )

    def ask(self, sql: str, *, snapshot: int | datetime | None = None) -> list[tuple[Any, ...]]:
        """The rows of a SELECT over bronze, silver and gold."""
        reader = LakeReader(engine=self.engine, bronze=self.bronze)
        with reader.ask(sql, self.ledger.loads.find(), snapshot=snapshot) as rows:
            return rows.fetchall()

    def values(self) -> Mapping[str, list[tuple[object, ...]]]:
        """Every row of silver and gold by table, without its load; for comparing two lakes."""
        tables = self.ask(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            " WHERE table_catalog = 'lake' AND table_schema IN ('silver', 'gold') ORDER BY ALL"
        )
        return {
            str(table): self.ask(f"SELECT COLUMNS(c -> c <> 'load_id') FROM {table} ORDER BY ALL")
            for (table,) in tables
        }


SMALL = ("release", "track", "release_credit", "image", "source_recording", "recording")


def small_project(folder: Path, models: Sequence[str] = SMALL) -> Path:
    """A copy of the dbt project with a few of its models: what holds for one holds for all, and is sooner tested."""
    keep = {f"{name}.sql" for name in models}
    for part in ("dbt_project.yml", "macros", "tests", "models/bronze.yml"):
        source, target = PROJECT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    for path in sorted((PROJECT / "models").rglob("*.sql")):
        if path.name in keep:
            add_file(folder, f"models/{path.parent.name}/{path.name}", path.read_text(encoding="utf-8"))
    described = yaml.safe_load((PROJECT / "models" / "silver" / "silver.yml").read_text(encoding="utf-8"))
    kept = [_without_absent_parents(model, models) for model in described["models"] if model["name"] in models]
    add_file(folder, "models/silver/silver.yml", yaml.safe_dump({"models": kept}))
    return folder


def _without_absent_parents(model: dict[str, Any], models: Sequence[str]) -> dict[str, Any]:
    there = {f"ref('{name}')" for name in models} | {None}
    tests = [
        test for test in model["data_tests"] if test.get("belongs_to", {}).get("arguments", {}).get("parent") in there
    ]
    return {**model, "data_tests": tests}


def add_file(folder: Path, name: str, text: str) -> Path:
    """Put a file into a project, in place of the one that may be there, and answer its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
