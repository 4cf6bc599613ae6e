"""Whatever the order of pulls, discards and crashes: silver is what the newest load's file says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linernotes.domain.dumps import DumpState
from linernotes.errors import WrongUsageError
from linernotes.usecases.discard import discard
from linernotes.usecases.pull import pull
from linernotes.usecases.pull_plan import PullRequest
from tests.fakes.pulling import Records, World

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
RECORDS = st.dictionaries(st.integers(1, 5), st.sampled_from("abc"), max_size=5)


@dataclass(frozen=True)
class Pull:
    month: str
    contents: Records
    reprocess: bool
    rewind: bool

    def do(self, world: World) -> None:
        world.publish(f"{self.month}-01", label=self.contents)
        pull(
            PullRequest(year_month=self.month, only=("label",), reprocess=self.reprocess, rewind=self.rewind),
            world.tools,
        )


@dataclass(frozen=True)
class Discard:
    place: int
    with_later: bool

    def do(self, world: World) -> None:
        loads = world.active("label")
        if loads:
            discard(loads[self.place % len(loads)].load_id, world.discarding, with_later=self.with_later)


STEPS = st.lists(
    st.one_of(
        st.builds(Pull, st.sampled_from(MONTHS), RECORDS, st.booleans(), st.booleans()),
        st.builds(Discard, st.integers(0, 5), st.booleans()),
    ),
    max_size=12,
)


def attempt(step: Pull | Discard, world: World) -> None:
    try:
        step.do(world)
    except WrongUsageError:
        """Refused, with nothing changed: also a way to keep silver right."""


def contents_of_newest(world: World) -> Records:
    """The records of the file that the end of the chain was read from."""
    loads = world.active("label")
    return world.lander.bronze[f"discogs_label_hash/{loads[-1].load_id}.parquet"] if loads else {}


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_silver_is_always_what_the_newest_load_was_read_from(steps: list[Pull | Discard]) -> None:
    world = World()
    for step in steps:
        attempt(step, world)
        assert world.silver() == contents_of_newest(world)


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_no_version_is_ever_loaded_twice(steps: list[Pull | Discard]) -> None:
    world = World()
    for step in steps:
        attempt(step, world)
    versions = [load.version for load in world.active("label")]
    assert len(versions) == len(set(versions))


class PowerCut(BaseException):
    """The process is gone at once."""


def cut_power(world: World, after: int) -> None:
    """Let the process die before the `after`-th change of the ledger's dumps and loads."""
    changes = iter(range(after))

    def dying(change: Callable[..., Any]) -> Callable[..., Any]:
        def do(*args: object, **options: object) -> Any:
            if next(changes, None) is None:
                raise PowerCut
            return change(*args, **options)

        return do

    ledger = world.ledger
    ledger.dumps.save = dying(ledger.dumps.save)  # type: ignore[method-assign]  # a fault
    ledger.loads.commit = dying(ledger.loads.commit)  # type: ignore[method-assign]  # a fault
    ledger.loads.discard = dying(ledger.loads.discard)  # type: ignore[method-assign]  # a fault


def restore_power(world: World) -> None:
    for part, names in ((world.ledger.dumps, ("save",)), (world.ledger.loads, ("commit", "discard"))):
        for name in names:
            vars(part).pop(name, None)


REQUESTS = {
    "first month": [PullRequest(year_month="2026-01")],
    "next month": [PullRequest(year_month="2026-01"), PullRequest(year_month="2026-02")],
    "reprocess": [PullRequest(year_month="2026-01"), PullRequest(year_month="2026-01", reprocess=True)],
    "rewind": [PullRequest(year_month="2026-02"), PullRequest(year_month="2026-01", rewind=True)],
}


def two_months() -> World:
    world = World()
    world.publish("2026-01-01", label={1: "a", 2: "b", 3: "c"}, release={7: "x"})
    world.publish("2026-02-01", label={1: "a", 2: "changed", 4: "d"}, release={7: "x", 8: "y"})
    return world


@pytest.mark.parametrize("after", range(16))
@pytest.mark.parametrize("name", REQUESTS)
def test_a_power_cut_at_any_change_of_the_ledger_loses_and_doubles_nothing(name: str, after: int) -> None:
    *before, last = REQUESTS[name]
    world, undisturbed = two_months(), two_months()
    for request in before:
        pull(request, world.tools)
    for request in REQUESTS[name]:
        pull(request, undisturbed.tools)
    cut_power(world, after)
    try:
        pull(last, world.tools)
    except PowerCut:
        world.ledger.leases.held.clear()
    restore_power(world)
    pull(last, world.tools)
    for entity in ("label", "artist", "master", "release"):
        assert world.silver(entity) == undisturbed.silver(entity)
        assert [load.version for load in world.active(entity)] == [load.version for load in undisturbed.active(entity)]
    month = date.fromisoformat(f"{last.year_month}-01")
    (dump,) = [dump for dump in world.ledger.dumps.find(source="discogs") if dump.dumped_on == month]
    assert (dump.state, dump.retry_count) == (DumpState.COMPLETED, 0)


@pytest.mark.parametrize("after", range(16))
def test_after_a_power_cut_while_reprocessing_an_ordinary_pull_is_enough(after: int) -> None:
    world = two_months()
    pull(PullRequest(year_month="2026-01"), world.tools)
    silver = world.silver()
    cut_power(world, after)
    try:
        pull(PullRequest(year_month="2026-01", reprocess=True), world.tools)
    except PowerCut:
        world.ledger.leases.held.clear()
    restore_power(world)
    pull(PullRequest(year_month="2026-01"), world.tools)
    assert (world.silver(), len(world.active("label"))) == (silver, 1)
