"""Leases in the ledger: who may work on what, across processes and machines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select

from linernotes.errors import LinernotesError, TransientError
from linernotes.ledger.engine import Store
from linernotes.ledger.heart import Heart
from linernotes.ledger.processes import Fate, Process, find_fate, find_start
from linernotes.ledger.rows import Row, insert_missing
from linernotes.ledger.tables import lease, run
from linernotes.ports.runs import RunStatus

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0  # seconds between two looks while waiting


class LedgerLeases:
    """Named leases, as rows of the ledger."""

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

    @contextmanager
    def hold(
        self, name: str, *, wait_seconds: float = 0, on_wait: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        """Hold a named lease for the block, renewing it; a holder whose process is gone is taken over at once.

        Args:
            name: What is worked on.
            wait_seconds: How long to wait for somebody else.
            on_wait: Told once, before waiting, who holds it.

        Raises:
            TransientError: Somebody else holds it and `wait_seconds` have passed; or, at the end of the block,
                this process did not renew it for so long that somebody else took it over.
        """
        lease_id = self._wait_for(name, wait_seconds, on_wait)
        self._heart.keep_lease(lease_id)
        try:
            yield
        except BaseException:
            with suppress(LinernotesError):  # the error of the block is the one to hear of
                self._give_back(lease_id)
            raise
        if not self._give_back(lease_id):
            raise TransientError(
                f"the lease {name!r} expired while it was held, and another process took it; run the same command again"
            )

    def _wait_for(self, name: str, wait_seconds: float, on_wait: Callable[[str], None] | None) -> UUID:
        deadline = time.monotonic() + wait_seconds
        pause = _FIRST_PAUSE
        while True:
            lease_id = self._new_id()
            holder = self._take(name, lease_id)
            if holder is None:
                return lease_id
            left = deadline - time.monotonic()
            if left <= 0:
                raise TransientError(f"{_describe(holder)}; try again when it is done")
            if on_wait is not None:
                on_wait(f"{_describe(holder)}; waiting up to {left:.0f} s")
                on_wait = None
            if not self._heart.wait(min(pause, left)):
                raise TransientError(f"{_describe(holder)}, and this process stops waiting; try again when it is done")
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _take(self, name: str, lease_id: UUID) -> Row | None:
        """Take the lease and answer None, or the holder if it is somebody else's."""
        with self._store.writing() as connection:
            query = select(lease).where(lease.c.name == name).with_for_update()
            holder = connection.execute(query).mappings().one_or_none()
            if holder is not None:
                if not self._is_abandoned(holder):
                    return holder
                connection.execute(delete(lease).where(lease.c.lease_id == holder["lease_id"]))
            row = {
                "name": name,
                "lease_id": lease_id,
                "run_id": self._find_run(connection),
                "host": self._here.host,
                "pid": self._here.pid,
                "process_token": self._here.token,
                "acquired_at": self._clock(),
                "expires_at": self._heart.next_death(),
            }
            if insert_missing(connection, lease, row):
                return None
            return connection.execute(query).mappings().one()  # another process was a moment faster

    def _is_abandoned(self, holder: Row) -> bool:
        if holder["expires_at"] <= self._clock():
            return True
        process = Process(host=holder["host"], pid=holder["pid"], token=holder["process_token"])
        return find_fate(process, here=self._here, find_start=find_start) is Fate.GONE

    def _find_run(self, connection: Connection) -> UUID | None:
        """The newest open run of this process: the one that most likely asks."""
        query = (
            select(run.c.run_id)
            .where(run.c.status == RunStatus.RUNNING, run.c.pid == self._here.pid)
            .where(run.c.host == self._here.host, run.c.process_token == self._here.token)
            .order_by(run.c.run_id.desc())
            .limit(1)
        )
        return connection.execute(query).scalar_one_or_none()

    def _give_back(self, lease_id: UUID) -> bool:
        """Delete the lease; False if it was no longer ours."""
        self._heart.let_go(lease_id)
        with self._store.writing() as connection:
            return connection.execute(delete(lease).where(lease.c.lease_id == lease_id)).rowcount == 1


def _describe(holder: Row) -> str:
    who = f"process {holder['pid']} on {holder['host']}"
    if holder["run_id"] is not None:
        who += f" (run {holder['run_id']})"
    return f"{holder['name']!r} is held by {who} since {holder['acquired_at']:%Y-%m-%d %H:%M:%S} UTC"
