"""The command `liner`: parse, one call, print."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from linernotes import __version__
from linernotes.cli import (
    catalogue,
    enrichment,
    explanation,
    housekeeping,
    insight,
    libraries,
    match_policy,
    matching,
    policy,
    providers,
    publishing,
    replay,
    review,
)
from linernotes.cli.context import Choices
from linernotes.errors import LinernotesError

app = typer.Typer(
    name="liner",
    help="One catalogue of recorded music, with the liner notes of every value.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    catalogue,
    matching,
    review,
    match_policy,
    enrichment,
    providers,
    libraries,
    policy,
    explanation,
    replay,
    publishing,
    insight,
    housekeeping,
):
    group.add_to(app)

INTERRUPTED = 130


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        sys.stdout.write(f"liner {__version__}\n")
        raise typer.Exit


@app.callback()
def main_options(
    context: typer.Context,
    *,
    home: Annotated[
        Path | None, typer.Option(help="The folder that holds everything; else LINER_HOME, else liner.toml here.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """Take what every command shares."""
    context.obj = Choices(home=home, quiet=quiet)


def main() -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong usage, 3 done but a person is needed, 75 try later."""
    try:
        app(standalone_mode=True)
    except LinernotesError as error:
        sys.stderr.write(f"liner: {error}\n")
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        sys.stderr.write("liner: stopped; the same command takes the work up again\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
