"""Commands that publish: stage, validate, promote, roll back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

if TYPE_CHECKING:
    from linernotes.domain.validation import Finding
    from linernotes.ports.destinations import TableChange
    from linernotes.usecases.publish_outcomes import PromoteOutcome

Mirror = Annotated[
    str | None,
    typer.Option(help="Change this SQLite file in place instead of our own: a path, or a pattern that means one file."),
]
Licence = Annotated[str | None, typer.Option(help="`cc0` leaves out, and counts, what may not be published under it.")]
Force = Annotated[bool, typer.Option("--force", help="Promote in spite of errors; recorded with the publication.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (stage, validate, promote, backups, rollback):
        app.command()(command)


def stage(
    context: typer.Context,
    *,
    mirror: Mirror = None,
    licence: Licence = None,
    direct: Annotated[bool, typer.Option("--direct", help="Promote at once, with a backup and a warning.")] = False,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a new generation of the published catalogue, from the newest green build.

    Example: liner stage --mirror 'state/d1/*.sqlite'
    """
    with choices_of(context).open(as_json=as_json) as app:
        if direct and not dry_run:
            show_promotion(app.publish_directly(mirror=mirror, licence=licence, force=force), as_json=as_json)
            return
        outcome = app.stage(mirror=mirror, licence=licence, dry_run=dry_run)
    if as_json:
        show_json(outcome)
        return
    if outcome.estimate is not None:
        show_line(f"estimated: {outcome.estimate.size_bytes:,} bytes, {outcome.estimate.free_bytes or 0:,} free")
    if outcome.staged is None:
        show_table(["table", "rows"], outcome.estimate.rows.items() if outcome.estimate else [])
        return
    if not outcome.is_unchanged:
        show_table(["table", "rows"], outcome.staged.rows.items())
    for table, count in outcome.staged.withheld.items():
        show_line(f"left out for their licence: {count:,} rows of {table}")
    state = "was staged before" if outcome.is_unchanged else "staged"
    show_line(
        f"{state}: {outcome.staged.location} (snapshot {outcome.staged.snapshot_id}, {outcome.staged.scope.text})"
    )


def validate(
    context: typer.Context,
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Remove orphans and duplicates from what is staged; try --dry-run first.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Check what is staged: orphans, duplicates, foreign keys, dates, and a fall against production."""
    with choices_of(context).open(as_json=as_json) as app:
        if repair:
            mended = app.repair_staged(dry_run=dry_run)
            if as_json:
                show_json(mended)
                return
            rows = [(change.table, change.key, change.action, change.reason) for change in mended.repairs]
            show_table(["table", "row", "would be" if dry_run else "was", "because"], rows)
            show_line(f"{len(mended.repairs):,} changes{', none of them made' if dry_run else ''}")
            return
        outcome = app.validate()
    if as_json:
        show_json(outcome)
    else:
        _show_findings(outcome.findings)
        verdict = "good to promote" if outcome.is_ok else "has errors; liner validate --repair --dry-run"
        show_line(f"{outcome.destination}: {verdict}")
    raise typer.Exit(outcome.exit_status)


def promote(context: typer.Context, *, force: Force = False, as_json: AsJson = False) -> None:
    """Validate what is staged and switch production to it, keeping the former state."""
    with choices_of(context).open(as_json=as_json) as app:
        show_promotion(app.promote(force=force), as_json=as_json)


def backups(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Former states of production that can be returned to."""
    with choices_of(context).open(as_json=as_json) as app:
        found = app.backups()
    if as_json:
        show_json(found)
        return
    rows = [
        (f"{backup.made_at:%Y-%m-%dT%H:%M:%S}", backup.size_bytes, backup.is_former, backup.name) for backup in found
    ]
    show_table(["made (UTC)", "bytes", "rollback goes here", "name"], rows)


def rollback(
    context: typer.Context,
    *,
    to: Annotated[
        str | None, typer.Option(help="A time or name as `liner backups` shows it; else the former state.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Return production to a former state; doing it again undoes it."""
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.roll_back(to=to)
    if as_json:
        show_json(outcome)
        return
    _show_changes(outcome.changes)
    show_line(f"{outcome.destination}: {'now' if outcome.is_rolled_back else 'already'} {outcome.to}")


def show_promotion(outcome: "PromoteOutcome", *, as_json: bool) -> None:
    """Print what became of a promotion and end with its exit status."""
    if as_json:
        show_json(outcome)
        raise typer.Exit(outcome.exit_status)
    errors = [found for found in outcome.findings if found.severity == "error"]
    _show_findings(errors)
    if len(outcome.findings) > len(errors):
        show_line(f"{len(outcome.findings) - len(errors)} warnings: liner validate tells")
    if outcome.is_refused:
        show_line("not promoted: there are errors; liner validate --repair --dry-run, or --force")
    elif outcome.is_promoted:
        _show_changes(outcome.changes)
        show_line(f"promoted: {outcome.location}{' in spite of errors' if outcome.is_forced else ''}")
    else:
        show_line(f"nothing to do: {outcome.location} says the same already")
    raise typer.Exit(outcome.exit_status)


def _show_findings(findings: "Sequence[Finding]") -> None:
    if findings:
        rows = [
            (found.severity, found.check, found.table, found.count, "; ".join(found.examples)) for found in findings
        ]
        show_table(["", "check", "table", "count", "such as"], rows)


def _show_changes(changes: "Mapping[str, TableChange]") -> None:
    rows = [(table, change.added, change.changed, change.removed) for table, change in changes.items()]
    show_table(["table", "added", "changed", "removed"], rows)
