"""Commands around asking providers."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linernotes.bootstrap import App
    from linernotes.bootstrap.app import Refreshed
    from linernotes.ports.steps import StepProgress
    from linernotes.usecases.enrich import EnrichOutcome
    from linernotes.usecases.enrich_plan import EnrichRequest

step = typer.Typer(no_args_is_help=True, help="Plans of what to ask providers, done batch by batch by any process.")

NEEDS_A_PERSON = 3

Fields = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FIELD]...", help="Such as tempo_bpm, or recording.tempo_bpm; all where none is named."),
]
Provider = Annotated[str | None, typer.Option(help="Ask this one alone.")]
Limit = Annotated[int, typer.Option(min=1, help="Entities of each type that each provider is asked about at most.")]
Exhaustive = Annotated[bool, typer.Option("--all", help="Ask every provider, also for what is known already.")]
Refresh = Annotated[
    int | None, typer.Option("--refresh", metavar="DAYS", min=0, help="Ask again what was answered longer ago.")
]
Entities = Annotated[
    list[str] | None, typer.Option("--entity", help="This entity alone: an id, MBID, ISRC or name; repeatable.")
]
StepId = Annotated[UUID, typer.Argument(metavar="STEP", help="As `liner step status` lists it.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(enrich)
    app.command()(reread)
    app.add_typer(step, name="step")


def enrich(
    context: typer.Context,
    fields: Fields = None,
    *,
    provider: Provider = None,
    entities: Entities = None,
    limit: Limit = 1_000,
    exhaustive: Exhaustive = False,
    refresh: Refresh = None,
    staging: Annotated[
        bool, typer.Option("--staging", help="Build and stage what came of it; production stays as it is.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Ask providers for what the catalogue lacks; `liner build` then decides which answers count.

    Examples: liner enrich tempo_bpm key --limit 200
              liner enrich --provider coverart --dry-run
              liner enrich --entity USSM15900113 --all
              liner enrich cover_art --staging
    """
    with choices_of(context).open(as_json=as_json) as app:
        request = _request(
            app, fields, provider, entities, limit=limit, refresh=refresh, exhaustive=exhaustive, dry_run=dry_run
        )
        outcome = app.enrichment.enrich(request)
        refreshed = app.refresh_staging() if staging and not dry_run else None
    if as_json:
        show_json(outcome if refreshed is None else {"enriched": outcome, "refreshed": refreshed})
    else:
        _show_outcome(outcome, dry_run=dry_run)
        if refreshed is not None:
            _show_refreshed(refreshed)
    raise typer.Exit(outcome.exit_status or (refreshed.exit_status if refreshed else 0))


def reread(
    context: typer.Context,
    providers: Annotated[list[str] | None, typer.Argument(metavar="[PROVIDER]...", help="Whose answers.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Read the answers that bronze has by the readers as they are now; nobody is asked.

    Example: liner reread deezer
    """
    with choices_of(context).open(as_json=as_json) as app:
        sealed = app.enrichment.reread(providers or [])
    if as_json:
        show_json(sealed)
    elif sealed.load_ids:
        show_line(f"{sealed.observations:,} observations were made anew (load {sealed.load_ids[0]}); next: liner build")
    else:
        show_line("bronze has no answer to read")


@step.command("plan")
def plan_steps(
    context: typer.Context,
    fields: Fields = None,
    *,
    provider: Provider = None,
    entities: Entities = None,
    limit: Limit = 1_000,
    exhaustive: Exhaustive = False,
    refresh: Refresh = None,
    as_json: AsJson = False,
) -> None:
    """Freeze who is to be asked about, and ask nobody yet.

    Example: liner step plan tempo_bpm --limit 100000
    """
    with choices_of(context).open(as_json=as_json) as app:
        request = _request(
            app, fields, provider, entities, limit=limit, refresh=refresh, exhaustive=exhaustive, dry_run=False
        )
        planned = app.enrichment.plan(request)
    _show_steps(planned, as_json=as_json)


@step.command()
def run(context: typer.Context, step_id: StepId, *, as_json: AsJson = False) -> None:
    """Do what is left of a step; several processes may do so at once.

    Example: liner step run 0197f5b2-...
    """
    with choices_of(context).open(as_json=as_json) as app:
        done = app.enrichment.work_on(step_id)
    _show_steps([done], as_json=as_json)
    raise typer.Exit(NEEDS_A_PERSON if _count(done, "failed") else 0)


@step.command()
def status(
    context: typer.Context,
    step_id: Annotated[UUID | None, typer.Argument(metavar="[STEP]", help="One of them; else all.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """How far steps are, the newest first.

    Example: liner step status
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.enrichment.steps(step_id)
    _show_steps(found, as_json=as_json)


@step.command()
def retry(context: typer.Context, step_id: StepId, *, as_json: AsJson = False) -> None:
    """Let the batches of a step that failed wait again.

    Example: liner step retry 0197f5b2-...
    """
    _again(context, step_id, is_reset=False, as_json=as_json)


@step.command()
def reset(context: typer.Context, step_id: StepId, *, as_json: AsJson = False) -> None:
    """Let all batches of a step wait again; what was answered since it was planned is not asked again.

    Example: liner step reset 0197f5b2-...
    """
    _again(context, step_id, is_reset=True, as_json=as_json)


def _again(context: typer.Context, step_id: UUID, *, is_reset: bool, as_json: bool) -> None:
    with choices_of(context).open(as_json=as_json) as app:
        count = app.enrichment.retry(step_id, is_reset=is_reset)
    if as_json:
        show_json({"batches": count})
    else:
        show_line(f"{count:,} batches wait; next: liner step run {step_id}")


def _request(
    app: "App",
    fields: list[str] | None,
    provider: str | None,
    entities: list[str] | None,
    *,
    limit: int,
    refresh: int | None,
    exhaustive: bool,
    dry_run: bool,
) -> "EnrichRequest":
    from linernotes.usecases.enrich_plan import EnrichRequest

    return EnrichRequest(
        fields=fields or (),
        provider=provider,
        entity_ids=[app.decisions.entity_id(entity, []) for entity in entities or []],
        limit=limit,
        is_exhaustive=exhaustive,
        refresh_after=None if refresh is None else timedelta(days=refresh),
        dry_run=dry_run,
    )


def _show_outcome(outcome: "EnrichOutcome", *, dry_run: bool) -> None:
    about = "to ask about" if dry_run else "asked about"
    show_table(
        ["provider", about, "ok", "not found", "other", "cost", "fields", "problem"],
        [
            (
                one.provider,
                one.subjects,
                one.counters.get("ok", 0),
                one.counters.get("not_found", 0),
                sum(number for name, number in one.counters.items() if name not in ("ok", "not_found")),
                one.cost,
                ", ".join(one.fields),
                one.problem,
            )
            for one in outcome.providers
        ],
    )
    if dry_run:
        show_line("nothing was asked")
    elif outcome.answers:
        show_line(f"{outcome.answers:,} answers are in bronze; next: liner build")
    else:
        show_line("no answer came that was not there")


def _show_refreshed(refreshed: "Refreshed") -> None:
    if refreshed.staged is None:
        show_line("the build is not green, so nothing was staged; `liner build` tells more")
    else:
        rows = sum((refreshed.staged.staged.rows if refreshed.staged.staged else {}).values())
        show_line(f"built and staged, {rows:,} rows; next: liner validate, then liner promote")


def _show_steps(steps: "Sequence[StepProgress]", *, as_json: bool) -> None:
    if as_json:
        show_json(steps)
        return
    show_table(
        ["step", "provider", "planned", "entities", "waiting", "running", "done", "failed", "counted", "problem"],
        [
            (
                one.step.step_id,
                one.step.provider,
                one.step.planned_at,
                one.subject_count,
                *(_count(one, state) for state in ("waiting", "running", "done", "failed")),
                ", ".join(f"{number:,} {name}" for name, number in one.counters.items()),
                one.error,
            )
            for one in steps
        ],
    )


def _count(progress: "StepProgress", name: str) -> int:
    """Batches in a state."""
    return sum(number for state, number in progress.batches.items() if state.value == name)
