"""Commands that bring data in and build the catalogue: pull, build, discard, docs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table
from linernotes.errors import WrongUsageError

if TYPE_CHECKING:
    from linernotes.bootstrap.musicbrainz import Database, DumpFiles
    from linernotes.usecases.build import BuildOutcome

pull = typer.Typer(no_args_is_help=True, help="Bring a source into bronze, as received.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(pull, name="pull")
    for command in (build, discard, docs):
        app.command()(command)


@pull.command()
def discogs(
    context: typer.Context,
    *,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; else the newest complete dump.")] = None,
    origin: Annotated[
        str | None,
        typer.Option("--from", help="A folder with dump files, or the address of an index; else [discogs] base_url."),
    ] = None,
    only: Annotated[str, typer.Option(help="Entities, separated by commas: labels,artists,masters,releases.")] = "",
    keep_files: Annotated[bool, typer.Option(help="Leave every download in place afterwards.")] = False,
    reprocess: Annotated[bool, typer.Option(help="Read a loaded month again from its files.")] = False,
    rewind: Annotated[bool, typer.Option(help="Withdraw newer months where an older one is asked for.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Pull a month of the Discogs dumps; the same month again changes nothing.

    Example: liner pull discogs --from ~/dumps --month 2026-10 --only artists,labels
    """
    from linernotes.usecases.pull_plan import PullRequest

    request = PullRequest(
        year_month=month,
        only=_names(only),
        keep_files=keep_files,
        reprocess=reprocess,
        rewind=rewind,
        dry_run=dry_run,
    )
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.pull_discogs(request, origin=origin)
    if as_json:
        show_json(outcome)
    else:
        columns = ["file", "action", "verified", "records", "new", "changed", "unchanged", "gone", "quarantined"]
        rows = [
            (
                file.file_name,
                f"would {file.action.value}" if dry_run else file.action.value,
                file.is_verified,
                file.records,
                file.new,
                file.changed,
                file.unchanged,
                file.gone,
                file.quarantined,
            )
            for file in outcome.files
        ]
        show_table(columns, rows, title=f"Discogs {outcome.dumped_on}")
    raise typer.Exit(outcome.exit_status)


@pull.command()
def musicbrainz(
    context: typer.Context,
    *,
    dump: Annotated[
        list[Path] | None,
        typer.Option(help="An archive of a dump: mbdump.tar.bz2; again for mbdump-derived.tar.bz2 (tags)."),
    ] = None,
    packets: Annotated[
        Path | None,
        typer.Option(
            help="A folder of replication packets that go on from the dump; with musicbrainz.token, newer ones are"
            " fetched into it."
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="LINER_MUSICBRAINZ_DATABASE", help="A MusicBrainz database: postgresql://user@host/musicbrainz_db."
        ),
    ] = None,
    schema: Annotated[str, typer.Option(help="The database's schema.")] = "musicbrainz",
    only: Annotated[str, typer.Option(help="Entities, separated by commas: artists,releases.")] = "",
    artists: Annotated[
        Path | None,
        typer.Option(help="A file of names or MBIDs, one on each line: only these artists and what is theirs."),
    ] = None,
    area: Annotated[
        str, typer.Option(help="Name, ISO code or MBID: only artists of it and of its parts, and what is theirs.")
    ] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many artists, the oldest entries first, and what is theirs.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Only records that MusicBrainz notes as updated since (UTC); it does not note all that changes.",
        ),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Pull MusicBrainz from a dump or a database; a second pull brings only what is new, changed or gone.

    Example: liner pull musicbrainz --dump mbdump.tar.bz2 --dump mbdump-derived.tar.bz2 --area Iceland
    """
    from linernotes.ports.snapshots import Selection

    selection = Selection(
        artists=_lines(artists), area=area.strip(), limit=limit, since=since and since.replace(tzinfo=UTC)
    )
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.pull_musicbrainz(
            _musicbrainz(dump, packets, database, schema), only=_names(only), selection=selection, dry_run=dry_run
        )
    if as_json:
        show_json(outcome)
    else:
        columns = ["entity", "action", "records", "new", "changed", "gone", "quarantined", "not in it", "look at"]
        rows = [
            (
                entity.entity,
                f"would {entity.action.value}" if dry_run else entity.action.value,
                entity.records,
                entity.new,
                entity.changed,
                entity.gone,
                entity.quarantined,
                ", ".join(table.removeprefix("musicbrainz_") for table in entity.missing_tables),
                entity.problem,
            )
            for entity in outcome.entities
        ]
        part = f": {outcome.part}" if outcome.part else ""
        show_table(columns, rows, title=f"{outcome.name}, {outcome.taken_at:%Y-%m-%d %H:%M %Z}{part}")
        for name in outcome.unknown_artists:
            show_line(f"no artist is called {name}")
    raise typer.Exit(outcome.exit_status)


def _musicbrainz(
    dump: list[Path] | None, packets: Path | None, database: str | None, schema: str
) -> "DumpFiles | Database":
    from linernotes.bootstrap.musicbrainz import Database, DumpFiles

    if packets and not dump:
        raise typer.BadParameter("--packets go on from a --dump: name it too")
    if dump and not database:
        return DumpFiles(archives=tuple(dump), packets=packets)
    if database and not dump:
        return Database(dsn=database, schema=schema)
    raise typer.BadParameter("name either --dump or --database")


def _lines(file: Path | None) -> tuple[str, ...]:
    """The lines of a file that say something.

    Raises:
        WrongUsageError: It cannot be read, or says nothing.
    """
    if file is None:
        return ()
    try:
        lines = tuple(line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8; save it as such"
        raise WrongUsageError(f"cannot read {file}: {reason}") from error
    if not any(lines):
        raise WrongUsageError(f"{file} names nobody: write names or MBIDs, one on each line")
    return tuple(filter(None, lines))


def _names(separated: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in separated.split(",") if name.strip())


def build(
    context: typer.Context,
    *,
    select: Annotated[
        str | None, typer.Option(help="A dbt selection, such as artist+; else what is not up to date.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring silver and gold up to date with bronze; with nothing to do it takes no time."""
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.build(select=select)
    if as_json:
        show_json(outcome)
        raise typer.Exit(outcome.exit_status)
    if outcome.run_id is None:
        show_line("nothing to build: silver and gold are up to date")
    else:
        _show_build(outcome)
    if outcome.user_models:
        rows = [(model.name, model.status, model.seconds, model.message) for model in outcome.user_models]
        show_table(["your own model", "status", "seconds", "message"], rows)
    raise typer.Exit(outcome.exit_status)


def _show_build(outcome: "BuildOutcome") -> None:
    rows = [
        (model.name, model.status, model.seconds, model.inserted, model.updated, model.deleted)
        for model in outcome.models
    ]
    show_table(["model", "status", "seconds", "inserted", "updated", "deleted"], rows)
    show_verdict(outcome)


def show_verdict(outcome: "BuildOutcome") -> None:
    """What failed in a build, and whether it may be published."""
    for one in (*outcome.models, *outcome.failed_tests):
        if one.message:
            show_line(f"{one.status}: {one.name}: {one.message}")
    verdict = "green" if outcome.is_green else "not green; nothing of it will be published"
    show_line(f"snapshot {outcome.snapshot_id}, {outcome.test_count} tests: {verdict}")


def discard(
    context: typer.Context,
    load_id: Annotated[UUID, typer.Argument(help="The load to withdraw; `liner status --json` lists loads.")],
    *,
    with_later: Annotated[bool, typer.Option(help="Withdraw the later loads that build on it, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Withdraw a load: its files stay, and the next build makes silver what it would be without it."""
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.discard(load_id, with_later=with_later)
    if as_json:
        show_json(outcome)
        return
    show_table(
        ["withdrawn load", "entity", "version", "records"],
        [(load.load_id, load.entity, load.version, load.landed) for load in outcome.loads],
    )
    show_line(
        "`liner build` brings silver back to what it is without them"
        if outcome.loads
        else "withdrawn before; nothing changed"
    )


def docs(
    context: typer.Context,
    *,
    output: Annotated[Path | None, typer.Option(help="Folder for the site; else docs/ of the home.")] = None,
) -> None:
    """Make a page of the models: what each table holds, and what it comes from."""
    with choices_of(context).open() as app:
        show_line(f"open {app.make_docs(output)}")
