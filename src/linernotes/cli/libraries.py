"""Commands around libraries: files of yours that providers are answered from."""

from pathlib import Path
from typing import Annotated

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

library = typer.Typer(
    no_args_is_help=True, help="Files of yours that providers are answered from: dumps, tables, lyrics."
)

Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="As `liner library list` names them.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(library, name="library")


@library.command("list")
def list_libraries(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Which libraries there are, what they take, and what is in them.

    Example: liner library list
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.libraries.all()
    if as_json:
        show_json(found)
        return
    show_table(
        ["library", "file", "documents", "bytes", "added", "sha256"],
        [
            (one.provider, file.name, file.document_count, file.size_bytes, file.added_at, file.sha256[:12])
            for one in found
            for file in one.files
        ],
    )
    for one in found:
        show_line(f"{one.provider} takes {one.takes}")


@library.command()
def add(
    context: typer.Context,
    provider: Provider,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Files, or a folder; none for one that this machine has."),
    ] = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take files into a library; `liner enrich` then asks it. A file of the same name takes the place of the former.

    Examples: liner library add geonames cities15000.zip
              liner library add acousticbrainz acousticbrainz-lowlevel-features-20220623-rhythm.tar.zst
              liner library add mixesdb my-sets.csv --dry-run
    """
    with choices_of(context).open(as_json=as_json) as app:
        added = app.libraries.add(provider, files or [], dry_run=dry_run)
    if as_json:
        show_json(added)
    else:
        show_table(
            ["library", "file", "documents", "bytes", "not read"],
            [
                (one.file.provider, one.file.name, one.file.document_count, one.file.size_bytes, one.unread_count)
                for one in added
            ],
        )
        for one in added:
            for unread in one.unread:
                show_line(f"not read: {unread.place}: {unread.reason}")
        show_line("nothing was kept" if dry_run else f"next: liner enrich --provider {provider}")
    raise typer.Exit(max(one.exit_status for one in added))


@library.command()
def remove(
    context: typer.Context,
    provider: Provider,
    name: Annotated[str, typer.Argument(metavar="FILE", help="Its name.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Let go of a file; what was answered out of it stays.

    Example: liner library remove mixesdb my-sets.csv
    """
    with choices_of(context).open(as_json=as_json) as app:
        app.libraries.remove(provider, name)
    if as_json:
        show_json({"removed": name})
    else:
        show_line(f"{name} is gone from the library of {provider}")
