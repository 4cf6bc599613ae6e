"""Loads and their consumption in the ledger."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from linernotes.errors import WrongUsageError
from linernotes.ledger.engine import Store
from linernotes.ledger.quarantine import set_aside
from linernotes.ledger.rows import Row, insert_missing, to_row
from linernotes.ledger.tables import consumption, load_file
from linernotes.ledger.tables import load as load_table
from linernotes.ports.loads import Load, LoadFile, LoadKind
from linernotes.ports.quarantine import QuarantinedRecord


class LedgerLoads:
    """The bronze manifest, in the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def commit(self, load: Load, *, quarantined: Iterable[QuarantinedRecord] = ()) -> Load:
        """Record a load with its files and what it set aside, in one transaction; a second time changes nothing."""
        row = to_row(load, without={"files"})
        row["committed_at"] = load.committed_at or self._clock()
        with self._store.writing() as connection:
            if insert_missing(connection, load_table, row):
                _insert_files(connection, load)
                set_aside(connection, quarantined)
            return _find(connection, load_table.c.load_id == load.load_id)[0]

    def discard(self, load_id: UUID) -> Load:
        """Withdraw a load. Its files stay.

        Raises:
            WrongUsageError: No such load.
        """
        with self._store.writing() as connection:
            connection.execute(
                update(load_table)
                .where(load_table.c.load_id == load_id, load_table.c.discarded_at.is_(None))
                .values(discarded_at=self._clock())
            )
            found = _find(connection, load_table.c.load_id == load_id)
        if not found:
            raise WrongUsageError(f"no load {load_id} in the ledger; see `liner status`")
        return found[0]

    def find(self, *, source: str | None = None, is_active: bool | None = None) -> Sequence[Load]:
        """Loads by source, version and load id, oldest first; active ones are committed and not discarded."""
        conditions: list[ColumnElement[bool]] = []
        if source is not None:
            conditions.append(load_table.c.source == source)
        if is_active is not None:
            conditions.append(
                load_table.c.discarded_at.is_(None) if is_active else load_table.c.discarded_at.is_not(None)
            )
        with self._store.reading() as connection:
            return _find(connection, *conditions)


class LedgerConsumption:
    """Which loads each version of a model has taken in, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def consumed(self) -> Mapping[str, frozenset[UUID]]:
        """Load ids by `<model>@<version>`."""
        found: dict[str, set[UUID]] = defaultdict(set)
        with self._store.reading() as connection:
            for row in connection.execute(select(consumption)).mappings():
                found[row["model"]].add(row["load_id"])
        return {model: frozenset(load_ids) for model, load_ids in found.items()}

    def begin(self, versions: Collection[str]) -> None:
        """Forget what other versions of these models took in."""
        names = {_name(version) for version in versions}
        with self._store.writing() as connection:
            known: Sequence[str] = connection.execute(select(consumption.c.model).distinct()).scalars().all()
            others = [model for model in known if _name(model) in names and model not in versions]
            connection.execute(delete(consumption).where(consumption.c.model.in_(others)))

    def record(self, run_id: UUID, consumed: Mapping[str, frozenset[UUID]]) -> None:
        """Replace, for each model named, the set of loads it reflects."""
        rows = [
            {"model": model, "load_id": load_id, "run_id": run_id}
            for model, load_ids in consumed.items()
            for load_id in sorted(load_ids)
        ]
        with self._store.writing() as connection:
            connection.execute(delete(consumption).where(consumption.c.model.in_(consumed)))
            if rows:
                connection.execute(insert(consumption), rows)


def _name(version: str) -> str:
    """The model of `<model>@<version>`."""
    return version.partition("@")[0]


def _insert_files(connection: Connection, load: Load) -> None:
    rows = [
        {
            "load_id": load.load_id,
            "position": position,
            "bronze_table": file.table,
            "path": file.path,
            "row_count": file.row_count,
            "size_bytes": file.size_bytes,
        }
        for position, file in enumerate(load.files)
    ]
    if rows:
        connection.execute(insert(load_file), rows)


def _find(connection: Connection, *conditions: ColumnElement[bool]) -> list[Load]:
    rows = connection.execute(
        select(load_table).where(*conditions).order_by(load_table.c.source, load_table.c.version, load_table.c.load_id)
    ).mappings()
    files: dict[UUID, list[LoadFile]] = defaultdict(list)
    for row in connection.execute(
        select(load_file).join(load_table).where(*conditions).order_by(load_file.c.load_id, load_file.c.position)
    ).mappings():
        files[row["load_id"]].append(
            LoadFile(
                table=row["bronze_table"],
                path=row["path"],
                row_count=row["row_count"],
                size_bytes=row["size_bytes"],
            )
        )
    return [_to_load(row, tuple(files[row["load_id"]])) for row in rows]


def _to_load(row: Row, files: tuple[LoadFile, ...]) -> Load:
    return Load(
        **{**row, "kind": LoadKind(row["kind"]), "is_silent_about": tuple(row["is_silent_about"]), "files": files}
    )
