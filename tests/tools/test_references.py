"""Reference pages hold every command, option and setting; silence is refused."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from pydantic import BaseModel, Field

from tools import cli_reference, settings_reference
from tools.cli_reference import UndocumentedError
from tools.references import stale


def toy_app(
    *, command_help: str = "Send the catalogue to DESTINATION.", option_help: str | None = "Change nothing."
) -> typer.Typer:
    app, pull = typer.Typer(), typer.Typer(help="Read a source.")

    @app.callback()
    def root(home: Annotated[str | None, typer.Option(envvar="TOY_HOME", help="The home.")] = None) -> None:
        """A toy."""

    @app.command(help=command_help)
    def publish(
        destination: Annotated[str, typer.Argument(help="Where to.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help=option_help)] = False,
    ) -> None: ...

    @app.command(hidden=True)
    def secret() -> None: ...

    @pull.command()
    def discogs(only: Annotated[list[str] | None, typer.Option(help="Only a|b.")] = None) -> None:
        """Read dumps."""

    app.add_typer(pull, name="pull")
    return app


def test_every_command_and_option_stands_on_the_page() -> None:
    page = cli_reference.render(toy_app(), name="toy")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## `toy`",
        "## `toy publish`",
        "## `toy pull`",
        "## `toy pull discogs`",
    ]
    assert "| `--dry-run` | Change nothing. |" in page
    assert "TOY_HOME" in page
    assert "Only a\\|b." in page


def test_a_hidden_command_and_the_completion_options_stay_off_the_page() -> None:
    page = cli_reference.render(toy_app(), name="toy")
    assert "secret" not in page
    assert "completion" not in page


def test_an_option_without_help_is_refused() -> None:
    with pytest.raises(UndocumentedError, match="no help text: toy publish --dry-run"):
        cli_reference.render(toy_app(option_help=None), name="toy")


def test_a_command_without_help_is_refused() -> None:
    with pytest.raises(UndocumentedError, match=r"no help text: toy publish$"):
        cli_reference.render(toy_app(command_help=""), name="toy")


class Lake(BaseModel):
    """`[lake]`: silver and gold in SQLite."""

    threads: int = Field(default=2, ge=1, description="Threads of the engine.")
    mode: Literal["fast", "safe"] = Field(default="safe", description="How.")
    secret: str | None = Field(default=None, description="A secret.")


class Toy(BaseModel):
    home: Path = Field(description="The folder.")
    lake: Lake = Lake()


def test_every_setting_stands_on_the_page_with_its_default_limits_and_variable() -> None:
    page = settings_reference.render(Toy, prefix="TOY_", delimiter="__").splitlines()
    assert "| `home` | The folder. | required | `TOY_HOME` |" in page
    assert "## `[lake]`" in page
    assert "Silver and gold in SQLite." in page
    assert "| `threads` | Threads of the engine (at least 1). | `2` | `TOY_LAKE__THREADS` |" in page
    assert "| `mode` | How (one of `fast`, `safe`). | `safe` | `TOY_LAKE__MODE` |" in page
    assert "| `secret` | A secret. |  | `TOY_LAKE__SECRET` |" in page


def test_a_setting_or_section_without_a_word_is_refused() -> None:
    class Silent(BaseModel):
        depth: int = 1

    class Outer(BaseModel):
        silent: Silent = Silent()

    with pytest.raises(UndocumentedError) as caught:
        settings_reference.render(Outer, prefix="", delimiter="__")
    assert str(caught.value) == "no description: [silent]\nno description: silent.depth"


def test_a_page_that_is_missing_or_says_something_else_is_stale(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("a", encoding="utf-8")
    (tmp_path / "other.md").write_text("b", encoding="utf-8")
    assert stale(tmp_path, {"same.md": "a", "other.md": "c", "missing.md": "d"}) == ["other.md", "missing.md"]
