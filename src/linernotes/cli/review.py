"""Commands around what machines leave open."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from linernotes.cli.context import AsJson, DryRun, choices_of
from linernotes.cli.output import show_json, show_line, show_table
from linernotes.errors import WrongUsageError

review = typer.Typer(
    no_args_is_help=True, help="What a machine cannot decide: records that may be the same, values that contradict."
)
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="artist, label, …, release, or field; repeatable."),
]
By = Annotated[str | None, typer.Option(help="Who says so; else the name you are logged in with.")]
Reason = Annotated[str | None, typer.Option(help="Why, in your words.")]
NEXT = "`liner build` applies it"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(review, name="review")


@review.command("list")
def list_items(
    context: typer.Context,
    *,
    entity_type: Types = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, that on which most hangs first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Records that may be the same as another, and fields of which providers contradict each other.

    Example: liner review list --type artist
    """
    with choices_of(context).open(as_json=as_json) as app:
        items = app.review.waiting(entity_types=_types(entity_type), limit=limit)
    if as_json:
        show_json(items)
        return
    columns = ["item", "type", "name", "candidates", "best score", "rows that hang on it"]
    show_table(
        columns,
        [
            (
                item.item_id,
                item.entity_type,
                item.name,
                len(item.candidates),
                item.candidates[0].score,
                item.downstream,
            )
            for item in items
        ],
    )
    if items:
        show_line("`liner review show ITEM` tells more, `liner review export FILE` gives all to a spreadsheet")


@review.command()
def show(
    context: typer.Context,
    item: Annotated[UUID, typer.Argument(help="As `liner review list` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """One item with all its candidates, and what each feature says of them."""
    with choices_of(context).open(as_json=as_json) as app:
        found = app.review.explain(item)
    if as_json:
        show_json(found)
        return
    own = found.item
    sides: list[tuple[object, ...]] = [(own.source, own.source_id, own.name, own.detail, None)]
    sides += [(one.other_source, one.other_source_id, one.name, one.detail, one.score) for one in own.candidates]
    show_table(["source", "id", "name", "what it says", "score"], sides)
    show_line("")
    rows = [
        (candidate.other_source_id, part.feature, part.level, part.weight)
        for candidate, parts in zip(own.candidates, found.parts, strict=True)
        for part in parts
    ]
    if rows:
        show_table(["candidate", "feature", "what it says", "weight"], rows)
        show_line("")
    show_line(f"{own.entity_type}, version {own.version}; {own.downstream:,} rows hang on it")


@review.command()
def decide(
    context: typer.Context,
    item: Annotated[UUID, typer.Argument(help="As `liner review list` shows it.")],
    *,
    same: Annotated[str | None, typer.Option(metavar="ID", help="It is this record, or value.")] = None,
    different: Annotated[str | None, typer.Option(metavar="ID", help="It is not this record, or value.")] = None,
    new: Annotated[bool, typer.Option("--new", help="It is none of the other source, or values.")] = False,
    skip: Annotated[bool, typer.Option("--skip", help="Not to be decided now.")] = False,
    seen: Annotated[str | None, typer.Option("--version", help="Refuse if the item is no longer this version.")] = None,
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Say what is true of one item.

    Example: liner review decide 5d1f4b30-… --same 82730 --reason "same members"
    """
    from linernotes.domain.judgements import Answer
    from linernotes.usecases.review_answers import Given

    said = {Answer.SAME: same, Answer.DIFFERENT: different, Answer.NEW: new or None, Answer.SKIP: skip or None}
    answers = [(answer, value) for answer, value in said.items() if value is not None]
    if len(answers) != 1:
        raise WrongUsageError("say one of --same ID, --different ID, --new, --skip")
    ((answer, value),) = answers
    candidate = value if isinstance(value, str) else None
    given = Given(item_id=item, answer=answer, candidate=candidate, version=seen, reason=reason)
    with choices_of(context).open(as_json=as_json) as app:
        decided = app.review.decide(given, by=by, dry_run=dry_run)
    if as_json:
        show_json(decided)
        return
    if not decided.judgements:
        show_line("that was said already")
    elif dry_run:
        show_line(f"would be recorded: {answer}")
    else:
        show_line(f"recorded as {decided.judgements[0].judgement_id}; {NEXT}, `liner review undo` takes it back")


@review.command()
def undo(
    context: typer.Context,
    judgement: Annotated[UUID, typer.Argument(help="As `liner review log` shows it.")],
    *,
    reason: Reason = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a judgement back, as if it had never been. Nothing is erased: the log keeps both."""
    with choices_of(context).open(as_json=as_json) as app:
        taken_back = app.review.undo(judgement, by=by, reason=reason)
    if as_json:
        show_json(taken_back)
    else:
        show_line(f"taken back by {taken_back.judgement_id}; {NEXT}")


@review.command("log")
def show_log(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What people said, newest first; nothing of it is ever changed."""
    with choices_of(context).open(as_json=as_json) as app:
        events = app.review.log(limit=limit)
    if as_json:
        show_json(events)
        return
    columns = ["judgement", "when", "who", "type", "record", "answer", "of", "reason"]
    show_table(
        columns,
        [
            (
                event.judgement_id,
                event.decided_at,
                event.decided_by,
                event.entity_type,
                event.source_id,
                event.answer.value,
                event.supersedes or event.other_source_id,
                event.reason,
            )
            for event in events
        ],
    )


@review.command("export")
def export_sheet(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV to write, a line for each candidate.")],
    *,
    entity_type: Types = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many items; else all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write what waits for a person as CSV; fill in `judgement` and give it back with `liner review import`.

    Example: liner review export ambiguous.csv
    """
    with choices_of(context).open(as_json=as_json) as app:
        count = app.review.export_sheet(file, entity_types=_types(entity_type), limit=limit)
    if as_json:
        show_json({"items": count, "file": file})
    else:
        show_line(f"{count:,} items in {file}; say same, different, new or skip in the column judgement")


@review.command("import")
def import_sheet(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV that `liner review export` wrote, with judgements.")],
    *,
    by: By = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Record the judgements of a sheet: all of them or, if one line has a problem, none.

    Example: liner review import ambiguous.csv --dry-run
    """
    with choices_of(context).open(as_json=as_json) as app:
        decided = app.review.import_sheet(file, by=by, dry_run=dry_run)
    if as_json:
        show_json(decided)
    elif decided.problems:
        show_table(["line", "problem"], [(problem.line, problem.what) for problem in decided.problems])
        show_line("nothing was recorded")
    else:
        done = "would be recorded" if dry_run else "recorded"
        show_line(f"{len(decided.judgements):,} judgements {done}" + ("" if dry_run else f"; {NEXT}"))
    raise typer.Exit(1 if decided.problems else 0)


@review.command()
def stats(context: typer.Context, *, as_json: AsJson = False) -> None:
    """How often people confirm which scores, and which limits would follow; limits are never changed by themselves."""
    with choices_of(context).open(as_json=as_json) as app:
        counted = app.review.stats()
    if as_json:
        show_json(counted)
        return
    rows = [
        (entity_type, answer, number)
        for entity_type, of_type in counted.items()
        for answer, number in of_type.answers.items()
    ]
    show_table(["type", "answer", "judgements"], rows)
    show_line("")
    show_table(
        ["type", "score from", "same", "different", "confirmed"],
        [
            (entity_type, one.lowest, one.same, one.different, f"{one.share:.0%}")
            for entity_type, of_type in counted.items()
            for one in of_type.bins
        ],
    )
    for entity_type, of_type in counted.items():
        for one in of_type.proposals:
            show_line(
                f"{entity_type}: {one.share:.0%} of {one.judgements} judgements speak for"
                f" `liner match-policy set {entity_type}.{one.limit}={one.proposed:g}` (now {one.now:g})"
            )


def _types(chosen: list[str] | None) -> tuple[str, ...]:
    from linernotes.usecases.review import ENTITY_TYPES

    if unknown := sorted(set(chosen or ()) - set(ENTITY_TYPES)):
        raise WrongUsageError(f"no type {', '.join(unknown)}; types: {', '.join(ENTITY_TYPES)}")
    return tuple(chosen) if chosen else ENTITY_TYPES
