"""Build: bring silver and gold up to date with bronze, and then the user's own models with those."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from linernotes.errors import LinernotesError
from linernotes.ports.building import Builder, Built, ModelOutcome, UserBuilder
from linernotes.ports.loads import Consumption, Loads
from linernotes.ports.progress import Progress
from linernotes.ports.quality import Measures
from linernotes.ports.runs import Runs, RunStatus
from linernotes.usecases.running import recorded

NEEDS_A_PERSON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tools:
    runs: Runs
    loads: Loads
    consumption: Consumption
    measures: Measures
    builder: Builder
    user_builder: UserBuilder | None
    progress: Progress
    code_version: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOutcome:
    """What a build did, for people and programs."""

    run_id: str | None = None
    """None when silver and gold were up to date."""
    snapshot_id: int | None = None
    is_green: bool = True
    is_complete: bool = True
    """False after a failure, and after a build of a selection that left other models behind."""
    models: tuple[ModelOutcome, ...] = ()
    failed_tests: tuple[ModelOutcome, ...] = ()
    test_count: int = 0
    user_models: tuple[ModelOutcome, ...] = ()
    """The user's own models and tests, if they had to run; they cannot fail the build."""

    @property
    def exit_status(self) -> int:
        """0 for a green build, 1 where a model or a test failed, 3 where only one of the user's own did."""
        if not self.is_green:
            return 1
        return NEEDS_A_PERSON if any(model.status not in ("success", "warn") for model in self.user_models) else 0


def build(  # noqa: PLR0913 - a use case is given everything it touches
    *,
    runs: Runs,
    loads: Loads,
    consumption: Consumption,
    measures: Measures,
    builder: Builder,
    progress: Progress,
    code_version: str,
    settings: Mapping[str, object],
    user_builder: UserBuilder | None = None,
    select: str | None = None,
    force: bool = False,
) -> BuildOutcome:
    """Build what is not up to date; with nothing to do the build tool is not even started.

    Lake and ledger commit separately: first the lake, then the run with its snapshot, then what the models took
    in. A crash in between makes the next build take the same records again, which changes nothing.

    Args:
        settings: Recorded with the run.
        user_builder: Builds what the user added, once silver and gold are complete.
        select: A dbt selection, passed through.
        force: Run every test again although nothing has changed.
    """
    tools = _Tools(
        runs=runs,
        loads=loads,
        consumption=consumption,
        measures=measures,
        builder=builder,
        user_builder=user_builder,
        progress=progress,
        code_version=code_version,
        settings=settings,
    )
    must_run = force or select is not None
    if not (must_run or _has_work(tools)):
        return BuildOutcome()
    with builder.writing(progress):
        # whoever had the lake before may have done the work, so both are asked again
        outcome = BuildOutcome()
        if must_run or builder.has_work(loads.find(), consumption.consumed()):
            outcome = _build(tools, select)
        if outcome.is_complete:
            outcome = replace(outcome, user_models=_build_user_models(tools))
        return outcome


def _has_work(tools: _Tools) -> bool:
    builders = (tools.builder, tools.user_builder)
    known, taken = tools.loads.find(), tools.consumption.consumed()
    return any(builder is not None and builder.has_work(known, taken) for builder in builders)


def _build(tools: _Tools, select: str | None) -> BuildOutcome:
    run = tools.runs.start("build", code_version=tools.code_version, settings=tools.settings)
    known, taken = tools.loads.find(), tools.consumption.consumed()
    try:
        built = tools.builder.build(
            run.run_id, known, taken, begin=tools.consumption.begin, select=select, progress=tools.progress
        )
    except BaseException as error:
        status = RunStatus.FAILED if isinstance(error, Exception) else RunStatus.INTERRUPTED
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        tools.runs.finish(run.run_id, status=status, counters={}, error=reason)
        raise
    _close(tools.runs, run.run_id, built)
    tools.consumption.record(run.run_id, built.consumed)
    tools.measures.add(run.run_id, built.measures)
    return BuildOutcome(
        run_id=str(run.run_id),
        snapshot_id=built.snapshot_id,
        is_green=built.is_green,
        is_complete=built.is_complete,
        models=built.models,
        failed_tests=tuple(test for test in built.tests if test.status != "success"),
        test_count=len(built.tests),
    )


def _close(runs: Runs, run_id: UUID, built: Built) -> None:
    runs.finish(
        run_id,
        status=RunStatus.SUCCEEDED if built.is_green else RunStatus.FAILED,
        counters={
            "models": len(built.models),
            "tests": len(built.tests),
            "inserted": sum(model.inserted for model in built.models),
            "updated": sum(model.updated for model in built.models),
            "deleted": sum(model.deleted for model in built.models),
        },
        error=None if built.is_green else _first_failure(built),
        snapshot_id=built.snapshot_id if built.is_complete else None,
    )


def _first_failure(built: Built) -> str:
    outcomes = (*built.models, *built.tests)
    failures = [
        f"{outcome.name}: {outcome.message}" for outcome in outcomes if outcome.status not in ("success", "skipped")
    ]
    return failures[0] if failures else "models were skipped"


def _build_user_models(tools: _Tools) -> tuple[ModelOutcome, ...]:
    """Run what the user added, as a run of its own: ours is recorded by now, and nothing can take that back."""
    own, known = tools.user_builder, tools.loads.find()
    if own is None or not own.has_work(known, tools.consumption.consumed()):
        return ()
    try:
        with recorded(tools.runs, "build user", code_version=tools.code_version, settings=tools.settings) as run:
            built = own.build(run.run_id, known, begin=tools.consumption.begin, progress=tools.progress)
            failed = sum(model.status not in ("success", "warn") for model in built.models)
            run.counters.update(models=len(built.models), failed=failed)
    except LinernotesError as error:
        return (ModelOutcome(name="user models", status="error", seconds=0, message=str(error)),)
    tools.consumption.record(run.run_id, built.consumed)
    return built.models
