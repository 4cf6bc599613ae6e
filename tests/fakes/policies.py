"""Policies, generations and locks, in memory."""

from collections.abc import Sequence
from uuid import UUID

from linernotes.ports.policies import Generation, Lock, StoredPolicy


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


class FakeLocks:
    def __init__(self) -> None:
        self._events: list[Lock] = []

    def add(self, lock: Lock) -> None:
        self._events.append(lock)

    def all(self) -> Sequence[Lock]:
        return sorted(self._events, key=lambda one: one.lock_id)
