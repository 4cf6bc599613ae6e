"""What every ledger promises of enrichment: steps done by several processes, answers, and how providers stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing
from linernotes.ledger.opening import Ledger
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.providers import Answer, Question, Subject
from linernotes.ports.runs import Run, RunStatus
from linernotes.ports.standing import Capability, ProviderDay, Unknown
from linernotes.ports.steps import BatchState, Step, StepProgress
from tests.fakes.clock import FakeClock

SUBJECTS = tuple(
    Subject(
        entity_type=EntityType.RECORDING,
        entity_id=UUID(int=number),
        identifiers={"isrc": f"GBAAP830000{number}"},
        name="Blue Monday \N{SNOWMAN} \udcff" if number == 1 else None,
        duration_ms=448_000,
    )
    for number in range(1, 6)
)


@pytest.fixture
def run(ledger: Ledger) -> Run:
    return new_run(ledger)


def new_run(ledger: Ledger) -> Run:
    return ledger.runs.start("enrich", code_version="1", settings={})


@pytest.fixture
def step(ledger: Ledger, run: Run, clock: FakeClock) -> Step:
    planned = Step(
        step_id=ledger.new_id(), provider="deezer", fields=("recording.key",), run_id=run.run_id, planned_at=clock()
    )
    assert ledger.steps.plan(planned, [SUBJECTS[:2], SUBJECTS[2:4], SUBJECTS[4:]]) == 3
    return planned


def in_a_minute(clock: FakeClock) -> datetime:
    return clock() + timedelta(minutes=1)


def test_a_step_is_frozen_as_it_was_planned(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    taken = [ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock)) for _ in range(4)]
    assert [(batch.number, batch.attempts, batch.subjects) for batch in taken if batch] == [
        (1, 1, SUBJECTS[:2]),
        (2, 1, SUBJECTS[2:4]),
        (3, 1, SUBJECTS[4:]),
    ]
    assert taken[3] is None


def test_a_plan_that_breaks_off_leaves_nothing(ledger: Ledger, run: Run, clock: FakeClock) -> None:
    planned = Step(step_id=ledger.new_id(), provider="any", fields=(), run_id=run.run_id, planned_at=clock())

    def batches() -> "list[tuple[Subject, ...]]":
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        ledger.steps.plan(planned, (batch for batch in [SUBJECTS, *batches()]))
    assert ledger.steps.progress() == []


def test_progress_adds_up_what_was_counted(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    first, second, _ = [ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock)) for _ in range(3)]
    assert first
    assert second
    assert ledger.steps.finish(first, run_id=run.run_id, counters={"ok": 1, "not_found": 1})
    assert ledger.steps.fail(second, run_id=run.run_id, error="no answer")
    assert ledger.steps.progress() == [
        StepProgress(
            step=step,
            batches={BatchState.DONE: 1, BatchState.FAILED: 1, BatchState.RUNNING: 1},
            subject_count=5,
            counters={"ok": 1, "not_found": 1},
            error="no answer",
        )
    ]


def test_steps_are_told_newest_first_or_alone(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    later = replace(step, step_id=ledger.new_id(), provider="musicbrainz")
    ledger.steps.plan(later, [])
    assert [one.step for one in ledger.steps.progress()] == [later, step]
    assert [one.step for one in ledger.steps.progress(step_id=step.step_id)] == [step]


def test_a_batch_is_one_process_at_a_time(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    other = new_run(ledger)
    first = ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock))
    second = ledger.steps.take(step.step_id, run_id=other.run_id, until=in_a_minute(clock))
    assert first
    assert second
    assert (first.number, second.number) == (1, 2)
    assert not ledger.steps.finish(first, run_id=other.run_id, counters={})
    assert not ledger.steps.fail(first, run_id=other.run_id, error="not mine")
    assert not ledger.steps.renew(first, run_id=other.run_id, until=in_a_minute(clock))
    assert not ledger.steps.release(first, run_id=other.run_id)
    assert ledger.steps.finish(first, run_id=run.run_id, counters={})
    assert not ledger.steps.finish(first, run_id=run.run_id, counters={"twice": 1})


def too_late(ledger: Ledger, run: Run, clock: FakeClock) -> None:
    clock.advance(61)


def gone(ledger: Ledger, run: Run, clock: FakeClock) -> None:
    ledger.runs.finish(run.run_id, status=RunStatus.FAILED, counters={}, error="killed")


@pytest.mark.parametrize("end", [too_late, gone])
def test_what_a_process_left_is_taken_by_another(
    ledger: Ledger, run: Run, step: Step, clock: FakeClock, end: Callable[[Ledger, Run, FakeClock], None]
) -> None:
    left = ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock))
    assert left
    end(ledger, run, clock)
    other = new_run(ledger)
    again = ledger.steps.take(step.step_id, run_id=other.run_id, until=in_a_minute(clock))
    assert again == replace(left, attempts=2)
    assert not ledger.steps.finish(left, run_id=run.run_id, counters={})


def test_a_batch_that_is_renewed_is_kept(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    batch = ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock))
    assert batch
    clock.advance(50)
    assert ledger.steps.renew(batch, run_id=run.run_id, until=in_a_minute(clock))
    clock.advance(50)
    following = ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock))
    assert following
    assert following.number == 2


def test_a_batch_that_is_released_waits_for_the_next(ledger: Ledger, run: Run, step: Step, clock: FakeClock) -> None:
    batch = ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock))
    assert batch
    assert ledger.steps.release(batch, run_id=run.run_id)
    again = ledger.steps.take(step.step_id, run_id=new_run(ledger).run_id, until=in_a_minute(clock))
    assert again == replace(batch, attempts=2)


@pytest.mark.parametrize(("is_reset", "waiting"), [(False, 1), (True, 3)])
def test_what_failed_waits_again_when_somebody_says_so(
    ledger: Ledger, run: Run, step: Step, clock: FakeClock, *, is_reset: bool, waiting: int
) -> None:
    first, second, third = [
        ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock)) for _ in range(3)
    ]
    assert first
    assert second
    assert third
    ledger.steps.finish(first, run_id=run.run_id, counters={"ok": 2})
    ledger.steps.fail(second, run_id=run.run_id, error="no")
    ledger.steps.finish(third, run_id=run.run_id, counters={"ok": 1})
    assert ledger.steps.take(step.step_id, run_id=run.run_id, until=in_a_minute(clock)) is None
    assert ledger.steps.retry(step.step_id, is_reset=is_reset) == waiting
    (now,) = ledger.steps.progress()
    assert now.batches.get(BatchState.WAITING) == waiting
    assert (now.error, now.counters.get("ok", 0)) == (None, 0 if is_reset else 3)


@pytest.fixture
def stored(ledger: Ledger, run: Run, clock: FakeClock) -> Callable[..., StoredAnswer]:
    def make(path: str = "/track/1") -> StoredAnswer:
        question = Question(provider="deezer", path=path, parameters={"fmt": "json"}, subjects=SUBJECTS[:2])
        answer = Answer(
            status=503, headers={"content-type": "text/html"}, body=b"\x00\xff<html>" * 100, received_at=clock()
        )
        one = StoredAnswer(
            answer_id=ledger.new_id(),
            run_id=run.run_id,
            question=question,
            answer=answer,
            collector_version="1.2.3",
            cost=0.5,
        )
        ledger.answers.add(one)
        return one

    return make


def test_answers_are_kept_as_received(ledger: Ledger, stored: Callable[..., StoredAnswer]) -> None:
    first, second = stored(), stored("/track/2")
    ledger.answers.add(replace(first, collector_version="another"))
    assert list(ledger.answers.unsealed()) == [first, second]


def test_the_newest_answer_to_a_question_is_found(
    ledger: Ledger, stored: Callable[..., StoredAnswer], clock: FakeClock
) -> None:
    first = stored()
    asked = replace(first.question, subjects=())
    began = clock()
    assert ledger.answers.find(asked, since=began) == first
    clock.advance(1)
    second = stored()
    assert ledger.answers.find(asked, since=began) == second
    assert ledger.answers.find(asked, since=clock() + timedelta(seconds=1)) is None
    assert ledger.answers.find(replace(asked, path="/track/3"), since=began) is None
    assert ledger.answers.find(replace(asked, provider="other"), since=began) is None


def test_answers_are_forgotten_when_a_file_has_them(ledger: Ledger, stored: Callable[..., StoredAnswer]) -> None:
    kept = [stored(f"/track/{number}") for number in range(250)]
    assert ledger.answers.unsealed_bytes() > 0
    assert [one.answer_id for one in ledger.answers.unsealed()] == [one.answer_id for one in kept]
    assert ledger.answers.seal([one.answer_id for one in kept[:249]]) == 249
    assert ledger.answers.seal([kept[0].answer_id]) == 0
    assert list(ledger.answers.unsealed()) == [kept[249]]
    ledger.answers.seal([kept[249].answer_id])
    assert ledger.answers.unsealed_bytes() == 0


def test_how_a_provider_stands_is_what_was_said_last(ledger: Ledger, clock: FakeClock) -> None:
    assert ledger.standings.all() == {}
    ready = Standing(provider="spotify", state=ProviderState.READY, changed_at=clock(), answered_at=clock())
    parked = Standing(
        provider="deezer",
        state=ProviderState.PARKED,
        until=clock() + timedelta(hours=1),
        failures=3,
        reason="error 4",
        changed_at=clock(),
    )
    ledger.standings.put(ready)
    ledger.standings.put(replace(ready, provider="deezer"))
    ledger.standings.put(parked)
    assert ledger.standings.all() == {"deezer": parked, "spotify": ready}
    assert list(ledger.standings.all()) == ["deezer", "spotify"]


def test_what_a_provider_does_not_know_is_remembered_until_it_does(ledger: Ledger) -> None:
    day = datetime(2026, 11, 27, tzinfo=UTC)
    first, second = [
        Unknown(provider="deezer", entity_id=UUID(int=number), times=1, asked_at=day, again_at=day + timedelta(days=1))
        for number in (1, 2)
    ]
    elsewhere = replace(first, provider="spotify")
    ledger.unknown_entities.put([second, first, elsewhere])
    again = replace(first, times=2, again_at=day + timedelta(days=2))
    ledger.unknown_entities.put([again])
    assert ledger.unknown_entities.find("deezer") == [again, second]
    ledger.unknown_entities.forget("deezer", [first.entity_id, UUID(int=99)])
    assert ledger.unknown_entities.find("deezer") == [second]
    assert ledger.unknown_entities.find("spotify") == [elsewhere]


def test_what_was_asked_on_a_day_is_added_up(ledger: Ledger) -> None:
    asked = ProviderDay(
        provider="deezer", day=date(2026, 11, 27), outcome=Outcome.OK, requests=1, cost=0.5, seconds=0.25
    )
    quota = replace(asked, outcome=Outcome.QUOTA)
    yesterday = replace(asked, day=date(2026, 11, 26))
    other = replace(asked, provider="coverart")
    for one in (asked, quota, asked, yesterday, other):
        ledger.provider_days.add(one)
    twice = replace(asked, requests=2, cost=1.0, seconds=0.5)
    assert ledger.provider_days.find(since=date(2026, 11, 27)) == [other, twice, quota]
    assert ledger.provider_days.find(since=date(2026, 1, 1)) == [other, yesterday, twice, quota]


def test_what_a_provider_allows_is_remembered_and_changes(ledger: Ledger, clock: FakeClock) -> None:
    assert ledger.capabilities.all() == {}
    for capability in ("dev", "extended"):
        said = Capability(provider="spotify", capability=capability, probed_at=clock())
        ledger.capabilities.put(said)
        assert ledger.capabilities.all() == {"spotify": said}
