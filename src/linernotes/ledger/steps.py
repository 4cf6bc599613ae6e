"""Steps and their batches in the ledger."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import step, step_batch
from linernotes.ledger.rows import Row
from linernotes.ledger.subjects import from_bytes, to_bytes
from linernotes.ledger.tables import run
from linernotes.ports.providers import Subject
from linernotes.ports.runs import RunStatus
from linernotes.ports.steps import Batch, BatchState, Step, StepProgress


class LedgerSteps:
    """Work that is planned once and done batch by batch, in the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def plan(self, planned: Step, batches: Iterable[Sequence[Subject]]) -> int:
        """Freeze a step with its batches, all or none, and answer how many batches it has."""
        number = 0
        with self._store.writing() as connection:
            connection.execute(
                insert(step).values(
                    step_id=planned.step_id,
                    provider=planned.provider,
                    fields=list(planned.fields),
                    run_id=planned.run_id,
                    planned_at=planned.planned_at,
                )
            )
            for number, subjects in enumerate(batches, 1):
                connection.execute(
                    insert(step_batch).values(
                        step_id=planned.step_id,
                        number=number,
                        state=BatchState.WAITING,
                        subjects=to_bytes(subjects),
                        subject_count=len(subjects),
                        attempts=0,
                        counters={},
                    )
                )
        return number

    def take(self, step_id: UUID, *, run_id: UUID, until: datetime) -> Batch | None:
        """The next batch that waits, or whose process is gone or too late; None where none is left to take."""
        with self._store.writing() as connection:
            found = connection.execute(self._takeable(step_id)).mappings().first()
            if found is None:
                return None
            connection.execute(
                update(step_batch)
                .where(step_batch.c.step_id == step_id, step_batch.c.number == found["number"])
                .values(state=BatchState.RUNNING, run_id=run_id, leased_until=until, attempts=found["attempts"] + 1)
            )
        return Batch(
            step_id=step_id,
            number=found["number"],
            subjects=from_bytes(found["subjects"]),
            attempts=found["attempts"] + 1,
        )

    def renew(self, batch: Batch, *, run_id: UUID, until: datetime) -> bool:
        """Hold a batch longer; False where another process has taken it meanwhile."""
        return self._change(batch, run_id, leased_until=until)

    def finish(self, batch: Batch, *, run_id: UUID, counters: Mapping[str, int]) -> bool:
        """Call a batch done, with what it counted; False where another process has taken it meanwhile."""
        return self._change(batch, run_id, state=BatchState.DONE, counters=dict(counters), error=None)

    def fail(self, batch: Batch, *, run_id: UUID, error: str) -> bool:
        """Call a batch failed; False where another process has taken it meanwhile."""
        return self._change(batch, run_id, state=BatchState.FAILED, error=error)

    def release(self, batch: Batch, *, run_id: UUID) -> bool:
        """Let a batch wait again; False where another process has taken it meanwhile."""
        return self._change(batch, run_id, state=BatchState.WAITING)

    def retry(self, step_id: UUID, *, is_reset: bool = False) -> int:
        """Let failed batches, or all of them, wait again, and answer how many."""
        states = list(BatchState) if is_reset else [BatchState.FAILED]
        with self._store.writing() as connection:
            return connection.execute(
                update(step_batch)
                .where(step_batch.c.step_id == step_id, step_batch.c.state.in_(states))
                .values(state=BatchState.WAITING, run_id=None, leased_until=None, counters={}, error=None)
            ).rowcount

    def progress(self, *, step_id: UUID | None = None) -> Sequence[StepProgress]:
        """How far each step is, newest first, or one of them."""
        query = select(step).order_by(step.c.step_id.desc())
        if step_id is not None:
            query = query.where(step.c.step_id == step_id)
        with self._store.reading() as connection:
            return [_progress(connection, row) for row in connection.execute(query).mappings().all()]

    def _takeable(self, step_id: UUID) -> Select[tuple[int, int, bytes]]:
        is_gone = or_(step_batch.c.leased_until <= self._clock(), run.c.status != RunStatus.RUNNING)
        return (
            select(step_batch.c.number, step_batch.c.attempts, step_batch.c.subjects)
            .outerjoin(run, step_batch.c.run_id == run.c.run_id)
            .where(step_batch.c.step_id == step_id)
            .where(
                or_(
                    step_batch.c.state == BatchState.WAITING,
                    and_(step_batch.c.state == BatchState.RUNNING, is_gone),
                )
            )
            .order_by(step_batch.c.number)
            .limit(1)
            .with_for_update(of=step_batch, skip_locked=True)
        )

    def _change(self, batch: Batch, run_id: UUID, **values: object) -> bool:
        """Change a batch that a run still holds."""
        with self._store.writing() as connection:
            changed = connection.execute(
                update(step_batch)
                .where(step_batch.c.step_id == batch.step_id, step_batch.c.number == batch.number)
                .where(step_batch.c.state == BatchState.RUNNING, step_batch.c.run_id == run_id)
                .where(step_batch.c.attempts == batch.attempts)
                .values(**values)
            ).rowcount
        return changed == 1


def _progress(connection: Connection, planned: Row) -> StepProgress:
    batches = connection.execute(
        select(step_batch.c.number, step_batch.c.state, step_batch.c.subject_count, step_batch.c.counters)
        .add_columns(step_batch.c.error)
        .where(step_batch.c.step_id == planned["step_id"])
        .order_by(step_batch.c.number)
    ).all()
    counters = Counter[str]()
    for batch in batches:
        counters.update(batch.counters)
    errors = [batch.error for batch in batches if batch.error]
    return StepProgress(
        step=Step(**{**planned, "fields": tuple(planned["fields"])}),
        batches=Counter(BatchState(batch.state) for batch in batches),
        subject_count=sum(batch.subject_count for batch in batches),
        counters=dict(counters),
        error=errors[-1] if errors else None,
    )
