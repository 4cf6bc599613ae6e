"""Commands around the catalogue: demo, clean, quarantine."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

quarantine = typer.Typer(no_args_is_help=True, help="Records set aside with their bytes and the reason.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(quarantine, name="quarantine")
    for command in (demo, clean):
        app.command()(command)


def demo(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Pull, build, stage, validate and promote the bundled sample, two months of Discogs and MusicBrainz."""
    from linernotes.cli.demonstration import show_demo

    choices = choices_of(context)
    home = choices.home or Path(".linernotes-demo")
    with choices.open(as_json=as_json, home=home) as app:
        outcome = app.demo()
    if as_json:
        show_json(outcome)
    else:
        show_demo(outcome, str(home))


def clean(context: typer.Context, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Delete downloads that retention lets go, what killed runs left, and old snapshots of the lake."""
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.clean(dry_run=dry_run)
    if as_json:
        show_json(outcome)
        return
    files = outcome.files
    columns = ["would go" if dry_run else "gone", "kind", "bytes"]
    show_table(columns, [(file.path, file.kind, file.size_bytes) for file in files.files])
    for problem in files.problems:
        show_line(f"not now: {problem}")
    show_line(f"{len(files.files):,} files, {files.size_bytes:,} bytes")
    show_line(f"lake: {len(outcome.lake.expired):,} snapshots, {len(outcome.lake.deleted):,} files")


@quarantine.command("list")
def list_records(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many, oldest first.")] = 100,
    resolved: Annotated[bool, typer.Option("--resolved", help="Those resolved, instead of those waiting.")] = False,
    as_json: AsJson = False,
) -> None:
    """Records that wait for a person."""
    with choices_of(context).open(as_json=as_json) as app:
        records = app.quarantined(limit=limit, is_open=not resolved)
    if as_json:
        show_json(records)
        return
    rows = [(record.quarantine_id, record.entity, record.record_id, record.reason, record.detail) for record in records]
    show_table(["id", "entity", "record", "reason", "detail"], rows)


@quarantine.command()
def show(
    context: typer.Context,
    quarantine_id: Annotated[UUID, typer.Argument(help="As `liner quarantine list` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """One record with its bytes as received."""
    with choices_of(context).open(as_json=as_json) as app:
        record = app.quarantined_record(quarantine_id)
    if as_json:
        show_json(record)
        return
    show_line(f"{record.source} {record.entity} {record.record_id or '(no id)'}: {record.reason}: {record.detail}")
    show_line(f"set aside {record.created_at:%Y-%m-%d %H:%M} from load {record.load_id}")
    show_line(ascii(record.body)[2:-1] if record.body else "(no bytes)")


@quarantine.command()
def retry(
    context: typer.Context,
    quarantine_id: Annotated[UUID | None, typer.Argument(help="One record; else all that wait.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Read records again, after Linernotes learned to; those that can be read now are landed."""
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.retry_quarantined(quarantine_id)
    if as_json:
        show_json(outcome)
    else:
        show_line(f"{outcome.landed_count} landed, {outcome.still_count} still cannot be read")
    raise typer.Exit(outcome.exit_status)
