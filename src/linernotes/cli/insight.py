"""Commands that look and change nothing: status, runs, query, doctor."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_line, show_table


class QueryFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (status, quality, runs, query, doctor):
        app.command()(command)


def status(context: typer.Context, *, as_json: AsJson = False) -> None:
    """What is in the catalogue, what came in last, and what waits for a person."""
    with choices_of(context).open(as_json=as_json) as app:
        found = app.status()
    if as_json:
        show_json(found)
        return
    show_table(["in the catalogue", "count"], found.catalogue.items())
    show_line("")
    rows = [(load.source, load.entity, load.version, load.load_count, load.record_count) for load in found.ledger.loads]
    show_table(["source", "entity", "newest", "loads", "records"], rows)
    for line in found.remarks:
        show_line(line)


def quality(
    context: typer.Context,
    *,
    builds: Annotated[int, typer.Option(min=1, help="How many builds, newest first.")] = 1,
    as_json: AsJson = False,
) -> None:
    """How complete and how sure each field of the catalogue is, after the last builds.

    Example: liner quality --builds 5 --json
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.quality(builds=builds)
    if as_json:
        show_json(found)
        return
    if not found:
        show_line("nothing was measured yet; run liner build")
    for build in found:
        show_line(f"build {build.run_id} of {build.started_at:%Y-%m-%d %H:%M}")
        rows = [
            (
                one.entity_type,
                one.field or "(score)",
                one.entity_count,
                one.known_count,
                "" if one.known_count is None else f"{one.known_count / max(one.entity_count, 1):.1%}",
                one.contested_count,
                one.mean_confidence,
            )
            for one in build.measures
        ]
        show_table(["entity", "field", "entities", "known", "share", "contested", "confidence"], rows)


def runs(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
    use_case: Annotated[str | None, typer.Option(help="Only runs of this use case: pull, build, publish.")] = None,
    as_json: AsJson = False,
) -> None:
    """What Linernotes did, newest first."""
    with choices_of(context).open(as_json=as_json) as app:
        found = app.runs(limit=limit, use_case=use_case)
    if as_json:
        show_json(found)
        return
    show_table(
        ["run", "what", "status", "started", "seconds", "snapshot", "error"],
        [
            (
                run.run_id,
                run.use_case,
                run.status.value,
                run.started_at,
                (run.finished_at - run.started_at).total_seconds() if run.finished_at else None,
                run.snapshot_id,
                run.error,
            )
            for run in found
        ],
    )


def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One SELECT over bronze.*, silver.* and gold.*; - reads standard input.")],
    *,
    at: Annotated[str | None, typer.Option(help="The lake at a snapshot number or an ISO time.")] = None,
    output_format: Annotated[QueryFormat, typer.Option("--format", help="How to print.")] = QueryFormat.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file; Parquet needs one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the lake, read-only: liner query "SELECT name FROM silver.artist LIMIT 5"."""
    from linernotes.cli.rows import write_rows

    text = sys.stdin.read() if sql == "-" else sql
    with choices_of(context).open() as app, app.query(text, at=at) as rows:
        write_rows(rows, format_name="json" if as_json else output_format.value, output=output)


def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check versions, extensions, disk, permissions and locks, and say what to do."""
    with choices_of(context).open(as_json=as_json) as app:
        checks = app.doctor()
    if as_json:
        show_json(checks)
    else:
        show_table(
            ["check", "", "found", "what to do"],
            [(check.name, "ok" if check.is_ok else "!!", check.found, check.advice) for check in checks],
        )
    if not all(check.is_ok for check in checks):
        raise typer.Exit(1)
