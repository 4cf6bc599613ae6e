"""Commands around the policy by which machines match."""

from typing import TYPE_CHECKING, Annotated

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

if TYPE_CHECKING:
    from linernotes.usecases.match_policies import PolicyChange

match_policy = typer.Typer(no_args_is_help=True, help="What machines take for the same: weights and limits.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(match_policy, name="match-policy")


@match_policy.command()
def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """The weights and limits in force, beside those that come with Linernotes, and every policy there was."""
    with choices_of(context).open(as_json=as_json) as app:
        change, history = app.match_policies.show(), app.match_policies.history()
    if as_json:
        in_force = {"version": change.after.version, "policy": change.after.to_document()}
        show_json({"in_force": in_force, "history": history})
        return
    _show_change(change, every=True)
    show_line("")
    show_table(
        ["policy", "since", "how it came"],
        [(one.version, one.in_force_since, one.origin) for one in history],
    )


@match_policy.command()
def learn(context: typer.Context, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Learn the weights from this home's own pairs, without labels; limits stay as they are.

    Example: liner match-policy learn --dry-run
    """
    with choices_of(context).open(as_json=as_json) as app:
        change = app.match_policies.learn(dry_run=dry_run)
    _show_done(change, dry_run=dry_run, as_json=as_json)


@match_policy.command("set")
def set_limits(
    context: typer.Context,
    limits: Annotated[list[str], typer.Argument(metavar="TYPE.LIMIT=VALUE...", help="Limits: match, review, margin.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Set how sure is sure enough.

    Example: liner match-policy set artist.match=4.5 artist.review=1
    """
    with choices_of(context).open(as_json=as_json) as app:
        change = app.match_policies.set_limits(limits, dry_run=dry_run)
    _show_done(change, dry_run=dry_run, as_json=as_json)


@match_policy.command()
def use(
    context: typer.Context,
    version: Annotated[str, typer.Argument(help="As `liner match-policy show` lists it, or: shipped.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Go back to a policy that decided before.

    Example: liner match-policy use shipped
    """
    with choices_of(context).open(as_json=as_json) as app:
        change = app.match_policies.use(version, dry_run=dry_run)
    _show_done(change, dry_run=dry_run, as_json=as_json)


def _show_done(change: "PolicyChange", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        show_json(
            {"before": change.before.version, "after": change.after.version, "policy": change.after.to_document()}
        )
    elif not change.is_change:
        show_line(f"nothing to change: policy {change.before.version} decides so already")
    else:
        _show_change(change, every=False)
        done = "would be in force" if dry_run else "is in force; `liner match` applies it"
        show_line(f"policy {change.after.version} {done}")


def _show_change(change: "PolicyChange", *, every: bool) -> None:
    """What each level weighs and where the limits lie, in both policies."""
    rows = [row for row in change.lines() if every or row[-1] != row[-2]]
    show_table(["type", "feature", "level", "before", "in force"], rows)
