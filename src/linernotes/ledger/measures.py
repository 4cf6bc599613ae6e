"""How complete and how sure the catalogue was after each build, in the ledger."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import quality_measure
from linernotes.ledger.rows import insert_missing, to_row
from linernotes.ledger.tables import run
from linernotes.ports.quality import Measure, MeasuredBuild


class LedgerMeasures:
    """Rows are only ever added."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, run_id: UUID, measures: Sequence[Measure]) -> None:
        """Keep what a build came to; a second time changes nothing."""
        with self._store.writing() as connection:
            for measure in measures:
                insert_missing(connection, quality_measure, {"run_id": run_id, **to_row(measure)})

    def latest(self, *, limit: int) -> Sequence[MeasuredBuild]:
        """The builds that were measured, newest first."""
        newest = select(quality_measure.c.run_id).distinct().order_by(quality_measure.c.run_id.desc()).limit(limit)
        query = (
            select(run.c.started_at, quality_measure)
            .join(run, run.c.run_id == quality_measure.c.run_id)
            .where(quality_measure.c.run_id.in_(newest))
            .order_by(quality_measure.c.run_id.desc(), quality_measure.c.entity_type, quality_measure.c.field)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            MeasuredBuild(
                run_id=run_id,
                started_at=started_at,
                measures=[
                    Measure(**{name: value for name, value in row.items() if name not in ("run_id", "started_at")})
                    for row in of_build
                ],
            )
            for (run_id, started_at), of_build in groupby(rows, key=lambda row: (row["run_id"], row["started_at"]))
        ]
