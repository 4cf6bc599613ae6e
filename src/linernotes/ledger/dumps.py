"""The tracking table of dumps in the ledger."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from linernotes.domain.dumps import DumpState, is_allowed
from linernotes.errors import FatalError
from linernotes.ledger.engine import Store
from linernotes.ledger.rows import Row, to_row
from linernotes.ledger.tables import dump as dump_table
from linernotes.ledger.tables import dump_file
from linernotes.ports.dumps import Dump, DumpFile


class LedgerDumps:
    """The tracking table, in the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def save(self, dump: Dump) -> None:
        """Insert a dump or replace the one of that source and date, which keeps its id and the time it was created.

        Raises:
            FatalError: The change of state is not an allowed transition.
        """
        with self._store.writing() as connection:
            before = connection.execute(
                select(dump_table.c.dump_id, dump_table.c.state)
                .where(dump_table.c.source == dump.source, dump_table.c.dumped_on == dump.dumped_on)
                .with_for_update()
            ).one_or_none()
            check_transition(DumpState(before.state) if before else None, dump)
            dump_id = before.dump_id if before else dump.dump_id
            now = self._clock()
            row = to_row(dump, without={"files", "dump_id", "created_at"})
            row |= {"year_month": dump.year_month, "updated_at": now}
            if before:
                connection.execute(update(dump_table).where(dump_table.c.dump_id == dump_id).values(row))
                connection.execute(delete(dump_file).where(dump_file.c.dump_id == dump_id))
            else:
                connection.execute(insert(dump_table).values(row | {"dump_id": dump_id, "created_at": now}))
            _insert_files(connection, dump_id, dump.files)

    def find(self, *, source: str, year_month: str | None = None, state: DumpState | None = None) -> Sequence[Dump]:
        """Dumps, newest first."""
        conditions: list[ColumnElement[bool]] = [dump_table.c.source == source]
        if year_month is not None:
            conditions.append(dump_table.c.year_month == year_month)
        if state is not None:
            conditions.append(dump_table.c.state == state)
        with self._store.reading() as connection:
            return _find(connection, conditions)


def check_transition(before: DumpState | None, dump: Dump) -> None:
    """Refuse a change of state that the domain does not allow.

    Raises:
        FatalError: With both states and the dump.
    """
    if not is_allowed(before, dump.state):
        raise FatalError(
            f"the dump {dump.source} {dump.dumped_on} cannot go from {before or 'unknown'} to {dump.state}; "
            "`liner status` shows where it stands"
        )


def _insert_files(connection: Connection, dump_id: UUID, files: Sequence[DumpFile]) -> None:
    rows = [{"dump_id": dump_id, "position": position, **to_row(file)} for position, file in enumerate(files)]
    if rows:
        connection.execute(insert(dump_file), rows)


def _find(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> list[Dump]:
    rows = connection.execute(select(dump_table).where(*conditions).order_by(dump_table.c.dumped_on.desc())).mappings()
    files: dict[UUID, list[DumpFile]] = defaultdict(list)
    for row in connection.execute(
        select(dump_file).join(dump_table).where(*conditions).order_by(dump_file.c.dump_id, dump_file.c.position)
    ).mappings():
        files[row["dump_id"]].append(
            DumpFile(**{name: value for name, value in row.items() if name not in {"dump_id", "position"}})
        )
    return [_to_dump(row, tuple(files[row["dump_id"]])) for row in rows]


def _to_dump(row: Row, files: tuple[DumpFile, ...]) -> Dump:
    values = {name: value for name, value in row.items() if name != "year_month"}
    return Dump(**{**values, "state": DumpState(row["state"]), "files": files})
