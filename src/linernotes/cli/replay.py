"""Commands that decide again."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_line, show_table
from linernotes.errors import WrongUsageError
from linernotes.ports.replays import ReplayStatus, TargetLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linernotes.bootstrap import App
    from linernotes.ports.replays import QueuedReplay
    from linernotes.usecases.replay import ReplayOutcome, ReplayRequest

NEEDS_A_PERSON = 3

Fields = Annotated[
    list[str] | None, typer.Option("--field", help="This field alone, such as recording.tempo_bpm; repeatable.")
]
Entities = Annotated[
    list[str] | None, typer.Option("--entity", help="This entity alone: an id, MBID, ISRC or name; repeatable.")
]
Examples = Annotated[int, typer.Option(min=0, help="How many changes to show.")]


replays = typer.Typer(no_args_is_help=True, help="A queue of answers to read or decide again.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(replay)
    app.add_typer(replays, name="replays")


def replay(
    context: typer.Context,
    *,
    run: Annotated[UUID | None, typer.Option(help="As of an earlier run, and by the policy of its time.")] = None,
    policy: Annotated[str | None, typer.Option(help="By this policy: its version or name.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="TIME", help="By what was observed until then.")] = None,
    fields: Fields = None,
    entities: Entities = None,
    apply: Annotated[bool, typer.Option("--apply", help="Let it decide from the next build on.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Decide a build again (--run, else the last) and compare every column.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    examples: Examples = 20,
    as_json: AsJson = False,
) -> None:
    """Decide again by another policy or as of another time, offline: what would be another value.

    Examples: liner replay --policy classic --field recording.tempo_bpm
              liner replay --as-of 2026-01-31 --apply --reason "before the bad import"
              liner replay --verify
    """
    with choices_of(context).open(as_json=as_json) as app:
        if verify:
            verified = app.decisions.verify(run)
            if as_json:
                show_json(verified)
            else:
                how = "byte for byte what stands there" if verified.is_identical else "NOT what stands there"
                show_line(f"build {verified.run_id} (snapshot {verified.snapshot_id}): decided again it is {how}")
            raise typer.Exit(verified.exit_status)
        request = _request(
            app, run=run, policy=policy, as_of=as_of, fields=fields or [], entities=entities or [], examples=examples
        )
        outcome = app.decisions.replay(request, reason=reason, apply=apply)
    if as_json:
        show_json(outcome)
        return
    show_replay(outcome)
    if apply:
        show_line(f"generation {outcome.generation_id} decides; `liner build` applies it")
    else:
        show_line("nothing was changed; --apply lets it decide")


@replays.command()
def add(
    context: typer.Context,
    answers: Annotated[list[UUID], typer.Argument(metavar="ANSWER...", help="As `liner explain` names them.")],
    *,
    layer: Annotated[
        TargetLayer, typer.Option(help="silver: read them again and decide again; gold: decide again only.")
    ] = TargetLayer.SILVER,
    run: Annotated[UUID | None, typer.Option(help="As of an earlier run, and by the policy of its time.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask for answers to be read or decided again when the queue is worked off.

    Example: liner replays add 019ac1b2-0000-7000-8000-000000000001 --reason "a reader was wrong"
    """
    with choices_of(context).open(as_json=as_json) as app:
        queued = app.decisions.queue_replay(answers, target_layer=layer, run_id=run, reason=reason)
    if as_json:
        show_json(queued)
    else:
        show_line(f"replay {queued.replay_id} waits; next: liner replays run")


@replays.command("list")
def list_replays(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Every replay that was asked for, oldest first, and what came of it.

    Example: liner replays list
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.decisions.queued_replays()
    _show_queue(found, as_json=as_json)


@replays.command("run")
def run_replays(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Do every replay that waits; `liner build` then decides. Exit status 3 where one failed.

    Example: liner replays run
    """
    with choices_of(context).open(as_json=as_json) as app:
        done = app.decisions.work_off_replays()
    _show_queue(done, as_json=as_json)
    if any(one.status is ReplayStatus.FAILED for one in done):
        raise typer.Exit(NEEDS_A_PERSON)


def _show_queue(queued: "Sequence[QueuedReplay]", *, as_json: bool) -> None:
    if as_json:
        show_json(queued)
        return
    show_table(
        ["replay", "answers", "layer", "by", "reason", "status", "what came of it"],
        [
            (
                one.replay_id,
                len(one.bronze_ids),
                one.target_layer,
                one.requested_by,
                one.reason,
                one.status,
                one.outcome,
            )
            for one in queued
        ],
    )


def show_replay(outcome: "ReplayOutcome") -> None:
    """How many values would be others, which, and from what to what."""
    trial = outcome.trial
    when = f" as of {outcome.as_of:%Y-%m-%d %H:%M:%S} UTC" if outcome.as_of else ""
    show_line(
        f"policy {outcome.policy}{when}: {trial.difference_count:,} of {trial.decisions:,} values would be others"
    )
    fields = sorted({*trial.changed, *trial.new, *trial.gone})
    if fields:
        show_table(
            ["field", "changed", "new", "gone"],
            [(name, *(counts.get(name, 0) for counts in (trial.changed, trial.new, trial.gone))) for name in fields],
        )
    if trial.examples:
        show_table(
            ["field", "entity", "name", "now", "by", "then", "by"],
            [
                (one.field, one.entity_id, one.name, one.before, one.before_provider, one.after, one.after_provider)
                for one in trial.examples
            ],
        )


def _request(
    app: "App",
    *,
    run: UUID | None,
    policy: str | None,
    as_of: str | None,
    fields: list[str],
    entities: list[str],
    examples: int,
) -> "ReplayRequest":
    from linernotes.bootstrap.moments import read_moment
    from linernotes.usecases.replay import ReplayRequest

    try:
        moment = read_moment(as_of) if as_of else None
    except ValueError:
        raise WrongUsageError(f"--as-of {as_of} is no ISO time, such as 2026-01-31T12:00") from None
    return ReplayRequest(
        run_id=run,
        policy=policy,
        as_of=moment,
        fields=fields,
        entity_ids=[app.decisions.entity_id(entity, fields) for entity in entities],
        example_count=examples,
    )
