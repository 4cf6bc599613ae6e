"""The demo: the bundled sample through every step, as a user would take it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from linernotes import sample
from linernotes.bootstrap.musicbrainz import DumpFiles
from linernotes.usecases.pull import PullOutcome
from linernotes.usecases.pull_plan import PullRequest
from linernotes.usecases.pull_snapshot import SnapshotOutcome

if TYPE_CHECKING:
    from linernotes.bootstrap.app import App

T = TypeVar("T")

GOLD = """
SELECT source, artist_credit, title, released_year, label_name, catalogue_number, format, track_count
FROM gold.release_summary
WHERE gone_month IS NULL AND artist_credit IS NOT NULL
ORDER BY released_year, title
"""
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep:
    """One command of the demo."""

    command: str
    seconds: float
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutcome:
    """What was built, and where."""

    steps: tuple[DemoStep, ...]
    catalogue: Mapping[str, int]
    releases: Sequence[tuple[object, ...]]
    """Some of gold.release_summary, spread over the years."""
    places: Mapping[str, str]

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(step.seconds for step in self.steps)


def run_demo(app: "App") -> DemoOutcome:
    """Pull and build two successive months of both sources, then stage, validate and promote; again changes nothing."""
    home = app.core.home
    dumps = home.root / "sample"
    sample.write_dumps(dumps)
    archives = sample.write_musicbrainz(dumps)
    steps: list[DemoStep] = []

    def take(command: str, work: Callable[[], T], tell: Callable[[T], str]) -> None:
        app.core.progress.step(f"liner {command}")
        started = time.monotonic()
        outcome = work()
        steps.append(DemoStep(command=command, seconds=time.monotonic() - started, result=tell(outcome)))

    for month, dump in zip(sample.MONTHS, archives, strict=True):
        request = PullRequest(year_month=month)
        take(
            f"pull discogs --from sample --month {month}",
            partial(app.pull_discogs, request, origin=str(dumps)),
            _pulled,
        )
        take(
            f"pull musicbrainz --dump sample/{dump[0].parent.name}/mbdump.tar.bz2 …",
            partial(app.pull_musicbrainz, DumpFiles(archives=tuple(dump))),
            _compared,
        )
        take(
            "build",
            app.build,
            lambda built: f"{len(built.models)} models, {built.test_count} tests, green: {built.is_green}",
        )
    take(
        "stage",
        lambda: app.stage(mirror=None, dry_run=False),
        lambda staged: f"{sum((staged.staged.rows if staged.staged else {}).values()):,} rows",
    )
    take(
        "validate",
        app.validate,
        lambda found: f"{'good' if found.is_ok else 'not good'} to promote, {len(found.findings)} remarks",
    )
    take(
        "promote",
        app.promote,
        lambda done: "a new generation is in production" if done.is_promoted else "production says the same already",
    )
    with app.query(GOLD, at=None) as rows:
        found = rows.fetchall()
    return DemoOutcome(
        steps=tuple(steps),
        catalogue=app.status().catalogue,
        releases=found[:: max(1, len(found) // SHOWN)][:SHOWN],
        places={
            "bronze: as received": str(home.bronze),
            "lake: silver and gold": str(home.lake),
            "ledger: runs, loads, quarantine": str(home.ledger),
            "published catalogue": str(home.production / "catalogue.db"),
        },
    )


def _compared(outcome: SnapshotOutcome) -> str:
    counts = ("records", "new", "changed", "gone", "quarantined")
    return ", ".join(f"{sum(getattr(entity, name) for entity in outcome.entities):,} {name}" for name in counts)


def _pulled(outcome: PullOutcome) -> str:
    counts = ("records", "new", "changed", "unchanged", "gone", "quarantined")
    return ", ".join(f"{sum(getattr(file, name) for file in outcome.files):,} {name}" for name in counts)
