"""Several processes on one ledger: they wait for each other, take over from the dead, and lose nothing when killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, insert

from linernotes import failpoints
from linernotes.errors import TransientError
from linernotes.ledger.engine import Store
from linernotes.ledger.heart import Heart
from linernotes.ledger.ids import Uuid7Factory
from linernotes.ledger.leases import LedgerLeases
from linernotes.ledger.opening import Ledger, open_ledger
from linernotes.ledger.processes import PROC, Process, find_start, this_process
from linernotes.ledger.runs import LedgerRuns
from linernotes.ledger.tables import lease
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.runs import RunStatus
from tests.fakes.clock import FakeClock

FORK = multiprocessing.get_context("fork")
ELSEWHERE = Process(host="elsewhere", pid=1, token="boot-b:pid[1]:1")


def real_clock() -> datetime:
    return datetime.now(UTC)


def in_process(work: Callable[..., None], *args: object) -> ForkProcess:
    """Do the work in a process group of its own."""
    process = FORK.Process(target=_alone, args=(work, *args))
    process.start()
    return process


def _alone(work: Callable[..., None], *args: object) -> None:
    os.setsid()
    work(*args)


def leases_of(ledger: Ledger, clock: FakeClock, here: Process, *, life: float = 60) -> LedgerLeases:
    """The leases as another process sees them."""
    heart = Heart(ledger._store, clock=clock, life=timedelta(seconds=life))
    return LedgerLeases(ledger._store, clock=clock, new_id=Uuid7Factory(clock=clock), heart=heart, here=here)


@contextmanager
def runs_of(ledger: Ledger, clock: FakeClock, here: Process) -> Iterator[LedgerRuns]:
    """The runs as another process sees them."""
    heart = Heart(ledger._store, clock=clock, life=timedelta(seconds=60))
    yield LedgerRuns(ledger._store, clock=clock, new_id=Uuid7Factory(clock=clock), heart=heart, here=here)
    heart.stop()


def new_record() -> QuarantinedRecord:
    return QuarantinedRecord(
        quarantine_id=uuid4(),
        load_id=UUID(int=1),
        source="discogs",
        entity="artist",
        record_id=None,
        reason="invalid_utf8",
        detail="",
        body=b"<artist/>",
        created_at=real_clock(),
    )


class TestWriters:
    def test_eight_writers_commit_everything_while_readers_never_fail(self, ledger_url: str) -> None:
        writers = [in_process(_run_often, ledger_url, 25) for _ in range(8)]
        readers = [in_process(_read_until_done, ledger_url, 8 * 25) for _ in range(2)]
        for process in (*writers, *readers):
            process.join()
        assert [process.exitcode for process in (*writers, *readers)] == [0] * 10

    def test_threads_of_one_ledger_commit_everything(self, stored_ledger: Ledger) -> None:
        threads = [
            threading.Thread(target=lambda: [stored_ledger.quarantine.add([new_record()]) for _ in range(10)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(stored_ledger.quarantine.find(limit=100)) == 40


class TestFailpoints:
    @pytest.mark.parametrize(("failpoint", "committed"), [("ledger.commit.before:3", 2), ("ledger.commit.after:3", 3)])
    def test_a_process_killed_at_a_commit_leaves_exactly_what_was_committed(
        self, ledger_url: str, open_here: Callable[..., Ledger], failpoint: str, committed: int
    ) -> None:
        killed = in_process(_add_records_until, ledger_url, failpoint)
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
        assert len(open_here(ledger_url).quarantine.find()) == committed


class TestRuns:
    def test_a_run_whose_process_was_killed_is_interrupted_when_the_next_one_starts(
        self, ledger_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        in_process(_start_and_die, ledger_url).join()
        ledger = open_here(ledger_url)
        assert [run.status for run in ledger.runs.latest()] == [RunStatus.RUNNING]
        ledger.runs.start("build", code_version="1", settings={})
        [interrupted] = ledger.runs.latest(use_case="pull")
        assert interrupted.status is RunStatus.INTERRUPTED
        assert interrupted.finished_at is not None
        assert "ended without saying how" in str(interrupted.error)

    def test_a_finished_run_of_a_process_that_is_gone_stays_as_it_was(
        self, ledger_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        in_process(_start_finish_and_die, ledger_url).join()
        ledger = open_here(ledger_url)
        ledger.runs.start("build", code_version="1", settings={})
        assert [run.status for run in ledger.runs.latest(use_case="pull")] == [RunStatus.SUCCEEDED]

    def test_a_run_on_another_machine_is_interrupted_when_it_has_not_been_heard_of(
        self, stored_ledger: Ledger, clock: FakeClock
    ) -> None:
        with runs_of(stored_ledger, clock, ELSEWHERE) as elsewhere:
            elsewhere.start("pull", code_version="1", settings={})
        clock.advance(59)
        stored_ledger.runs.start("build", code_version="1", settings={})
        assert stored_ledger.runs.latest(use_case="pull")[0].status is RunStatus.RUNNING
        clock.advance(1)
        stored_ledger.runs.start("build", code_version="1", settings={})
        assert stored_ledger.runs.latest(use_case="pull")[0].status is RunStatus.INTERRUPTED

    def test_the_heartbeat_keeps_open_runs_from_looking_abandoned(
        self, stored_ledger: Ledger, clock: FakeClock
    ) -> None:
        stored_ledger.runs.start("pull", code_version="1", settings={})
        clock.advance(50)
        stored_ledger._heart.beat()
        clock.advance(50)
        with runs_of(stored_ledger, clock, ELSEWHERE) as elsewhere:
            elsewhere.start("build", code_version="1", settings={})
        assert stored_ledger.runs.latest(use_case="pull")[0].status is RunStatus.RUNNING


class TestLeases:
    def test_a_lease_whose_holder_was_killed_is_taken_over_at_once(
        self, ledger_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        in_process(_hold_and_die, ledger_url).join()
        ledger = open_here(ledger_url)
        assert [held.name for held in ledger.status.read().leases] == ["lake"]
        with ledger.leases.hold("lake"):
            pass

    def test_a_lease_that_another_process_holds_is_waited_for(
        self, ledger_url: str, open_here: Callable[..., Ledger]
    ) -> None:
        ledger = open_here(ledger_url)
        held = FORK.Event()
        told: list[str] = []
        holder = in_process(_hold_for_a_moment, ledger_url, held)
        assert held.wait(30)
        with ledger.leases.hold("lake", wait_seconds=30, on_wait=told.append):
            assert [one.pid for one in ledger.status.read().leases] == [os.getpid()]
        holder.join()
        assert f"process {holder.pid} on" in told[0]
        assert holder.exitcode == 0

    def test_who_holds_a_lease_is_named_with_the_run(self, stored_ledger: Ledger, clock: FakeClock) -> None:
        stored_ledger.runs.start("build", code_version="1", settings={})
        run = stored_ledger.runs.start("pull", code_version="1", settings={})
        with stored_ledger.leases.hold("lake"):
            [held] = stored_ledger.status.read().leases
            assert (held.run_id, held.pid) == (run.run_id, os.getpid())
            assert held.expires_at == clock.now + timedelta(seconds=60)
            refused = pytest.raises(TransientError, match=f"run {run.run_id}.* since 2026-03-01 12:00:00 UTC")
            with refused, leases_of(stored_ledger, clock, ELSEWHERE).hold("lake"):
                pytest.fail("two hold the same lease")

    def test_a_lease_held_on_another_machine_is_taken_over_when_it_expires_and_its_holder_hears_of_it(
        self, stored_ledger: Ledger, clock: FakeClock
    ) -> None:
        with ExitStack() as stack:
            stack.enter_context(pytest.raises(TransientError, match="'lake' expired while it was held"))
            stack.enter_context(leases_of(stored_ledger, clock, ELSEWHERE).hold("lake"))
            clock.advance(59.9)
            with pytest.raises(TransientError, match="process 1 on elsewhere"), stored_ledger.leases.hold("lake"):
                pytest.fail("two hold the same lease")
            clock.advance(0.1)
            stack.enter_context(stored_ledger.leases.hold("lake"))
            [held] = stored_ledger.status.read().leases
            assert held.pid == os.getpid()

    def test_a_holder_that_lost_its_lease_does_not_give_back_or_renew_that_of_another(
        self, stored_ledger: Ledger, clock: FakeClock
    ) -> None:
        lost = leases_of(stored_ledger, clock, ELSEWHERE)
        holding = lost.hold("lake")
        holding.__enter__()
        clock.advance(60)
        with stored_ledger.leases.hold("lake"):
            [before] = stored_ledger.status.read().leases
            clock.advance(1)
            lost._heart.beat()
            with pytest.raises(TransientError):
                holding.__exit__(None, None, None)
            assert stored_ledger.status.read().leases == [before]

    def test_a_lease_is_renewed_while_it_is_held(self, stored_ledger: Ledger, clock: FakeClock) -> None:
        with stored_ledger.leases.hold("lake"):
            for _ in range(3):
                clock.advance(50)
                stored_ledger._heart.beat()
            refused = pytest.raises(TransientError)
            with refused, leases_of(stored_ledger, clock, ELSEWHERE).hold("lake"):
                pytest.fail("two hold the same lease")

    def test_the_thread_renews_by_itself_even_after_a_beat_that_failed(self, ledger_url: str) -> None:
        with open_ledger(ledger_url, clock=real_clock, code_version="1", lease_seconds=0.6) as ledger:
            failures = iter([TransientError("once")])

            def fail_once() -> None:
                for failure in failures:
                    raise failure

            with ledger.leases.hold("lake"):
                first = ledger.status.read().leases[0].expires_at
                ledger._heart._store = _StoreAfter(fail_once, ledger._store)
                time.sleep(0.9)
                [held] = ledger.status.read().leases
                assert held.expires_at > first
                assert held.expires_at > real_clock()

    def test_a_heart_with_nothing_to_keep_writes_nothing(self, stored_ledger: Ledger) -> None:
        with stored_ledger.leases.hold("lake"):
            pass
        stored_ledger._heart._store = _StoreAfter(lambda: pytest.fail("it wrote"), stored_ledger._store)
        stored_ledger._heart.beat()

    def test_of_two_that_take_a_lease_at_the_same_moment_one_is_refused(
        self, make_ledger: Callable[[str], str], open_here: Callable[..., Ledger]
    ) -> None:
        ledger = open_here(make_ledger("postgres"))
        refusals: list[TransientError] = []

        def take() -> None:
            try:
                with ledger.leases.hold("lake"):
                    pass
            except TransientError as error:
                refusals.append(error)

        with ledger._store.writing() as connection:
            connection.execute(
                insert(lease).values(
                    name="lake",
                    lease_id=uuid4(),
                    host=ELSEWHERE.host,
                    pid=ELSEWHERE.pid,
                    process_token=ELSEWHERE.token,
                    acquired_at=real_clock(),
                    expires_at=real_clock() + timedelta(days=3650),
                )
            )
            other = threading.Thread(target=take)
            other.start()
            other.join(0.2)
            assert refusals == []
        other.join()
        assert "process 1 on elsewhere" in str(refusals[0])

    def test_waiting_ends_when_the_ledger_is_closed(self, stored_ledger: Ledger, clock: FakeClock) -> None:
        waiter = leases_of(stored_ledger, clock, ELSEWHERE)
        with stored_ledger.leases.hold("lake"):
            threading.Timer(0.05, waiter._heart.stop).start()
            began = time.monotonic()
            with pytest.raises(TransientError, match="stops waiting"), waiter.hold("lake", wait_seconds=30):
                pytest.fail("two hold the same lease")
            assert time.monotonic() - began < 5


class TestProcesses:
    def test_this_process_has_a_start_that_does_not_change(self) -> None:
        assert this_process() == this_process()
        assert this_process().start
        assert find_start(os.getpid()) == this_process().start

    @pytest.mark.parametrize("proc", [PROC, Path("/nowhere")], ids=["as here", "as on macOS"])
    def test_a_process_is_there_until_it_ends_even_when_nobody_collects_it(self, proc: Path) -> None:
        def look(pid: int) -> str | None:
            return find_start(pid, proc)

        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        assert look(child.pid)
        assert look(child.pid) == look(child.pid)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert look(child.pid) is None  # a zombie
        child.communicate()
        assert look(child.pid) is None

    def test_without_proc_a_process_has_its_start_and_no_realm(self) -> None:
        here = this_process(Path("/nowhere"))
        assert here == this_process(Path("/nowhere"))
        assert (here.realm, bool(here.start)) == ("", True)

    def test_a_process_that_proc_hides_may_be_alive(self, tmp_path: Path) -> None:
        (tmp_path / "self").mkdir()
        (tmp_path / "self" / "stat").touch()
        assert find_start(os.getpid(), tmp_path) == ""


class _StoreAfter(Store):
    """A store that does something else before it writes."""

    def __init__(self, before: Callable[[], None], store: Store) -> None:
        self._before = before
        self._store = store

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._before()
        with self._store.writing() as connection:
            yield connection


def _open(url: str) -> Ledger:
    return open_ledger(url, clock=real_clock, code_version="1")


def _run_often(url: str, number: int) -> None:
    """Two commits each time; the first reads before it writes, which SQLite must not begin as a reader."""
    with _open(url) as ledger:
        for _ in range(number):
            run = ledger.runs.start("pull", code_version="1", settings={})
            ledger.runs.finish(run.run_id, status=RunStatus.SUCCEEDED, counters={})


def _read_until_done(url: str, expected: int) -> None:
    deadline = time.monotonic() + 120
    with _open(url) as ledger:
        while len(ledger.runs.latest(limit=1000, status=RunStatus.SUCCEEDED)) < expected:
            ledger.status.read()
            if time.monotonic() > deadline:
                raise AssertionError("the writers never came to an end")


def _add_records_until(url: str, failpoint: str) -> None:
    with _open(url) as ledger:
        failpoints.arm(failpoint)
        for _ in range(5):
            ledger.quarantine.add([new_record()])


def _start_and_die(url: str) -> None:
    _open(url).runs.start("pull", code_version="1", settings={})
    os.kill(os.getpid(), signal.SIGKILL)


def _start_finish_and_die(url: str) -> None:
    runs = _open(url).runs
    run = runs.start("pull", code_version="1", settings={})
    runs.finish(run.run_id, status=RunStatus.SUCCEEDED, counters={})
    os.kill(os.getpid(), signal.SIGKILL)


def _hold_and_die(url: str) -> None:
    with _open(url).leases.hold("lake"):
        os.kill(os.getpid(), signal.SIGKILL)


def _hold_for_a_moment(url: str, held: Event) -> None:
    with _open(url) as ledger, ledger.leases.hold("lake"):
        held.set()
        time.sleep(0.3)
