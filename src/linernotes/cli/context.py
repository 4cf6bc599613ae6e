"""What every command gets: the choices made before its name, and the app they lead to."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from linernotes.bootstrap import App

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Options given before the command."""

    home: Path | None
    quiet: bool

    def open(self, *, as_json: bool = False, home: Path | None = None) -> AbstractContextManager[App]:
        """The app of the chosen home, or of another one; imports happen here, so that help is quick."""
        from linernotes.bootstrap import open_app
        from linernotes.cli.progress import choose_progress

        return open_app(home or self.home, progress=choose_progress(quiet=self.quiet or as_json))


def choices_of(context: typer.Context) -> Choices:
    """The choices made before the command's name."""
    choices = context.obj
    assert isinstance(choices, Choices)
    return choices
