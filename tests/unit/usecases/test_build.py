"""A build: when it starts, what it records, in which order."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from linernotes.errors import FatalError, TransientError
from linernotes.ports.building import Built, ModelOutcome, UserBuilt
from linernotes.ports.loads import Load
from linernotes.ports.progress import Progress
from linernotes.ports.quality import Measure
from linernotes.ports.runs import RunStatus
from linernotes.usecases.build import BuildOutcome, build
from tests.fakes.ledger import FakeConsumption, FakeLedger
from tests.fakes.progress import RecordedProgress

SUCCESS = ModelOutcome(name="track", status="success", seconds=1, inserted=3, updated=2, deleted=1)
FAILURE = ModelOutcome(name="grain_track", status="fail", seconds=1, message="Got 1 result")
COMPLETE = Built(
    snapshot_id=7,
    is_green=True,
    is_complete=True,
    models=(SUCCESS,),
    consumed={"track@1": frozenset({UUID(int=1)})},
    measures=(
        Measure(
            entity_type="release",
            field="label",
            entity_count=9,
            known_count=3,
            contested_count=0,
            mean_confidence=0.9,
        ),
    ),
)


@dataclass
class FakeBuilder:
    """Answers what it is told to, and remembers how often it was asked."""

    answer: Built | BaseException = COMPLETE
    work: list[bool] = field(default_factory=lambda: [True, True])
    """What it says of having work, question by question."""
    while_waiting: Callable[[], None] = lambda: None
    built: int = 0
    was_locked: int = 0

    @contextmanager
    def writing(self, progress: Progress) -> Iterator[None]:
        self.was_locked += 1
        self.while_waiting()
        yield

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        return self.work.pop(0)

    def build(
        self,
        run_id: UUID,
        loads: Sequence[Load],
        consumed: Mapping[str, frozenset[UUID]],
        *,
        begin: Callable[[Collection[str]], None],
        select: str | None,
        progress: Progress,
    ) -> Built:
        self.built += 1
        begin(["track@1"])
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@dataclass
class FakeUserBuilder:
    answer: UserBuilt | FatalError
    built: int = 0

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        return "user@1" not in consumed

    def build(
        self, run_id: UUID, loads: Sequence[Load], *, begin: Callable[[Collection[str]], None], progress: Progress
    ) -> UserBuilt:
        self.built += 1
        begin(["user@1"])
        if isinstance(self.answer, FatalError):
            raise self.answer
        return self.answer


class ConsumptionThatFails(FakeConsumption):
    def record(self, run_id: UUID, consumed: Mapping[str, frozenset[UUID]]) -> None:
        raise TransientError("the ledger is busy")


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


def run_build(
    ledger: FakeLedger, builder: FakeBuilder, user_builder: FakeUserBuilder | None = None, *, select: str | None = None
) -> BuildOutcome:
    return build(
        runs=ledger.runs,
        loads=ledger.loads,
        consumption=ledger.consumption,
        measures=ledger.measures,
        builder=builder,
        user_builder=user_builder,
        progress=RecordedProgress(),
        code_version="test",
        settings={},
        select=select,
    )


def test_with_nothing_to_do_neither_lock_nor_run_is_taken(ledger: FakeLedger) -> None:
    builder = FakeBuilder(work=[False])
    assert run_build(ledger, builder) == BuildOutcome()
    assert (builder.was_locked, builder.built, ledger.runs.latest()) == (0, 0, [])


def test_work_that_was_done_while_waiting_is_not_done_again(ledger: FakeLedger) -> None:
    builder = FakeBuilder(work=[True, False])
    assert run_build(ledger, builder) == BuildOutcome()
    assert (builder.was_locked, builder.built) == (1, 0)


def test_a_selection_is_built_although_nothing_is_stale(ledger: FakeLedger) -> None:
    builder = FakeBuilder(work=[])
    assert run_build(ledger, builder, select="track").run_id is not None


def test_a_complete_build_records_rows_snapshot_and_what_was_taken_in(ledger: FakeLedger) -> None:
    outcome = run_build(ledger, FakeBuilder())
    run = ledger.runs.latest()[0]
    assert (run.status, run.snapshot_id, outcome.snapshot_id) == (RunStatus.SUCCEEDED, 7, 7)
    assert run.counters == {"models": 1, "tests": 0, "inserted": 3, "updated": 2, "deleted": 1}
    assert ledger.consumption.consumed() == COMPLETE.consumed
    (measured,) = ledger.measures.latest(limit=5)
    assert measured.measures == list(COMPLETE.measures)


def test_a_failed_test_is_recorded_with_its_name_and_without_a_snapshot(ledger: FakeLedger) -> None:
    built = Built(snapshot_id=7, is_green=False, models=(SUCCESS,), tests=(FAILURE,))
    outcome = run_build(ledger, FakeBuilder(answer=built))
    run = ledger.runs.latest()[0]
    assert (run.status, run.snapshot_id, run.error) == (RunStatus.FAILED, None, "grain_track: Got 1 result")
    assert (outcome.exit_status, outcome.failed_tests) == (1, (FAILURE,))


def test_models_that_were_only_skipped_are_told(ledger: FakeLedger) -> None:
    built = Built(snapshot_id=7, is_green=False, models=(ModelOutcome(name="a", status="skipped", seconds=0),))
    run_build(ledger, FakeBuilder(answer=built))
    assert ledger.runs.latest()[0].error == "models were skipped"


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (FatalError("dbt broke"), RunStatus.FAILED, "FatalError: dbt broke"),
        (KeyboardInterrupt(), RunStatus.INTERRUPTED, "KeyboardInterrupt"),
    ],
)
def test_what_stops_a_build_stands_in_its_run(
    ledger: FakeLedger, error: BaseException, status: RunStatus, reason: str
) -> None:
    with pytest.raises(type(error)):
        run_build(ledger, FakeBuilder(answer=error))
    assert [(run.status, run.error) for run in ledger.runs.latest()] == [(status, reason)]


def test_the_snapshot_is_recorded_before_what_was_taken_in(ledger: FakeLedger) -> None:
    ledger.consumption = ConsumptionThatFails()
    with pytest.raises(TransientError):
        run_build(ledger, FakeBuilder())
    assert ledger.runs.latest()[0].snapshot_id == 7


def test_the_users_models_run_as_a_run_of_their_own_after_ours(ledger: FakeLedger) -> None:
    theirs = UserBuilt(models=(SUCCESS,), consumed={"user@1": frozenset({UUID(int=1)})})
    outcome = run_build(ledger, FakeBuilder(), FakeUserBuilder(theirs))
    assert outcome.user_models == (SUCCESS,)
    assert [run.use_case for run in ledger.runs.latest()] == ["build user", "build"]
    assert ledger.consumption.consumed().keys() == {"track@1", "user@1"}


def test_the_users_models_alone_are_built_when_only_they_changed(ledger: FakeLedger) -> None:
    user_builder = FakeUserBuilder(UserBuilt(models=(SUCCESS,), consumed={}))
    outcome = run_build(ledger, FakeBuilder(work=[False, False]), user_builder)
    assert (outcome.run_id, user_builder.built, outcome.exit_status) == (None, 1, 0)


def test_the_users_models_wait_for_a_complete_build(ledger: FakeLedger) -> None:
    user_builder = FakeUserBuilder(UserBuilt(models=(), consumed={}))
    run_build(ledger, FakeBuilder(answer=Built(snapshot_id=7, is_green=True)), user_builder)
    assert user_builder.built == 0


def test_users_models_that_cannot_be_read_need_a_person_and_fail_nothing(ledger: FakeLedger) -> None:
    outcome = run_build(ledger, FakeBuilder(), FakeUserBuilder(FatalError("dbt cannot read mine.sql")))
    assert (outcome.is_green, outcome.exit_status) == (True, 3)
    assert outcome.user_models[0].message == "dbt cannot read mine.sql"
    assert [run.status for run in ledger.runs.latest()] == [RunStatus.FAILED, RunStatus.SUCCEEDED]
