"""What was done as OpenLineage events in a file, for catalogues of data that collect them.

https://openlineage.io/docs/spec/object-model
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from linernotes import __version__
from linernotes.errors import FatalError, LinernotesError
from linernotes.lake.engine import Engine
from linernotes.lake.snapshots import built_relations, models_of_run
from linernotes.ledger.opening import Ledger
from linernotes.ports.runs import Run, Runs, RunStatus
from linernotes.settings import Settings

PRODUCER = f"https://pypi.org/project/linernotes/{__version__}/"
_ENDED = {RunStatus.SUCCEEDED: "COMPLETE", RunStatus.FAILED: "FAIL", RunStatus.INTERRUPTED: "ABORT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasets:
    """Tables that a run read, and those that it changed, such as `bronze.discogs_release` and `silver.track`."""

    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsWithLineage:
    """The record of runs, which also tells of each to a file. What goes wrong with that is told and stops nothing."""

    runs: Runs
    file: Path
    namespace: str
    datasets: Callable[[Run], Datasets]
    now: Callable[[], datetime]
    say: Callable[[str], None]
    _open: dict[UUID, Run] = field(init=False, default_factory=dict)

    def start(self, use_case: str, *, code_version: str, settings: Mapping[str, object]) -> Run:
        """Open a run."""
        run = self.runs.start(use_case, code_version=code_version, settings=settings)
        self._open[run.run_id] = run
        self._emit(run, "START", lambda _: Datasets())
        return run

    def finish(
        self,
        run_id: UUID,
        *,
        status: RunStatus,
        counters: Mapping[str, int],
        error: str | None = None,
        snapshot_id: int | None = None,
    ) -> None:
        """Close a run."""
        self.runs.finish(run_id, status=status, counters=counters, error=error, snapshot_id=snapshot_id)
        run = self._open.pop(run_id, None)
        if run is not None:
            self._emit(run, _ENDED[status], self.datasets, error=error)

    def latest(self, *, limit: int = 20, use_case: str | None = None, status: RunStatus | None = None) -> Sequence[Run]:
        """Runs, newest first."""
        return self.runs.latest(limit=limit, use_case=use_case, status=status)

    def _emit(self, run: Run, state: str, datasets: Callable[[Run], Datasets], *, error: str | None = None) -> None:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            transport = _transport(self.file)
            transport.emit(_event(run, state, self.namespace, datasets(run), at=self.now(), error=error))
        except OSError as failed:
            self.say(f"lineage is not told: cannot write {self.file} ({failed.strerror or failed})")
        except LinernotesError as failed:
            self.say(f"lineage is not told: {failed}")


def with_lineage(
    ledger: Ledger,
    settings: Settings,
    *,
    engine: Callable[[], Engine],
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> Ledger:
    """A ledger whose runs are told to the file of the settings.

    Raises:
        FatalError: The package that writes the events is not installed.
    """
    if find_spec("openlineage") is None:
        raise FatalError("lineage.file is set: install linernotes[lineage], or unset it")
    runs = RunsWithLineage(
        runs=ledger.runs,
        file=settings.home / (settings.lineage.file or ""),
        namespace=settings.lineage.namespace,
        datasets=lambda run: _datasets(ledger, engine, run),
        now=now,
        say=say,
    )
    return replace(ledger, runs=runs)


def _datasets(ledger: Ledger, engine: Callable[[], Engine], run: Run) -> Datasets:
    """Bronze tables that a run brought, or models that it changed, with the bronze tables that there are."""
    loads = ledger.loads.find()
    if run.use_case != "build":
        brought = (file.table for load in loads if load.run_id == run.run_id for file in load.files)
        return Datasets(outputs=frozenset(f"bronze.{table}" for table in brought))
    there = (file.table for load in loads if load.discarded_at is None for file in load.files)
    changed: frozenset[str] = frozenset()
    if engine().exists:
        with engine().connect() as connection:
            models = models_of_run(connection, str(run.run_id))
            changed = frozenset(f"{schema}.{name}" for schema, name in built_relations(connection) if name in models)
    return Datasets(inputs=frozenset(f"bronze.{table}" for table in there), outputs=changed)


def _transport(file: Path) -> Any:
    from openlineage.client.transport.file import FileConfig, FileTransport

    return FileTransport(FileConfig(log_file_path=str(file), append=True))


def _event(run: Run, state: str, namespace: str, datasets: Datasets, *, at: datetime, error: str | None) -> Any:
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, RunEvent, RunState
    from openlineage.client.event_v2 import Run as LineageRun
    from openlineage.client.facet_v2 import error_message_run

    facets: dict[str, Any] = {}
    if error is not None:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(message=error, programmingLanguage="python")
    return RunEvent(
        eventType=RunState[state],
        eventTime=at.isoformat(),
        run=LineageRun(runId=str(run.run_id), facets=facets),
        job=Job(namespace=namespace, name=run.use_case),
        inputs=_named(InputDataset, namespace, datasets.inputs),
        outputs=_named(OutputDataset, namespace, datasets.outputs),
        producer=PRODUCER,
    )


def _named(kind: Any, namespace: str, names: Iterable[str]) -> list[Any]:
    return [kind(namespace=namespace, name=name) for name in sorted(names)]
