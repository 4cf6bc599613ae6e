"""The quarantine in the ledger."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from linernotes.errors import WrongUsageError
from linernotes.ledger.engine import Store
from linernotes.ledger.rows import insert_missing, to_row
from linernotes.ledger.tables import quarantine
from linernotes.ports.quarantine import QuarantinedRecord


class LedgerQuarantine:
    """Records set aside with their bytes and the reason, in the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def add(self, records: Iterable[QuarantinedRecord]) -> int:
        """Set records aside and answer how many were new; the same id again is no new record."""
        with self._store.writing() as connection:
            return set_aside(connection, records)

    def find(
        self,
        *,
        is_open: bool = True,
        source: str | None = None,
        load_id: UUID | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantinedRecord]:
        """Records set aside, oldest first: those still open, or those resolved."""
        query = select(quarantine).order_by(quarantine.c.created_at, quarantine.c.quarantine_id).limit(limit)
        query = query.where(quarantine.c.resolved_at.is_(None) if is_open else quarantine.c.resolved_at.is_not(None))
        if source is not None:
            query = query.where(quarantine.c.source == source)
        if load_id is not None:
            query = query.where(quarantine.c.load_id == load_id)
        with self._store.reading() as connection:
            return [QuarantinedRecord(**row) for row in connection.execute(query).mappings()]

    def get(self, quarantine_id: UUID) -> QuarantinedRecord:
        """One record.

        Raises:
            WrongUsageError: No such record.
        """
        with self._store.reading() as connection:
            row = (
                connection.execute(select(quarantine).where(quarantine.c.quarantine_id == quarantine_id))
                .mappings()
                .one_or_none()
            )
        if row is None:
            raise _not_there(quarantine_id)
        return QuarantinedRecord(**row)

    def resolve(self, quarantine_id: UUID, *, resolution: str) -> None:
        """Close a record, saying how: `retried` or `discarded`.

        Raises:
            WrongUsageError: No such record.
        """
        with self._store.writing() as connection:
            changed = connection.execute(
                update(quarantine)
                .where(quarantine.c.quarantine_id == quarantine_id)
                .values(resolved_at=self._clock(), resolution=resolution)
            ).rowcount
            if not changed:
                raise _not_there(quarantine_id)


def set_aside(connection: Connection, records: Iterable[QuarantinedRecord]) -> int:
    """Insert the records that are new, and count them."""
    return sum(insert_missing(connection, quarantine, to_row(record)) for record in records)


def _not_there(quarantine_id: UUID) -> WrongUsageError:
    return WrongUsageError(f"no record {quarantine_id} in quarantine; see `liner quarantine list`")
