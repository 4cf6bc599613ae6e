"""Killing a command at a failpoint, and what must be so afterwards."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from linernotes.lake.project import PROJECT
from tests.faults.contents import Contents, assert_same, differences, read_contents
from tests.faults.journey import Journey, Step

VIEWS = frozenset(
    f"{path.parent.name}.{path.stem}"
    for path in (PROJECT / "models").rglob("*.sql")
    if 'materialized="view"' in path.read_text("utf-8")
)

Case = tuple[str, str, float]
"""Name of a step, failpoint, and where along its passages: 0 the first, 1 the last."""


def cases(step: str, failpoints: Iterable[str], places: Iterable[float]) -> Iterator[Case]:
    """Every failpoint at every place."""
    kept = tuple(places)
    for failpoint in failpoints:
        yield from ((step, failpoint, place) for place in kept)


def sides(*names: str) -> list[str]:
    """Both sides of something that is done whole or not at all."""
    return [f"{name}.{side}" for name in names for side in ("before", "after")]


def check_kill(journey: Journey, step: Step, failpoint: str, place: float, folder: Path) -> None:
    """Kill a step at one passage of a failpoint and run it again: the home must be as if nothing had happened."""
    count = journey.passages(step)[failpoint]
    assert count, f"{step.name} does not pass {failpoint}"
    home = journey.copy_before(step, folder / "home")
    arguments = journey.arguments(step)
    killed = home.run(*arguments, failpoint=f"{failpoint}:{1 + round(place * (count - 1))}")
    assert killed.was_killed, killed
    check_between(read_contents(home.path), journey.before(step), journey.after(step))
    again = home.run(*arguments)
    assert again.status in {0, step.status}, again
    assert_same(read_contents(home.path), journey.after(step))


def check_between(found: Contents, before: Contents, after: Contents) -> None:
    """Whoever reads after a kill sees each model and each load as before or as after, nothing between.

    Views show several models, of which some may be as after and others as before. What dbt puts aside while it swaps a
    model stays until the next build, which drops it.
    """
    for name in found.keys() - VIEWS:
        if name.startswith(("silver.", "gold.", "published.")) and not name.endswith("__dbt_backup"):
            one = {name: found[name]}
            told = [differences(one, {name: side[name]} if name in side else {}) for side in (before, after)]
            assert not all(told), f"{name} is neither as before nor as after:\n" + "\n".join(told[0] + told[1])
    for name in ("ledger.load", "ledger.load_file", "ledger.quarantine", "ledger.judgement"):
        extra = found[name].rows - (before[name].rows | after[name].rows)
        assert not extra, f"{name} has what was never committed: {extra}"
