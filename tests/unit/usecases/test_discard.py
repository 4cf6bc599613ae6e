from dataclasses import replace
from uuid import UUID

import pytest

from linernotes.errors import TransientError, WrongUsageError
from linernotes.ports.runs import RunStatus
from linernotes.usecases.discard import discard
from linernotes.usecases.pull import pull
from linernotes.usecases.pull_plan import PullRequest
from tests.fakes.pulling import World


@pytest.fixture
def world() -> World:
    """Three months of labels: a base and two increments."""
    world = World()
    world.publish("2026-01-01", label={1: "one", 2: "two"})
    world.publish("2026-02-01", label={1: "one", 2: "changed in February"})
    world.publish("2026-03-01", label={1: "changed in March", 2: "changed in February"})
    for month in ("2026-01", "2026-02", "2026-03"):
        pull(PullRequest(year_month=month, only=("labels",)), world.tools)
    return world


def test_without_its_newest_load_silver_is_what_it_was_before(world: World) -> None:
    outcome = discard(world.active()[-1].load_id, world.discarding)
    assert [(load.entity, load.version, load.landed) for load in outcome.loads] == [("label", "2026-03-01", 1)]
    assert world.silver() == {1: "one", 2: "changed in February"}


def test_a_load_that_later_ones_build_on_is_not_withdrawn_alone(world: World) -> None:
    february = world.active()[1]
    with pytest.raises(WrongUsageError, match=r"what 1 later loads build on, up to 2026-03-01; --with-later"):
        discard(february.load_id, world.discarding)
    assert len(world.active()) == 3


def test_with_later_the_whole_end_of_the_chain_goes_newest_first(world: World) -> None:
    outcome = discard(world.active()[1].load_id, world.discarding, with_later=True)
    assert [load.version for load in outcome.loads] == ["2026-03-01", "2026-02-01"]
    assert world.silver() == {1: "one", 2: "two"}


def test_the_next_load_is_compared_with_what_is_left(world: World) -> None:
    discard(world.active()[1].load_id, world.discarding, with_later=True)
    outcome = pull(PullRequest(year_month="2026-03", only=("labels",)), world.tools)
    assert outcome.files[0].landed == 2
    assert world.silver() == {1: "changed in March", 2: "changed in February"}


def test_without_any_load_left_the_next_is_complete(world: World) -> None:
    discard(world.active()[0].load_id, world.discarding, with_later=True)
    pull(PullRequest(year_month="2026-03", only=("labels",)), world.tools)
    assert [load.kind for load in world.active()] == ["complete"]


def test_a_load_before_a_complete_one_can_go_alone(world: World) -> None:
    discard(world.active()[1].load_id, world.discarding, with_later=True)
    first = world.active()[0]
    world.lander.bronze.pop(f"discogs_label_hash/{first.load_id}.parquet")
    world.ledger.loads._loads[first.load_id] = replace(first, files=first.files[:1])
    pull(PullRequest(year_month="2026-03", only=("labels",)), world.tools)
    assert world.active()[-1].kind == "complete"
    discard(first.load_id, world.discarding)
    assert world.silver() == {1: "changed in March", 2: "changed in February"}


def test_other_entities_are_left_alone(world: World) -> None:
    pull(PullRequest(year_month="2026-03"), world.tools)
    discard(world.active("label")[0].load_id, world.discarding, with_later=True)
    assert {load.entity for load in world.active()} == {"artist", "master", "release"}


def test_discarding_again_changes_nothing(world: World) -> None:
    newest = world.active()[-1].load_id
    discard(newest, world.discarding)
    runs = len(world.ledger.runs.latest())
    assert discard(newest, world.discarding).loads == ()
    assert len(world.ledger.runs.latest()) == runs


def test_the_run_is_recorded(world: World) -> None:
    outcome = discard(world.active()[1].load_id, world.discarding, with_later=True)
    run = world.ledger.runs.latest()[0]
    assert (run.use_case, run.status, run.counters) == ("discard", RunStatus.SUCCEEDED, {"discarded": 2})
    assert outcome.exit_status == 0


def test_a_load_that_is_none_is_wrong_usage(world: World) -> None:
    with pytest.raises(WrongUsageError, match="no load"):
        discard(UUID(int=5), world.discarding)


def test_nothing_is_withdrawn_while_somebody_loads(world: World) -> None:
    world.ledger.leases.held.add("loads:discogs")
    with pytest.raises(TransientError):
        discard(world.active()[-1].load_id, world.discarding)
    assert len(world.active()) == 3
