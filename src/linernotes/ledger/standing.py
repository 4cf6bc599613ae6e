"""How providers stand, in the ledger."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update

from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing
from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import provider_capability, provider_day, provider_standing, unknown_entity
from linernotes.ledger.rows import insert_missing, to_row, upsert
from linernotes.ports.standing import Capability, ProviderDay, Unknown

_IDS_AT_ONCE = 500


class LedgerStandings:
    """Which providers may be asked, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Mapping[str, Standing]:
        """By provider, those that were ever asked."""
        query = select(provider_standing).order_by(provider_standing.c.provider)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["provider"]: Standing(**{**row, "state": ProviderState(row["state"])}) for row in rows}

    def put(self, standing: Standing) -> None:
        """Remember how a provider stands."""
        with self._store.writing() as connection:
            upsert(connection, provider_standing, to_row(standing), keys=["provider"])


class LedgerCapabilities:
    """What providers allow us, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Mapping[str, Capability]:
        """By provider, those that were ever probed."""
        query = select(provider_capability).order_by(provider_capability.c.provider)
        with self._store.reading() as connection:
            return {row["provider"]: Capability(**row) for row in connection.execute(query).mappings()}

    def put(self, capability: Capability) -> None:
        """Remember what a provider allows us."""
        with self._store.writing() as connection:
            upsert(connection, provider_capability, to_row(capability), keys=["provider"])


class LedgerUnknownEntities:
    """What providers did not know, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, unknown: Iterable[Unknown]) -> None:
        """Remember that a provider does not know entities."""
        with self._store.writing() as connection:
            for one in unknown:
                upsert(connection, unknown_entity, to_row(one), keys=["provider", "entity_id"])

    def forget(self, provider: str, entity_ids: Collection[UUID]) -> None:
        """A provider knows these after all."""
        ids = list(entity_ids)
        with self._store.writing() as connection:
            for first in range(0, len(ids), _IDS_AT_ONCE):
                connection.execute(
                    delete(unknown_entity).where(
                        unknown_entity.c.provider == provider,
                        unknown_entity.c.entity_id.in_(ids[first : first + _IDS_AT_ONCE]),
                    )
                )

    def find(self, provider: str) -> Sequence[Unknown]:
        """What a provider did not know, by entity id."""
        query = select(unknown_entity).where(unknown_entity.c.provider == provider).order_by(unknown_entity.c.entity_id)
        with self._store.reading() as connection:
            return [Unknown(**row) for row in connection.execute(query).mappings()]


class LedgerProviderDays:
    """What was asked of providers each day, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, asked: ProviderDay) -> None:
        """Add requests to those of the day."""
        key = {"provider": asked.provider, "day": asked.day, "outcome": asked.outcome.value}
        sums = ("requests", "cost", "seconds")
        with self._store.writing() as connection:
            insert_missing(connection, provider_day, {**key, **dict.fromkeys(sums, 0)})
            connection.execute(
                update(provider_day)
                .where(*(provider_day.c[name] == value for name, value in key.items()))
                .values({name: provider_day.c[name] + getattr(asked, name) for name in sums})
            )

    def find(self, *, since: date) -> Sequence[ProviderDay]:
        """What was asked that day and later, by provider, day and outcome."""
        query = (
            select(provider_day)
            .where(provider_day.c.day >= since)
            .order_by(provider_day.c.provider, provider_day.c.day, provider_day.c.outcome)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [ProviderDay(**{**row, "outcome": Outcome(row["outcome"])}) for row in rows]
