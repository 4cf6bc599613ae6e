"""Watermarks in the ledger."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from linernotes.ledger.engine import Store
from linernotes.ledger.rows import to_row, upsert
from linernotes.ledger.tables import watermark as watermark_table
from linernotes.ports.watermarks import Watermark


class LedgerWatermarks:
    """How far each source has been read, in the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def save(self, watermark: Watermark) -> None:
        """Insert a watermark or replace the one of that source and entity."""
        row = to_row(watermark) | {"updated_at": self._clock()}
        with self._store.writing() as connection:
            upsert(connection, watermark_table, row, keys=["source", "entity"])

    def find(self, *, source: str | None = None) -> Sequence[Watermark]:
        """Watermarks by source and entity."""
        query = select(watermark_table).order_by(watermark_table.c.source, watermark_table.c.entity)
        if source is not None:
            query = query.where(watermark_table.c.source == source)
        with self._store.reading() as connection:
            return [Watermark(**row) for row in connection.execute(query).mappings()]
