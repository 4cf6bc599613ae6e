"""Judgements in the ledger."""

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping, select

from linernotes.domain.judgements import Answer, Judgement
from linernotes.ledger.engine import Store
from linernotes.ledger.rows import insert_missing, to_row
from linernotes.ledger.tables import judgement as judgement_table


class LedgerJudgements:
    """What people said of ambiguous records, in the ledger; events are only ever appended."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, judgements: Iterable[Judgement]) -> int:
        """Append events, all or none, and answer how many were new; the same id again is no new event."""
        rows = [to_row(judgement) | {"answer": judgement.answer.value} for judgement in judgements]
        with self._store.writing() as connection:
            return sum(insert_missing(connection, judgement_table, row) for row in rows)

    def all(self) -> Sequence[Judgement]:
        """Every event, oldest first."""
        query = select(judgement_table).order_by(judgement_table.c.judgement_id)
        with self._store.reading() as connection:
            return [_judgement(row) for row in connection.execute(query).mappings()]


def _judgement(row: RowMapping) -> Judgement:
    return Judgement(**{**row, "answer": Answer(row["answer"])})
