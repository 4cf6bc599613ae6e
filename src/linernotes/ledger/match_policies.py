"""Policies for matching in the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from linernotes.domain.match_policy import MatchPolicy
from linernotes.ledger.engine import Store
from linernotes.ledger.tables import match_policy
from linernotes.ports.review import PolicyInForce


class LedgerMatchPolicies:
    """Every policy that ever decided, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, policy: PolicyInForce) -> None:
        """Let a policy decide from now on. Earlier ones stay known."""
        row = {
            "policy_id": policy.policy_id,
            "version": policy.version,
            "document": policy.policy.to_document() if policy.policy else {},
            "origin": policy.origin,
            "in_force_since": policy.in_force_since,
        }
        with self._store.writing() as connection:
            connection.execute(insert(match_policy).values(row))

    def history(self) -> Sequence[PolicyInForce]:
        """Policies, that in force first; none before the first was put."""
        query = select(match_policy).order_by(match_policy.c.policy_id.desc())
        with self._store.reading() as connection:
            return [
                PolicyInForce(
                    policy_id=row["policy_id"],
                    version=row["version"],
                    policy=_read(row["document"]),
                    origin=row["origin"],
                    in_force_since=row["in_force_since"],
                )
                for row in connection.execute(query).mappings()
            ]


def _read(document: Any) -> MatchPolicy | None:
    try:
        return MatchPolicy.from_document(document)
    except (ValueError, KeyError, TypeError):
        return None
