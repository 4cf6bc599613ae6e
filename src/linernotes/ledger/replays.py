"""The queue of replays in the ledger."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import replay_queue
from linernotes.ledger.rows import to_row
from linernotes.ports.replays import QueuedReplay, ReplayStatus, TargetLayer


class LedgerReplayQueue:
    """Replays in the order in which they were asked for."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def add(self, replay: QueuedReplay) -> None:
        """Put a replay at the end."""
        row = to_row(replay) | {"bronze_ids": [str(bronze_id) for bronze_id in replay.bronze_ids]}
        with self._store.writing() as connection:
            connection.execute(insert(replay_queue).values(row))

    def all(self) -> Sequence[QueuedReplay]:
        """Every replay there was, oldest first."""
        query = select(replay_queue).order_by(replay_queue.c.replay_id)
        with self._store.reading() as connection:
            return [
                QueuedReplay(
                    **{
                        **row,
                        "bronze_ids": tuple(map(UUID, row["bronze_ids"])),
                        "target_layer": TargetLayer(row["target_layer"]),
                        "status": ReplayStatus(row["status"]),
                    }
                )
                for row in connection.execute(query).mappings()
            ]

    def finish(self, replay_id: UUID, *, status: ReplayStatus, outcome: str) -> None:
        """Say what came of one that waited; of one that is finished nothing is changed."""
        with self._store.writing() as connection:
            connection.execute(
                update(replay_queue)
                .where(replay_queue.c.replay_id == replay_id, replay_queue.c.status == ReplayStatus.WAITING)
                .values(status=status, outcome=outcome, finished_at=self._clock())
            )
