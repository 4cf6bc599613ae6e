"""What every ledger promises of how complete and how sure the catalogue was after each build."""

from dataclasses import replace

from linernotes.ledger.opening import Ledger
from linernotes.ports.quality import Measure, MeasuredBuild
from tests.fakes.clock import FakeClock

TEMPO = Measure(
    entity_type="recording",
    field="tempo_bpm",
    entity_count=34_000_000,
    known_count=12,
    contested_count=1,
    mean_confidence=0.85,
)
WHOLE = Measure(
    entity_type="recording",
    field="",
    entity_count=34_000_000,
    known_count=None,
    contested_count=None,
    mean_confidence=0.25,
)


def measured(ledger: Ledger, clock: FakeClock, *measures: Measure) -> MeasuredBuild:
    clock.advance(60)
    run = ledger.runs.start("build", code_version="1", settings={})
    ledger.measures.add(run.run_id, measures)
    by_field = sorted(measures, key=lambda one: one.field)
    return MeasuredBuild(run_id=run.run_id, started_at=run.started_at, measures=by_field)


def test_builds_are_told_newest_first(ledger: Ledger, clock: FakeClock) -> None:
    assert ledger.measures.latest(limit=3) == []
    builds = [measured(ledger, clock, TEMPO, replace(WHOLE, entity_count=number)) for number in range(4)]
    assert ledger.measures.latest(limit=3) == builds[:0:-1]


def test_what_a_build_came_to_is_kept_once(ledger: Ledger, clock: FakeClock) -> None:
    build = measured(ledger, clock, TEMPO, WHOLE)
    ledger.measures.add(build.run_id, [replace(TEMPO, known_count=0), WHOLE])
    assert ledger.measures.latest(limit=3) == [build]


def test_a_build_that_was_not_measured_is_not_told(ledger: Ledger, clock: FakeClock) -> None:
    measured(ledger, clock)
    assert ledger.measures.latest(limit=3) == []
