"""The heartbeat: keeps the open runs and the leases of this process from looking abandoned."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from linernotes.errors import LinernotesError
from linernotes.ledger.engine import Store
from linernotes.ledger.tables import lease, run

_BEATS_PER_LIFE = 3  # two beats may fail before a lease expires


class Heart:
    """Renews runs and leases from a thread that starts with the first of them and ends with `stop`."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime], life: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._life = life
        self._runs: set[UUID] = set()
        self._leases: set[UUID] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def next_death(self) -> datetime:
        """Until when something renewed now counts as alive."""
        return self._clock() + self._life

    def keep_run(self, run_id: UUID) -> None:
        """Renew a run from now on."""
        with self._lock:
            self._runs.add(run_id)
            self._start()

    def keep_lease(self, lease_id: UUID) -> None:
        """Renew a lease from now on."""
        with self._lock:
            self._leases.add(lease_id)
            self._start()

    def let_go(self, one_id: UUID) -> None:
        """Renew a run or lease no longer."""
        with self._lock:
            self._runs.discard(one_id)
            self._leases.discard(one_id)

    def wait(self, seconds: float) -> bool:
        """Wait, and answer True; or answer False as soon as `stop` is called."""
        return not self._stopped.wait(seconds)

    def beat(self) -> None:
        """Renew everything once. A lease that somebody took over stays theirs."""
        with self._lock:
            runs, leases = tuple(self._runs), tuple(self._leases)
        if not runs and not leases:
            return
        death = self.next_death()
        with self._store.writing() as connection:
            connection.execute(update(run).where(run.c.run_id.in_(runs)).values(alive_until=death))
            connection.execute(update(lease).where(lease.c.lease_id.in_(leases)).values(expires_at=death))

    def stop(self) -> None:
        """End the thread; what it kept expires."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._beat_on, name="ledger-heartbeat", daemon=True)
            self._thread.start()

    def _beat_on(self) -> None:
        while not self._stopped.wait(self._life.total_seconds() / _BEATS_PER_LIFE):
            try:
                self.beat()
            except LinernotesError as error:
                # The next beat may succeed; who holds a lease that is lost by then hears of it at the end of its block.
                import structlog  # noqa: PLC0415 - only when something is wrong

                structlog.get_logger().warning("ledger.heartbeat_failed", error=str(error))
