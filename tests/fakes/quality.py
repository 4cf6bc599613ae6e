"""What builds came to, in memory."""

from collections.abc import Sequence
from uuid import UUID

from linernotes.ports.quality import Measure, MeasuredBuild
from linernotes.ports.runs import Runs


class FakeMeasures:
    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._kept: dict[UUID, dict[tuple[str, str], Measure]] = {}

    def add(self, run_id: UUID, measures: Sequence[Measure]) -> None:
        of_build = self._kept.setdefault(run_id, {})
        for measure in measures:
            of_build.setdefault((measure.entity_type, measure.field), measure)

    def latest(self, *, limit: int) -> Sequence[MeasuredBuild]:
        newest = sorted((run_id for run_id, kept in self._kept.items() if kept), reverse=True)[:limit]
        started = {run.run_id: run.started_at for run in self._runs.latest(limit=1000)}
        return [
            MeasuredBuild(
                run_id=run_id,
                started_at=started[run_id],
                measures=[measure for _, measure in sorted(self._kept[run_id].items())],
            )
            for run_id in newest
        ]
