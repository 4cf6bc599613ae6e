"""Commands around providers."""

import typer

from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(providers)


def providers(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Web services that know what no dump has: what each may be asked, how often, on what terms, and how it stands.

    Example: liner providers --json
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.enrichment.providers()
    if as_json:
        show_json(found)
        return
    show_table(
        ["provider", "asked", "state", "why", "answers", "at most", "licence"],
        [
            (
                one.name,
                "yes" if one.is_on else "no",
                one.state.value,
                one.reason,
                ", ".join(one.fields),
                one.rate,
                one.licence,
            )
            for one in found
        ],
    )
