"""Everything a home holds, in a form that two homes can be compared by: exact, whatever the order of rows.

What differs between two runs of the same commands is left out or mapped: ids of loads become entity and date, ids of
judgements what they say, and ids of runs, times and addresses are dropped.
"""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq

from linernotes.bootstrap import App, open_app
from linernotes.domain.judgements import Judgement
from linernotes.lake.functions import register_functions
from linernotes.ports.loads import Load
from linernotes.ports.runs import RunStatus
from tests.fakes.progress import RecordedProgress

SHOWN_ROWS = 3
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHADOW = re.compile(r"search_\w+|sqlite_\w+|publication")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rows:
    """One table: how often each row occurs."""

    columns: tuple[str, ...]
    rows: Counter[Row] = field(default_factory=Counter)


Contents = Mapping[str, Rows]


def read_contents(home: Path) -> Contents:
    """Every table of bronze, silver, gold and of the published catalogue, and what matters of the ledger."""
    with open_app(home, progress=RecordedProgress()) as app:
        labels = _labels(app.core.ledger.loads.find()) | _said(app.core.ledger.judgements.all())
        return {
            **_ledger(app, labels),
            **_bronze(app, labels),
            **_lake(app, labels),
            **_published(app.core.home.production / "catalogue.db", labels),
        }


def assert_same(found: Contents, expected: Contents) -> None:
    """Fail with the tables and the first rows that differ."""
    told = differences(found, expected)
    assert not told, "\n".join(told)


def differences(found: Contents, expected: Contents) -> list[str]:
    """What two homes differ in, in words."""
    told = [f"{name}: missing" for name in sorted(expected.keys() - found.keys())]
    told += [f"{name}: should not be there" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(found.keys() & expected.keys()):
        told += _row_differences(name, found[name], expected[name])
    return told


def _row_differences(name: str, found: Rows, expected: Rows) -> list[str]:
    if found == expected:
        return []
    if found.columns != expected.columns:
        return [f"{name}: columns {found.columns} instead of {expected.columns}"]
    lost, extra = expected.rows - found.rows, found.rows - expected.rows
    told = [f"{name}: {lost.total()} rows lost, {extra.total()} too many; columns {', '.join(found.columns)}"]
    told += [f"  lost  {row}" for row in _first(lost)]
    return told + [f"  extra {row}" for row in _first(extra)]


def _first(rows: Counter[Row]) -> list[Row]:
    return sorted(rows.elements(), key=repr)[:SHOWN_ROWS]


def _labels(loads: Sequence[Load]) -> dict[str, str]:
    """What a load is called in any home: entity, date, whether it was withdrawn, and a number where there are more."""
    seen: Counter[str] = Counter()
    labels = {}
    for load in loads:
        name = f"{load.entity} {load.version}{' withdrawn' if load.discarded_at else ''}"
        seen[name] += 1
        labels[str(load.load_id)] = name if seen[name] == 1 else f"{name} #{seen[name]}"
    return labels


def _said(judgements: Sequence[Judgement]) -> dict[str, str]:
    """What a judgement is called in any home."""
    return {
        str(one.judgement_id): f"{one.entity_type} {one.source_id} {one.answer} {one.other_source_id}"
        for one in judgements
    }


def _rows(columns: Iterable[str], rows: Iterable[Sequence[Any]], labels: Mapping[str, str]) -> Rows:
    return Rows(tuple(columns), Counter(tuple(_value(value, labels) for value in row) for row in rows))


def _value(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return labels.get(value, value)
    if isinstance(value, UUID):
        return labels.get(str(value), str(value))
    if isinstance(value, Mapping | list | tuple):
        return _UUID.sub(lambda found: labels.get(found[0], found[0]), json.dumps(value, sort_keys=True, default=str))
    if isinstance(value, date):
        return value.isoformat()
    return value


def _bronze(app: App, labels: Mapping[str, str]) -> Contents:
    found: dict[str, Rows] = {}
    for load in app.core.ledger.loads.find():
        for file in load.files:
            read = pq.read_table(app.core.home.bronze / file.path)
            columns = tuple(f"{column.name} {column.type}" for column in read.schema)
            rows = zip(*(column.to_pylist() for column in read.columns), strict=True)
            table = found.setdefault(f"bronze.{file.table}", Rows(columns))
            assert table.columns == columns, f"{file.path} has columns {columns}"
            table.rows.update(_rows(columns, rows, labels).rows)
    return found


def _lake(app: App, labels: Mapping[str, str]) -> Contents:
    if not app.core.engine.exists:
        return {}
    state = _state(app.core.engine.folder)
    if state not in _LAKES:
        _LAKES[state] = _read_lake(app)
    return {name: _rows(columns, rows, labels) for name, (columns, rows) in _LAKES[state].items()}


_LAKES: dict[str, Mapping[str, tuple[list[str], list[tuple[Any, ...]]]]] = {}
"""Columns and rows by table, by state: to read a lake takes 2 seconds, and most commands leave it as it was."""


def _state(lake: Path) -> str:
    """A hash of every byte of the catalog and the data."""
    digest = hashlib.sha256()
    for path in sorted(path for path in lake.rglob("*") if path.suffix in {".sqlite", ".sqlite-wal", ".parquet"}):
        digest.update(f"{path.relative_to(lake)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _read_lake(app: App) -> Mapping[str, tuple[list[str], list[tuple[Any, ...]]]]:
    with app.core.engine.connect() as connection:
        register_functions(connection)
        listed = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'lake'"
        ).fetchall()
        found = {}
        for schema, name in sorted(listed):
            query = connection.execute(f'SELECT * FROM lake."{schema}"."{name}"')
            columns = [f"{column[0]} {column[1]}" for column in query.description or []]
            found[f"{schema}.{name}"] = (columns, query.fetchall())
        return found


def _published(path: Path, labels: Mapping[str, str]) -> Contents:
    if not path.exists():
        return {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        listed = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in listed:
            if not _SHADOW.fullmatch(name):
                query = connection.execute(f'SELECT * FROM "{name}"')
                columns = [column[0] for column in query.description]
                found[f"published.{name}"] = _rows(columns, query.fetchall(), labels)
        return found


def _ledger(app: App, labels: Mapping[str, str]) -> Contents:
    ledger = app.core.ledger
    loads = ledger.loads.find()
    consumed = ledger.consumption.consumed()
    quarantined = [
        *ledger.quarantine.find(is_open=True, limit=100_000),
        *ledger.quarantine.find(is_open=False, limit=100_000),
    ]
    tables: dict[str, tuple[tuple[str, ...], list[Sequence[Any]]]] = {
        "ledger.load": (
            ("load_id", "kind", "era", "is_verified", "is_silent_about", "file", "sha256", "records", "landed", "gone",
             "quarantined", "report"),
            [
                (load.load_id, load.kind.value, load.era, load.is_verified, load.is_silent_about, load.file_name,
                 load.file_sha256, load.record_count, load.landed_count, load.gone_count, load.quarantined_count,
                 load.report)
                for load in loads
            ],
        ),
        "ledger.load_file": (
            ("load_id", "table", "row_count"),
            [(load.load_id, file.table, file.row_count) for load in loads for file in load.files],
        ),
        "ledger.consumption": (
            # the version of rules is made from ids of judgements
            ("model", "load_id"),
            [(re.sub(r"\.[0-9a-f.]+", "", model), load_id) for model, ids in consumed.items() for load_id in ids],
        ),
        "ledger.judgement": (
            ("judgement_id", "item_id", "item_version", "score", "reason", "supersedes"),
            [(one.judgement_id, one.item_id, one.item_version, one.score, one.reason, one.supersedes)
             for one in ledger.judgements.all()],
        ),
        "ledger.quarantine": (
            ("load_id", "entity", "record_id", "reason", "detail", "body", "resolution"),
            [(one.load_id, one.entity, one.record_id, one.reason, one.detail, one.body, one.resolution)
             for one in quarantined],
        ),
        "ledger.dump": (
            ("source", "dumped_on", "state", "checksums", "files", "retry_count", "error"),
            [
                (dump.source, dump.dumped_on, dump.state.value, dump.checksums, [file.name for file in dump.files],
                 dump.retry_count, dump.error)
                for dump in ledger.dumps.find(source="discogs")
            ],
        ),
        "ledger.publication": (
            ("destination", "status", "scope", "is_forced"),
            [
                (one.destination, one.status.value, one.scope, one.is_forced)
                for one in ledger.publications.find(destination="sqlite")
            ],
        ),
    }  # fmt: skip
    return {name: _rows(columns, rows, labels) for name, (columns, rows) in tables.items()}


def running(home: Path) -> list[str]:
    """What the ledger says is running."""
    with open_app(home, progress=RecordedProgress()) as app:
        return [run.use_case for run in app.core.ledger.runs.latest(limit=1000, status=RunStatus.RUNNING)]
