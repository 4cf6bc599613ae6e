"""Runs in the ledger."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from linernotes.errors import WrongUsageError
from linernotes.ledger.engine import Store
from linernotes.ledger.heart import Heart
from linernotes.ledger.processes import Fate, Process, find_fate, find_start
from linernotes.ledger.rows import Row
from linernotes.ledger.tables import run
from linernotes.ports.runs import Run, RunStatus

RUN_COLUMNS = [column for column in run.c if column.name not in {"host", "pid", "process_token", "alive_until"}]


class LedgerRuns:
    """The record of what Linernotes did, in the ledger."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
        heart: Heart,
        here: Process,
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._heart = heart
        self._here = here

    def start(self, use_case: str, *, code_version: str, settings: Mapping[str, object]) -> Run:
        """Open a run, after marking as interrupted every open run whose process is gone."""
        run_id = self._new_id()
        with self._store.writing() as connection:
            self._mark_interrupted(connection)
            connection.execute(
                insert(run).values(
                    run_id=run_id,
                    use_case=use_case,
                    status=RunStatus.RUNNING,
                    started_at=self._clock(),
                    code_version=code_version,
                    settings=settings,
                    counters={},
                    host=self._here.host,
                    pid=self._here.pid,
                    process_token=self._here.token,
                    alive_until=self._heart.next_death(),
                )
            )
            row = connection.execute(select(*RUN_COLUMNS).where(run.c.run_id == run_id)).mappings().one()
        self._heart.keep_run(run_id)
        return to_run(row)

    def finish(
        self,
        run_id: UUID,
        *,
        status: RunStatus,
        counters: Mapping[str, int],
        error: str | None = None,
        snapshot_id: int | None = None,
    ) -> None:
        """Close a run.

        Raises:
            WrongUsageError: No such run.
        """
        self._heart.let_go(run_id)
        values = {
            "status": status,
            "counters": counters,
            "error": error,
            "snapshot_id": snapshot_id,
            "finished_at": self._clock(),
        }
        with self._store.writing() as connection:
            found = connection.execute(update(run).where(run.c.run_id == run_id).values(values)).rowcount
            if not found:
                raise WrongUsageError(f"no run {run_id} in the ledger; see `liner runs`")

    def latest(self, *, limit: int = 20, use_case: str | None = None, status: RunStatus | None = None) -> Sequence[Run]:
        """Runs, newest first."""
        query = select(*RUN_COLUMNS).order_by(run.c.run_id.desc()).limit(limit)
        if use_case is not None:
            query = query.where(run.c.use_case == use_case)
        if status is not None:
            query = query.where(run.c.status == status)
        with self._store.reading() as connection:
            return [to_run(row) for row in connection.execute(query).mappings()]

    def _mark_interrupted(self, connection: Connection) -> None:
        now = self._clock()
        for row in connection.execute(select(run).where(run.c.status == RunStatus.RUNNING)).mappings().all():
            process = Process(host=row["host"], pid=row["pid"], token=row["process_token"])
            fate = find_fate(process, here=self._here, find_start=find_start)
            if fate is Fate.GONE or (fate is Fate.UNKNOWN and row["alive_until"] <= now):
                connection.execute(
                    update(run)
                    .where(run.c.run_id == row["run_id"], run.c.status == RunStatus.RUNNING)
                    .values(
                        status=RunStatus.INTERRUPTED,
                        finished_at=now,
                        error=f"process {process.pid} on {process.host} ended without saying how",
                    )
                )


def to_run(row: Row) -> Run:
    """A run from its row."""
    return Run(**{**row, "status": RunStatus(row["status"])})
