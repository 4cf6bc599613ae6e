"""Commands around the policy that decides which observations count."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table

policy = typer.Typer(no_args_is_help=True, help="Which provider's word counts in which field, and how sure it must be.")

Named = Annotated[str, typer.Argument(metavar="POLICY", help="Its version, its name, or: active.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(policy, name="policy")


@policy.command("list")
def list_policies(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Every policy that decided or may, that which decides first.

    Example: liner policy list
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.policies.list()
    if as_json:
        show_json(found)
        return
    show_table(
        ["policy", "name", "decides", "kept since"],
        [(one.version, one.name, one.is_active, one.added_at) for one in found],
    )


@policy.command()
def show(context: typer.Context, named: Named = "active", *, as_json: AsJson = False) -> None:
    """The rules of a policy: each field with its providers, the first first.

    Example: liner policy show classic
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.policies.find(named)
    assert found.policy
    document = found.policy.to_document()
    if as_json:
        show_json({"version": found.version, "name": found.name, "policy": document})
        return
    show_line(f"policy {found.version} ({found.name})")
    show_table(
        ["field", "place", "provider", "usually sure", "on condition"],
        [
            (
                field,
                place,
                rule["provider"],
                found.policy.base_confidence(field.partition(".")[2], rule["provider"]),
                ", ".join(f"{name} {value}" for name, value in rule.items() if name != "provider"),
            )
            for field, rules in document["waterfalls"].items()
            for place, rule in enumerate(rules, 1)
        ],
    )


@policy.command()
def export(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A YAML file.")],
    *,
    named: Annotated[str, typer.Option("--policy", help="Its version, its name, or: active.")] = "active",
) -> None:
    """Write a policy to a file, to change it and import it again.

    Example: liner policy export mine.yml
    """
    with choices_of(context).open() as app:
        found = app.policies.export(named, path)
    show_line(f"policy {found.version} ({found.name}) is in {path}")


@policy.command("import")
def import_policy(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A YAML file.")],
    *,
    name: Annotated[str | None, typer.Option(help="What to call it; else as the file.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Check and keep a policy; it decides once it is activated.

    Example: liner policy import mine.yml
    """
    with choices_of(context).open(as_json=as_json) as app:
        kept = app.policies.take(path, name=name, dry_run=dry_run)
        changes = app.policies.diff("active", kept.version).lines if not dry_run else ()
    if as_json:
        show_json({"version": kept.version, "name": kept.name, "is_kept": not dry_run})
        return
    show_line(f"policy {kept.version} ({kept.name}) is {'in order' if dry_run else 'kept'}")
    if not dry_run:
        _show_changes(changes)
        show_line(f"next: liner policy try {kept.version}, then liner policy activate {kept.version}")


@policy.command()
def edit(
    context: typer.Context,
    named: Named = "active",
    *,
    name: Annotated[str, typer.Option(help="What to call what comes of it.")] = "edited",
) -> None:
    """Change a policy in your editor (EDITOR) and keep what comes of it, as another version.

    Example: liner policy edit --name summer
    """
    with choices_of(context).open() as app:
        before, after = app.policies.edit(named, name=name)
        changes = app.policies.diff(before.version, after.version).lines
    _show_changes(changes)
    if changes:
        show_line(f"policy {after.version} ({name}) is kept; next: liner policy activate {after.version}")


@policy.command()
def diff(
    context: typer.Context,
    before: Named,
    after: Annotated[str, typer.Argument(metavar="OTHER", help="The other one.")] = "active",
    *,
    as_json: AsJson = False,
) -> None:
    """Where two policies differ.

    Example: liner policy diff classic
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.policies.diff(before, after)
    if as_json:
        show_json(found)
        return
    _show_changes(found.lines, names=(found.before, found.after))


@policy.command("try")
def try_policy(
    context: typer.Context,
    named: Named,
    *,
    examples: Annotated[int, typer.Option(min=0, help="How many changes to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What would be another value if a policy decided; nothing is changed.

    Example: liner policy try classic
    """
    from linernotes.cli.replay import show_replay
    from linernotes.usecases.replay import ReplayRequest

    with choices_of(context).open(as_json=as_json) as app:
        request = ReplayRequest(policy=named, example_count=examples)
        outcome = app.decisions.replay(request, reason="", apply=False)
    if as_json:
        show_json(outcome)
        return
    show_replay(outcome)
    show_line(f"nothing was changed; liner policy activate {outcome.policy} lets it decide")


@policy.command()
def activate(
    context: typer.Context,
    named: Named,
    *,
    share: Annotated[
        float, typer.Option(min=0.001, max=1.0, help="Of the entities, beside what decides now: 0.1 is a tenth.")
    ] = 1.0,
    reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let a policy decide from the next build on, everything or a share of the entities.

    Examples: liner policy activate classic --reason "as it always was"
              liner policy activate mine --share 0.1
    """
    with choices_of(context).open(as_json=as_json) as app:
        chosen = app.policies.activate(named, share=share, reason=reason)
    if as_json:
        show_json({"version": chosen.version, "name": chosen.name, "share": share})
        return
    what = "decides" if share == 1 else f"decides {share:.1%} of the entities"
    show_line(f"policy {chosen.version} ({chosen.name}) {what}; `liner build` applies it")


@policy.command()
def compare(context: typer.Context, *, as_json: AsJson = False) -> None:
    """How the policy that decides a share of the entities does beside the one that decides the rest.

    Example: liner policy compare
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.policies.compare()
    if as_json:
        show_json(found)
        return
    show_line(f"policy {found.in_share} decides {found.share:.1%} of the entities, {found.elsewhere} the rest")
    show_table(
        ["field", "policy", "spoken of", "decided", "confidence", "others agree", "contested"],
        [
            (
                one.field,
                found.in_share if one.is_in_share else found.elsewhere,
                one.said,
                _ratio(one.decided, one.said),
                one.mean_confidence,
                _ratio(one.agreed, one.decided),
                _ratio(one.contested, one.decided),
            )
            for one in found.fields
        ],
    )


def _ratio(part: int, whole: int) -> str | None:
    return f"{part / whole:.1%}" if whole else None


def _show_changes(lines: Sequence[tuple[str, str, str]], *, names: tuple[str, str] = ("before", "after")) -> None:
    if lines:
        show_table(["place", *names], lines)
    else:
        show_line("they decide the same")
