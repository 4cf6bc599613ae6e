"""Policies for matching in the ledger."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, insert, select

from linernotes.domain.match_policy import MatchPolicy
from linernotes.errors import FatalError
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
            "version": policy.policy.version,
            "document": policy.policy.to_document(),
            "origin": policy.origin,
            "in_force_since": policy.in_force_since,
        }
        with self._store.writing() as connection:
            connection.execute(insert(match_policy).values(row))

    def history(self) -> Sequence[PolicyInForce]:
        """Policies, that in force first; none as long as the shipped one is.

        Raises:
            FatalError: One was written by a version that compares other features.
        """
        query = select(match_policy).order_by(match_policy.c.policy_id.desc())
        with self._store.reading() as connection:
            return [_policy(row) for row in connection.execute(query).mappings()]


def _policy(row: RowMapping) -> PolicyInForce:
    try:
        policy = MatchPolicy.from_document(row["document"])
    except (ValueError, KeyError, TypeError) as error:
        raise FatalError(
            f"policy {row['version']} for matching cannot be used ({error}); "
            "`liner policy use shipped` goes back to the one that comes with Linernotes"
        ) from error
    return PolicyInForce(
        policy_id=row["policy_id"], policy=policy, origin=row["origin"], in_force_since=row["in_force_since"]
    )
