"""Build: bring silver and gold up to date with bronze."""

from collections.abc import Mapping
from dataclasses import dataclass

from linernotes.ports.building import Builder, Built, ModelOutcome
from linernotes.ports.loads import Consumption, Loads
from linernotes.ports.progress import Progress
from linernotes.ports.runs import Runs, RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOutcome:
    """What a build did, for people and programs."""

    run_id: str | None
    """None when there was nothing to build."""
    snapshot_id: int | None
    is_green: bool
    models: tuple[ModelOutcome, ...] = ()
    failed_tests: tuple[ModelOutcome, ...] = ()
    test_count: int = 0

    @property
    def exit_status(self) -> int:
        """0 for a green build, 1 where a model or a test failed."""
        return 0 if self.is_green else 1


def build(  # noqa: PLR0913 - a use case is given everything it touches
    *,
    runs: Runs,
    loads: Loads,
    consumption: Consumption,
    builder: Builder,
    progress: Progress,
    code_version: str,
    settings: Mapping[str, object],
    select: str | None = None,
    force: bool = False,
) -> BuildOutcome:
    """Build what is not up to date; with nothing to do the build tool is not even started.

    What a model took in is recorded after the lake committed it. A crash between the two makes the next
    build take the same records again, which changes nothing.

    Args:
        select: A dbt selection, passed through.
        force: Build although nothing seems to have changed.
    """
    known, taken = loads.find(), consumption.consumed()
    if not (force or select) and not builder.has_work(known, taken):
        return BuildOutcome(run_id=None, snapshot_id=None, is_green=True)
    run = runs.start("build", code_version=code_version, settings=settings)
    try:
        built = builder.build(run.run_id, known, taken, select=select, progress=progress)
        consumption.record(run.run_id, built.consumed)
    except BaseException as error:
        runs.finish(run.run_id, status=RunStatus.FAILED, counters={}, error=f"{type(error).__name__}: {error}")
        raise
    runs.finish(
        run.run_id,
        status=RunStatus.SUCCEEDED if built.is_green else RunStatus.FAILED,
        counters=_counters(built),
        error=None if built.is_green else _first_failure(built),
        snapshot_id=built.snapshot_id if built.is_green else None,
    )
    return BuildOutcome(
        run_id=str(run.run_id),
        snapshot_id=built.snapshot_id,
        is_green=built.is_green,
        models=built.models,
        failed_tests=tuple(test for test in built.tests if test.status != "success"),
        test_count=len(built.tests),
    )


def _counters(built: Built) -> dict[str, int]:
    return {
        "models": len(built.models),
        "tests": len(built.tests),
        "inserted": sum(model.inserted for model in built.models),
        "updated": sum(model.updated for model in built.models),
        "deleted": sum(model.deleted for model in built.models),
    }


def _first_failure(built: Built) -> str:
    outcomes = (*built.models, *built.tests)
    failures = [
        f"{outcome.name}: {outcome.message}" for outcome in outcomes if outcome.status not in ("success", "skipped")
    ]
    return failures[0] if failures else "dbt skipped models"
