"""Answers of providers in the ledger, until they are sealed into a bronze file."""

import zlib
from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import answer as answer_table
from linernotes.ledger.rows import Row, insert_missing
from linernotes.ledger.subjects import from_bytes, to_bytes
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.providers import Answer, Question

_ROWS_AT_ONCE = 100
_IDS_AT_ONCE = 500


class LedgerAnswers:
    """The journal of answers: one transaction each, so that none is lost and none is asked for twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, stored: StoredAnswer) -> None:
        """Keep an answer; the same id again changes nothing."""
        question, answer = stored.question, stored.answer
        row = {
            "answer_id": stored.answer_id,
            "run_id": stored.run_id,
            "provider": question.provider,
            "fingerprint": question.fingerprint,
            "path": question.path,
            "parameters": dict(question.parameters),
            "subjects": to_bytes(question.subjects),
            "status": answer.status,
            "headers": dict(answer.headers),
            "body": zlib.compress(answer.body),
            "received_at": answer.received_at,
            "collector_version": stored.collector_version,
            "cost": stored.cost,
        }
        with self._store.writing() as connection:
            insert_missing(connection, answer_table, row)

    def find(self, question: Question, *, since: datetime) -> StoredAnswer | None:
        """The newest answer to a question, received then or later."""
        query = (
            select(answer_table)
            .where(answer_table.c.fingerprint == question.fingerprint, answer_table.c.received_at >= since)
            .order_by(answer_table.c.answer_id.desc())
            .limit(1)
        )
        with self._store.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return _stored(row) if row else None

    def unsealed(self) -> Iterator[StoredAnswer]:
        """Answers that are in no bronze file yet, oldest first."""
        query = select(answer_table).order_by(answer_table.c.answer_id).limit(_ROWS_AT_ONCE)
        last: UUID | None = None
        while True:
            page = query if last is None else query.where(answer_table.c.answer_id > last)
            with self._store.reading() as connection:
                rows = connection.execute(page).mappings().all()
            if not rows:
                return
            yield from map(_stored, rows)
            last = rows[-1]["answer_id"]

    def seal(self, answer_ids: Collection[UUID]) -> int:
        """Forget answers that a bronze file has, and answer how many they were."""
        ids = list(answer_ids)
        with self._store.writing() as connection:
            return sum(
                connection.execute(
                    delete(answer_table).where(answer_table.c.answer_id.in_(ids[first : first + _IDS_AT_ONCE]))
                ).rowcount
                for first in range(0, len(ids), _IDS_AT_ONCE)
            )

    def unsealed_bytes(self) -> int:
        """How much the answers take that are in no bronze file yet."""
        with self._store.reading() as connection:
            return connection.execute(select(func.coalesce(func.sum(func.length(answer_table.c.body)), 0))).scalar_one()


def _stored(row: Row) -> StoredAnswer:
    return StoredAnswer(
        answer_id=row["answer_id"],
        run_id=row["run_id"],
        question=Question(
            provider=row["provider"],
            path=row["path"],
            parameters=row["parameters"],
            subjects=from_bytes(row["subjects"]),
        ),
        answer=Answer(
            status=row["status"],
            headers=row["headers"],
            body=zlib.decompress(row["body"]),
            received_at=row["received_at"],
        ),
        collector_version=row["collector_version"],
        cost=row["cost"],
    )
