"""Policies of enrichment, generations and locks in the ledger."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from linernotes.domain.policy import Policy, WrongPolicyError
from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import decision_generation, field_lock
from linernotes.ledger.enrichment_tables import policy as policy_table
from linernotes.ledger.rows import insert_missing, to_row
from linernotes.ports.policies import Generation, Lock, StoredPolicy


class LedgerPolicies:
    """Every policy that ever decided, in the ledger; none is ever changed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, stored: StoredPolicy) -> bool:
        """Keep a policy; False where that version is known."""
        document = stored.policy.to_document() if stored.policy else {}
        row = to_row(stored, without=["policy"]) | {"document": document}
        with self._store.writing() as connection:
            return insert_missing(connection, policy_table, row)

    def all(self) -> Sequence[StoredPolicy]:
        """Every policy, newest first."""
        query = select(policy_table).order_by(policy_table.c.added_at.desc(), policy_table.c.version)
        with self._store.reading() as connection:
            return [
                StoredPolicy(
                    version=row["version"],
                    name=row["name"],
                    policy=_read(row["document"], row["version"]),
                    added_at=row["added_at"],
                )
                for row in connection.execute(query).mappings()
            ]


class LedgerGenerations:
    """Which policy decides what, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, generation: Generation) -> None:
        """Let a policy decide from the next build on."""
        entity_ids = [str(entity_id) for entity_id in generation.entity_ids]
        row = to_row(generation) | {"fields": list(generation.fields), "entity_ids": entity_ids}
        with self._store.writing() as connection:
            insert_missing(connection, decision_generation, row)

    def all(self) -> Sequence[Generation]:
        """Every generation, oldest first."""
        query = select(decision_generation).order_by(decision_generation.c.generation_id)
        with self._store.reading() as connection:
            return [
                Generation(**{**row, "fields": tuple(row["fields"]), "entity_ids": tuple(map(UUID, row["entity_ids"]))})
                for row in connection.execute(query).mappings()
            ]


class LedgerLocks:
    """What people set fields to, in the ledger; events are only ever appended."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, lock: Lock) -> None:
        """Append an event; the last of a field of an entity counts."""
        with self._store.writing() as connection:
            connection.execute(insert(field_lock).values(to_row(lock)))

    def all(self) -> Sequence[Lock]:
        """Every event, oldest first."""
        query = select(field_lock).order_by(field_lock.c.lock_id)
        with self._store.reading() as connection:
            return [Lock(**row) for row in connection.execute(query).mappings()]


def _read(document: Any, version: str) -> Policy | None:
    """A policy, if this version of Linernotes understands it as the one that wrote it."""
    try:
        policy = Policy.from_document(document)
    except WrongPolicyError:
        return None
    return policy if policy.version == version else None
