"""Policies, generations and locks, in memory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from linernotes.ports.policies import Generation, Lock, StoredPolicy
from linernotes.ports.replays import QueuedReplay, ReplayStatus


class FakePolicies:
    def __init__(self) -> None:
        self._policies: dict[str, StoredPolicy] = {}

    def add(self, policy: StoredPolicy) -> bool:
        return self._policies.setdefault(policy.version, policy) is policy

    def all(self) -> Sequence[StoredPolicy]:
        by_version = sorted(self._policies.values(), key=lambda one: one.version)
        return sorted(by_version, key=lambda one: one.added_at, reverse=True)


class FakeGenerations:
    def __init__(self) -> None:
        self._generations: dict[UUID, Generation] = {}

    def add(self, generation: Generation) -> None:
        self._generations.setdefault(generation.generation_id, generation)

    def all(self) -> Sequence[Generation]:
        return sorted(self._generations.values(), key=lambda one: one.generation_id)


class FakeReplayQueue:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._replays: dict[UUID, QueuedReplay] = {}

    def add(self, replay: QueuedReplay) -> None:
        self._replays[replay.replay_id] = replay

    def all(self) -> Sequence[QueuedReplay]:
        return sorted(self._replays.values(), key=lambda one: one.replay_id)

    def finish(self, replay_id: UUID, *, status: ReplayStatus, outcome: str) -> None:
        waiting = self._replays.get(replay_id)
        if waiting is not None and waiting.status is ReplayStatus.WAITING:
            self._replays[replay_id] = replace(waiting, status=status, outcome=outcome, finished_at=self._clock())


class FakeLocks:
    def __init__(self) -> None:
        self._events: list[Lock] = []

    def add(self, lock: Lock) -> None:
        self._events.append(lock)

    def all(self) -> Sequence[Lock]:
        return sorted(self._events, key=lambda one: one.lock_id)
