"""Working on steps: batch by batch, resumed, and never asked twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from linernotes.domain.standing import ProviderState
from linernotes.errors import FatalError, TransientError, WrongUsageError
from linernotes.ports.providers import Answer, MalformedAnswerError, Question, Subject
from linernotes.ports.steps import BatchState, Step, StepProgress
from linernotes.providers.deezer import Deezer
from linernotes.usecases.asking import AskingTools, ParkedError
from linernotes.usecases.steps import StepTools, work_on
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.progress import RecordedProgress
from tests.provider_kit import recording, reply

FOUND = {"title": "Blue Monday", "bpm": 130.0}
NO_DATA = {"error": {"code": 800}}
QUOTA = {"error": {"code": 4}}


def subjects(count: int) -> list[Subject]:
    return [recording(UUID(int=number), identifiers={"isrc": f"GBAAP83{number:05}"}) for number in range(count)]


@dataclass
class Service:
    """Deezer as a script: what it answers to each question, one after the other, the last again and again."""

    clock: FakeClock
    script: list[object] = field(default_factory=lambda: [FOUND])
    asked: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question.path)
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(said, BaseException):
            raise said
        answer = said if isinstance(said, Answer) else reply(said)
        return Answer(status=answer.status, headers=answer.headers, body=answer.body, received_at=self.clock())

    def wait(self) -> None:
        self.clock.advance(0.1)


@dataclass
class Bench:
    """A step over a ledger in memory."""

    ledger: FakeLedger
    clock: FakeClock
    service: Service
    waits: list[float] = field(default_factory=list)

    def plan(self, *batches: Sequence[Subject]) -> UUID:
        run = self.ledger.runs.start("enrich", code_version="1", settings={})
        step = Step(
            step_id=self.ledger.new_id(),
            provider="deezer",
            fields=("recording.tempo_bpm",),
            run_id=run.run_id,
            planned_at=self.clock(),
        )
        self.ledger.steps.plan(step, batches)
        return step.step_id

    def work(self, step_id: UUID) -> StepProgress:
        run = self.ledger.runs.start("enrich", code_version="1", settings={})
        self.progress = RecordedProgress()
        return work_on(step_id, self.tools(), run_id=run.run_id, progress=self.progress)

    def tools(self) -> StepTools:
        return StepTools(
            steps=self.ledger.steps,
            unknown=self.ledger.unknown_entities,
            asking=AskingTools(
                provider=Deezer(),
                asking=self.service,
                turns=self.service,
                journal=self.ledger.answers,
                find_sealed=lambda _fingerprints, _since: {},
                standings=self.ledger.standings,
                days=self.ledger.provider_days,
                new_id=self.ledger.new_id,
                now=self.clock,
                sleep=self.sleep,
                jitter=lambda: 0.0,
                code_version="1.2.3",
            ),
        )

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.advance(seconds)


@pytest.fixture
def bench() -> Bench:
    clock = FakeClock()
    return Bench(FakeLedger(clock), clock, Service(clock))


def test_a_step_is_done_batch_by_batch(bench: Bench) -> None:
    bench.service.script = [FOUND, NO_DATA, FOUND]
    step_id = bench.plan(subjects(2), subjects(4)[2:])
    done = bench.work(step_id)
    assert done.batches == {BatchState.DONE: 2}
    assert done.counters == {"ok": 3, "not_found": 1}
    assert bench.service.asked == [f"/track/isrc:GBAAP83{number:05}" for number in range(4)]
    assert [(task.total, task.done) for task in bench.progress.tasks] == [(4, 4)]


def test_what_cannot_be_asked_about_is_counted(bench: Bench) -> None:
    done = bench.work(bench.plan([recording(), *subjects(1)]))
    assert done.counters == {"ok": 1, "not_asked": 1}


def test_every_answer_is_kept_with_its_question(bench: Bench) -> None:
    bench.service.script = [reply(b"<html>", status=503), reply(b"no json"), FOUND]
    bench.work(bench.plan(subjects(2)))
    kept = [(one.question.path[-1], one.answer.status, one.answer.body[:4]) for one in bench.ledger.answers.unsealed()]
    assert kept == [("0", 503, b"<htm"), ("0", 200, b"no j"), ("1", 200, b'{"ti')]


def test_a_line_that_breaks_is_tried_again_ever_later(bench: Bench) -> None:
    bench.service.script = [TransientError("cut"), reply(b"", status=500), FOUND]
    done = bench.work(bench.plan(subjects(1)))
    assert done.counters == {"ok": 1}
    assert bench.waits == [1.0, 2.0]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([TransientError("cut")], "1 of 1 questions: transient, cut"),
        ([reply(b"", status=401), reply(b"", status=401)], "1 of 1 questions: refused, HTTP 401"),
    ],
)
def test_a_batch_without_all_its_answers_has_failed(bench: Bench, script: list[object], error: str) -> None:
    bench.service.script = script
    done = bench.work(bench.plan(subjects(1)))
    assert (done.batches, done.error) == ({BatchState.FAILED: 1}, error)


def test_a_failed_batch_is_retried_alone_and_asks_only_what_it_lacks(bench: Bench) -> None:
    bench.service.script = [FOUND, FOUND, *[TransientError("cut")] * 4, FOUND]
    step_id = bench.plan(subjects(1), subjects(3)[1:])
    assert bench.work(step_id).batches == {BatchState.DONE: 1, BatchState.FAILED: 1}
    bench.service.asked.clear()
    bench.ledger.steps.retry(step_id)
    assert bench.work(step_id).batches == {BatchState.DONE: 2}
    assert bench.service.asked == ["/track/isrc:GBAAP8300002"]


def test_what_is_too_large_is_malformed_and_not_tried_again(bench: Bench) -> None:
    bench.service.script = [MalformedAnswerError("too large")]
    assert bench.work(bench.plan(subjects(1))).counters == {"malformed": 1}
    assert len(bench.service.asked) == 1


def test_who_gives_no_token_has_refused_us_and_spares_the_others(bench: Bench) -> None:
    bench.service.script = [FatalError("gives no token for this client id and secret")]
    done = bench.work(bench.plan(subjects(1)))
    assert done.batches == {BatchState.FAILED: 1}
    assert done.error == "1 of 1 questions: refused, gives no token for this client id and secret"


def test_what_is_broken_off_goes_on_where_it_was(bench: Bench) -> None:
    bench.service.script = [FOUND, KeyboardInterrupt(), FOUND]
    step_id = bench.plan(subjects(3))
    with pytest.raises(KeyboardInterrupt):
        bench.work(step_id)
    assert bench.work(step_id).counters == {"ok": 3}
    assert [path[-1] for path in bench.service.asked] == ["0", "1", "1", "2"]


def test_a_provider_that_asks_for_a_short_wait_is_given_it(bench: Bench) -> None:
    bench.service.script = [reply(b"", status=429, headers={"retry-after": "30"}), FOUND]
    assert bench.work(bench.plan(subjects(1))).counters == {"ok": 1}
    assert bench.waits == [30.0]


def test_a_provider_that_asks_for_hours_ends_the_work_and_keeps_what_was_done(bench: Bench) -> None:
    bench.service.script = [FOUND, reply(b"", status=429, headers={"retry-after": "7200"}), FOUND]
    step_id = bench.plan(subjects(1), subjects(3)[1:])
    with pytest.raises(ParkedError, match=r"deezer is to be left alone \(HTTP 429\) until 2026-03-01 14:00 UTC"):
        bench.work(step_id)
    assert bench.ledger.standings.all()["deezer"].state is ProviderState.PARKED
    with pytest.raises(ParkedError):
        bench.work(step_id)
    assert len(bench.service.asked) == 2
    bench.clock.advance(7200)
    assert bench.work(step_id).counters == {"ok": 3}


def test_who_refuses_us_again_and_again_is_not_asked_for_a_day(bench: Bench) -> None:
    bench.service.script = [reply(b"", status=403)]
    with pytest.raises(ParkedError, match="deezer does not answer us"):
        bench.work(bench.plan(subjects(9)))
    assert len(bench.service.asked) == 3
    assert bench.ledger.unknown_entities.find("deezer") == []


def test_a_quota_without_a_time_is_waited_for_by_the_minute(bench: Bench) -> None:
    bench.service.script = [QUOTA, FOUND]
    assert bench.work(bench.plan(subjects(1))).counters == {"ok": 1}
    assert bench.waits == [1.0, pytest.approx(59.0)]


@pytest.fixture
def ask_daily(bench: Bench) -> Callable[[object], list[tuple[int, datetime]]]:
    """Ask about one recording, a day later each time, and tell how often it was not known and when to ask again."""

    def work(said: object) -> list[tuple[int, datetime]]:
        bench.clock.advance(86_400)
        bench.service.script = [said]
        bench.work(bench.plan(subjects(1)))
        return [(one.times, one.again_at) for one in bench.ledger.unknown_entities.find("deezer")]

    return work


def test_what_a_provider_does_not_know_is_asked_for_ever_more_rarely(
    bench: Bench, ask_daily: Callable[[object], list[tuple[int, datetime]]]
) -> None:
    assert ask_daily(NO_DATA) == [(1, bench.clock() + timedelta(days=1))]
    assert ask_daily(NO_DATA) == [(2, bench.clock() + timedelta(days=2))]
    assert ask_daily(NO_DATA) == [(3, bench.clock() + timedelta(days=4))]
    assert ask_daily(FOUND) == []


def test_an_answer_that_is_read_again_is_no_second_time(bench: Bench) -> None:
    bench.service.script = [NO_DATA]
    step_id = bench.plan(subjects(1))
    bench.work(step_id)
    before = bench.ledger.unknown_entities.find("deezer")
    bench.ledger.steps.retry(step_id, is_reset=True)
    bench.work(step_id)
    assert bench.ledger.unknown_entities.find("deezer") == before
    assert len(bench.service.asked) == 1


def test_a_step_that_nobody_planned_is_told(bench: Bench) -> None:
    with pytest.raises(WrongUsageError, match="`liner step status` lists"):
        bench.work(uuid4())
