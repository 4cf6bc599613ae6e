"""Commands around providers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_line, show_table

if TYPE_CHECKING:
    from linernotes.usecases.providers import Use


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(providers)
    app.command()(calibrate)


def providers(
    context: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, help="How far back to count requests.")] = 30,
    history: Annotated[bool, typer.Option("--history", help="What was asked day by day.")] = False,
    as_json: AsJson = False,
) -> None:
    """Web services that know what no dump has: what each may be asked, how often, how it stands, and what came of it.

    Example: liner providers --history --days 7
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.enrichment.providers(days=days)
    if as_json:
        show_json(found)
        return
    if history:
        show_table(
            ["provider", "day", "requests", "answered", "seconds each", "cost"],
            [(one.name, use.day, *_shown(use)) for one in found for use in one.days],
        )
        return
    asked = ("requests", "answered", "count now", "cost each")
    show_table(
        ["provider", "asked", "state", "why", "answers", "at most", *asked],
        [
            (
                one.name,
                "yes" if one.is_on else "no",
                f"{one.state.value} ({one.capability})" if one.capability else one.state.value,
                one.reason,
                ", ".join(dict.fromkeys(name.partition(".")[2] for name in one.fields)),
                one.rate,
                *_shown(one.use)[:2],
                one.accepted,
                one.cost_per_value,
            )
            for one in found
        ],
    )


def calibrate(
    context: typer.Context,
    *,
    propose: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the active policy with these confidences, to look at.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How often each provider was right in each field, by what people set and by what most others say.

    Example: liner calibrate --propose calibrated.yml
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.policies.calibrate(propose=propose)
    if as_json:
        show_json(found)
        return
    if not found:
        show_line("nobody contradicts or confirms anybody yet; liner enrich --all asks several, then liner build")
        return
    show_table(
        ["field", "provider", "people", "others", "right", "90% between", "now", ""],
        [
            (
                one.field,
                one.provider,
                f"{one.people.right} of {one.people.total}",
                f"{one.others.right} of {one.others.total}",
                one.mean,
                f"{one.interval[0]:.2f} and {one.interval[1]:.2f}",
                one.now,
                "" if one.is_proposed else "too few",
            )
            for one in found
        ],
    )
    if propose is not None:
        show_line(f"nothing was changed; next: liner policy import {propose}, then liner policy try {propose.stem}")


def _shown(use: "Use") -> tuple[object, ...]:
    answered = "" if use.success_ratio is None else f"{use.success_ratio:.1%}"
    return use.requests, answered, use.mean_seconds, use.cost
