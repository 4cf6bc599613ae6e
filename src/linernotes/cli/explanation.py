"""Commands that tell why a value is what it is, and set it for good."""

from typing import TYPE_CHECKING, Annotated

import typer

from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_line, show_table
from linernotes.domain.entities import EntityType

if TYPE_CHECKING:
    from linernotes.domain.waterfall import Observation, Rule
    from linernotes.usecases.explain import Explanation

Entity = Annotated[str, typer.Argument(metavar="ENTITY", help="An id of ours, an MBID, Discogs id, ISRC or a name.")]
Field = Annotated[str, typer.Argument(metavar="FIELD", help="Such as tempo_bpm, or recording.tempo_bpm.")]
Type = Annotated[EntityType | None, typer.Option("--type", help="Where a name may mean several things.")]

lock = typer.Typer(no_args_is_help=True, help="Values that a person sets, which beat every rule.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(explain)
    app.command()(provenance)
    app.add_typer(lock, name="lock")


def explain(
    context: typer.Context, entity: Entity, field: Field, *, entity_type: Type = None, as_json: AsJson = False
) -> None:
    """Why a field has its value: whose word it is, on what evidence, every rule that was tried, who disagrees.

    Example: liner explain "So What" tempo_bpm
    """
    with choices_of(context).open(as_json=as_json) as app:
        told = app.decisions.explain(entity, field, entity_type=entity_type)
    if as_json:
        show_json(told)
    else:
        _show(told)


def provenance(
    context: typer.Context,
    entity: Entity,
    *,
    entity_type: Type = None,
) -> None:
    """Where every value of an entity comes from, as W3C PROV (PROV-JSON), for programs of others.

    Example: liner provenance "So What" --type recording > so-what.json
    """
    with choices_of(context).open(as_json=True) as app:
        document = app.decisions.provenance(entity, entity_type=entity_type)
    show_json(document)


@lock.command("set")
def set_lock(
    context: typer.Context,
    entity: Entity,
    field: Field,
    value: Annotated[str | None, typer.Argument(help="What it is; left out: that there is none.")] = None,
    *,
    entity_type: Type = None,
    reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Set a field of an entity, whatever providers say.

    Example: liner lock set "So What" tempo_bpm 68 --reason "counted"
    """
    with choices_of(context).open(as_json=as_json) as app:
        made = app.decisions.lock(entity, field, value, entity_type=entity_type, reason=reason)
    if as_json:
        show_json(made)
    else:
        show_line(f"{made.field} of {made.entity_id} is {made.value or 'empty'}; next: liner build")


@lock.command()
def lift(
    context: typer.Context,
    entity: Entity,
    field: Field,
    *,
    entity_type: Type = None,
    reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Let the rules decide a field again.

    Example: liner lock lift "So What" tempo_bpm
    """
    with choices_of(context).open(as_json=as_json) as app:
        made = app.decisions.lift(entity, field, entity_type=entity_type, reason=reason)
    if as_json:
        show_json(made)
    else:
        show_line(f"the rules decide {made.field} of {made.entity_id} again; next: liner build")


@lock.command("list")
def list_locks(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Every lock in force.

    Example: liner lock list
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.decisions.locks()
    if as_json:
        show_json(found)
        return
    show_table(
        ["entity", "field", "value", "by", "since", "reason"],
        [(one.entity_id, one.field, one.value, one.by, one.locked_at, one.reason) for one in found],
    )


def _show(told: "Explanation") -> None:
    entity, winner = told.entity, told.decision.winner
    show_line(f"{entity.name} ({entity.entity_type.value.replace('_', ' ')} {entity.entity_id}, {entity.detail})")
    value = winner.value if winner and winner.value is not None else "no value"
    show_line(" ".join(filter(None, (f"{told.field}:", value, told.unit if value != "no value" else None))))
    for line in _reasons(told):
        show_line(f"  {line}")
    show_line("")
    show_table(
        ["place", "provider", "says", "confidence", "rule", "what became of it"],
        [
            (
                place,
                step.rule.provider,
                step.observation.value if step.observation else None,
                step.observation.confidence if step.observation else None,
                _conditions(step.rule),
                step.outcome.value,
            )
            for place, step in enumerate(told.decision.steps, 1)
        ],
    )
    for name in ("agreeing", "alike", "conflicting"):
        for one in getattr(told.decision, name):
            show_line(f"{name}: {_said(one)}")
    if told.decision.is_contested:
        show_line("contested: what contradicts would have counted by its own rule; `liner lock set` decides")
    for one in told.told:
        if one.value is None:
            reason = f" ({one.reason})" if one.reason else ""
            show_line(f"asked: {one.provider} at {one.observed_at:%Y-%m-%d %H:%M} UTC: {one.outcome.value}{reason}")
    if len(told.past) > 1:
        show_table(
            ["since", "it was", "by"], [(one.since, one.value, one.provider) for one in told.past], title="\nbefore"
        )


def _reasons(told: "Explanation") -> list[str]:
    if told.lock is not None:
        reason = told.lock.reason or "no reason given"
        return [f"set by {told.lock.by} at {told.lock.locked_at:%Y-%m-%d %H:%M} UTC: {reason}"]
    winner, decided = told.winner, told.decision.winner
    if winner is None or decided is None:
        return [f"nothing counts by policy {told.policy}"]
    lines = [
        f"{winner.provider} says so: confidence {decided.confidence:.2f}, that is usually {told.base:.2f},"
        f" about this entity {winner.match:.2f}, its own {winner.signal:.2f}; by policy {told.policy}",
        f"record: load {winner.load_id}, {winner.source} {winner.record_id}",
    ]
    if told.evidence:
        one = told.evidence
        lines.append(
            f"evidence: answer {one.answer_id}, {one.path}, HTTP {one.status}, {one.size_bytes:,} bytes,"
            f" {one.received_at:%Y-%m-%d %H:%M:%S} UTC, run {one.run_id}"
        )
    if told.terms:
        lines.append(f"terms: {told.terms.licence}; may be kept: {told.terms.storage} ({told.terms.url})")
    return lines


def _conditions(rule: "Rule") -> str:
    said = {
        "at least": rule.min_confidence or None,
        "days old at most": rule.max_age_days,
        "others agree": rule.min_agreeing or None,
    }
    return ", ".join(f"{name} {value:g}" for name, value in said.items() if value is not None)


def _said(one: "Observation") -> str:
    return f"{one.provider} says {one.value} (confidence {one.confidence:.2f})"
