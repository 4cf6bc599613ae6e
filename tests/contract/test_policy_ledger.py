"""What every ledger promises of policies, of which decides, and of what people locked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from linernotes.domain.policy import Policy
from linernotes.ledger.engine import Store
from linernotes.ledger.opening import Ledger
from linernotes.ledger.place import find_place
from linernotes.policies.documents import shipped_policies
from linernotes.ports.policies import Generation, Lock, StoredPolicy
from linernotes.ports.replays import QueuedReplay, ReplayStatus, TargetLayer
from tests.fakes.clock import FakeClock

ENTITY, OTHER_ENTITY = UUID(int=1), UUID(int=2)
BPM = "recording.tempo_bpm"


def stored(policy: Policy, clock: FakeClock, name: str = "mine") -> StoredPolicy:
    return StoredPolicy(version=policy.version, name=name, policy=policy, added_at=clock())


@pytest.fixture
def default(ledger: Ledger, clock: FakeClock) -> StoredPolicy:
    kept = stored(shipped_policies()["default"], clock, "default")
    assert ledger.policies.add(kept)
    return kept


def test_a_policy_is_kept_as_it_was_and_never_changed(ledger: Ledger, clock: FakeClock, default: StoredPolicy) -> None:
    clock.advance(60)
    assert not ledger.policies.add(replace(default, name="another name", added_at=clock()))
    assert ledger.policies.all() == [default]


def test_the_newest_policy_comes_first(ledger: Ledger, clock: FakeClock, default: StoredPolicy) -> None:
    clock.advance(60)
    classic = stored(shipped_policies()["classic"], clock)
    ledger.policies.add(classic)
    assert ledger.policies.all() == [classic, default]


def test_generations_are_told_oldest_first(ledger: Ledger, clock: FakeClock, default: StoredPolicy) -> None:
    whole = Generation(
        generation_id=ledger.new_id(), policy_version=default.version, by="ada", reason="", made_at=clock()
    )
    narrow = replace(
        whole,
        generation_id=ledger.new_id(),
        as_of=clock() - timedelta(days=1),
        fields=(BPM,),
        entity_ids=(OTHER_ENTITY, ENTITY),
        share=0.25,
        reason="as it was",
    )
    for generation in (narrow, whole, narrow):
        ledger.generations.add(generation)
    assert ledger.generations.all() == [whole, narrow]
    assert [one.is_of_everything for one in (whole, narrow, replace(narrow, fields=()))] == [True, False, False]


def test_locks_are_events(ledger: Ledger, clock: FakeClock) -> None:
    lock = Lock(
        lock_id=ledger.new_id(),
        entity_id=ENTITY,
        field=BPM,
        value="120",
        by="ada",
        reason="I counted",
        locked_at=clock(),
    )
    lifted = replace(lock, lock_id=ledger.new_id(), value=None, is_lifted=True)
    ledger.locks.add(lock)
    ledger.locks.add(lifted)
    assert ledger.locks.all() == [lock, lifted]


@pytest.mark.parametrize("document", ["{}", '{"waterfalls": 1}', '{"rules": {}}', "[]"])
def test_a_policy_of_another_version_is_kept_but_not_believed(
    stored_ledger: Ledger, ledger_url: str, clock: FakeClock, document: str
) -> None:
    kept = stored(shipped_policies()["default"], clock)
    stored_ledger.policies.add(kept)
    store = Store(find_place(ledger_url, wait_seconds=1, code_version="test"))
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE policy SET document = :document"), {"document": document})
    store.close()
    assert stored_ledger.policies.all() == [replace(kept, policy=None)]


def queued(ledger: Ledger, clock: FakeClock, **changes: Any) -> QueuedReplay:
    replay = QueuedReplay(
        replay_id=ledger.new_id(),
        bronze_ids=(UUID(int=5), UUID(int=4)),
        target_layer=TargetLayer.SILVER,
        use_historical_config=False,
        requested_by="ada",
        reason="a reader was wrong",
        requested_at=clock(),
    )
    return replace(replay, **changes)


def test_replays_stand_in_the_order_of_the_wishes(ledger: Ledger, clock: FakeClock) -> None:
    run = ledger.runs.start("build", code_version="1", settings={})
    first = queued(ledger, clock)
    then = queued(
        ledger, clock, target_layer=TargetLayer.GOLD, use_historical_config=True, config_snapshot_run_id=run.run_id
    )
    for replay in (first, then):
        ledger.replays.add(replay)
    assert ledger.replays.all() == [first, then]


def test_a_replay_ends_once(ledger: Ledger, clock: FakeClock) -> None:
    replay = queued(ledger, clock)
    ledger.replays.add(replay)
    clock.advance(60)
    ended = replace(replay, status=ReplayStatus.FAILED, outcome="its load was discarded", finished_at=clock())
    ledger.replays.finish(replay.replay_id, status=ended.status, outcome=ended.outcome)
    clock.advance(60)
    ledger.replays.finish(replay.replay_id, status=ReplayStatus.DONE, outcome="")
    ledger.replays.finish(UUID(int=9), status=ReplayStatus.DONE, outcome="")
    assert ledger.replays.all() == [ended]
