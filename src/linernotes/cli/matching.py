"""Commands around matching: match, evaluate."""

from pathlib import Path
from typing import Annotated

import typer

from linernotes.cli.catalogue import show_verdict
from linernotes.cli.context import AsJson, choices_of
from linernotes.cli.output import show_json, show_line, show_table
from linernotes.errors import WrongUsageError

evaluate = typer.Typer(no_args_is_help=True, help="Measure how well machines decide, where the truth is known.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(match)
    app.add_typer(evaluate, name="evaluate")


def match(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Decide again which records of the sources are the same; `liner build` does it where something is new.

    Example: liner match
    """
    with choices_of(context).open(as_json=as_json) as app:
        outcome = app.match()
    if as_json:
        show_json(outcome)
        raise typer.Exit(outcome.exit_status)
    sources = sorted({source for one in outcome.counts for source in one.alone})
    show_table(
        ["", "matched", "linked by people", "for a person", *(f"only in {source}" for source in sources)],
        [
            (one.entity_type, one.matched, one.linked, one.ambiguous, *(one.alone.get(source, 0) for source in sources))
            for one in outcome.counts
        ],
    )
    show_verdict(outcome.build)
    raise typer.Exit(outcome.exit_status)


@evaluate.command("matching")
def evaluate_matching(
    context: typer.Context,
    *,
    dataset: Annotated[Path, typer.Option(help="CSV with a header, one record per line.")],
    source_column: Annotated[str, typer.Option(help="The column that tells a record's source.")] = "source",
    truth_column: Annotated[str, typer.Option(help="The column that tells what a record is.")] = "truth",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=NAME", help="A column that is called otherwise than its field; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Match the records of a file without looking at the truth, then say how right that was.

    Example: liner evaluate matching --dataset tracks.csv --source-column SourceID --truth-column CID
    """
    from linernotes.bootstrap.evaluation import matching_evaluation
    from linernotes.cli.progress import choose_progress
    from linernotes.ports.matching import DatasetShape

    columns = {}
    for one in column or ():
        field, equals, name = one.partition("=")
        if not equals:
            raise WrongUsageError(f"--column {one}: say FIELD=NAME, such as title=track_title")
        columns[field] = name
    shape = DatasetShape(path=dataset, source_column=source_column, truth_column=truth_column, columns=columns)
    report = matching_evaluation(choose_progress(quiet=choices_of(context).quiet or as_json)).run(shape)
    if as_json:
        show_json(report)
        return
    rows = [
        (source, one.rule, f"{one.share:.1%}", one.changed)
        for source, repairs in report.repairs.items()
        for one in repairs
    ]
    show_table(["source", "habit that was repaired", "share", "values"], rows)
    show_line("")
    measured = {"pairs": report.pairwise, "clusters": report.clusters}
    show_table(
        ["", "precision", "recall", "F1", "found", "right", "true"],
        [
            (name, f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}", one.found, one.right, one.true)
            for name, one in measured.items()
        ],
    )
    show_line("")
    show_line(
        f"{report.records:,} records of {report.sources} sources; {report.pairs:,} pairs compared, among them "
        f"{report.completeness:.2%} of the true ones"
    )
    steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in report.cpu_seconds.items())
    show_line(f"{sum(report.cpu_seconds.values()):.1f} CPU seconds ({steps}); {report.peak_mb:,.0f} MB at most")


@evaluate.command("links")
def evaluate_links(
    context: typer.Context,
    *,
    hide: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the links to hide.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Chooses which; the same seed hides the same.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Hide links that people made between sources, match without them, and say what was found again.

    Example: liner evaluate links --hide 0.5
    """
    with choices_of(context).open(as_json=as_json) as app:
        found = app.evaluate_links(share=hide, seed=seed)
    if as_json:
        show_json(found)
        return
    columns = ["", "links", "hidden", "found again", "wrong", "for a person", "not found", "compared"]
    show_table(
        columns,
        [
            (
                one.entity_type,
                one.links,
                one.hidden,
                one.found,
                one.wrong,
                one.ambiguous,
                one.hidden - one.found - one.wrong - one.ambiguous,
                f"{one.proposed / one.hidden:.1%}" if one.hidden else "",
            )
            for one in found
        ],
    )
    rows = [
        (one.entity_type, way, count, f"{count / one.hidden:.1%}")
        for one in found
        for way, count in one.proposed_by.items()
    ]
    if rows:
        show_line("")
        show_table(["", "blocking", "links proposed", "share"], rows)
