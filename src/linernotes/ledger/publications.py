"""Publications in the ledger."""

from collections.abc import Sequence

from sqlalchemy import select

from linernotes.ledger.engine import Store
from linernotes.ledger.rows import Row, to_row, upsert
from linernotes.ledger.tables import publication as publication_table
from linernotes.ports.publications import Publication, PublicationStatus


class LedgerPublications:
    """What was promoted where, in the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, publication: Publication) -> None:
        """Insert a publication or replace the one with its id."""
        with self._store.writing() as connection:
            upsert(connection, publication_table, to_row(publication), keys=["publication_id"])

    def find(self, *, destination: str, status: PublicationStatus | None = None) -> Sequence[Publication]:
        """Publications of a destination, newest first."""
        table = publication_table
        query = select(table).where(table.c.destination == destination)
        if status is not None:
            query = query.where(table.c.status == status)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(table.c.staged_at.desc(), table.c.publication_id.desc()))
            return [to_publication(row) for row in rows.mappings()]


def to_publication(row: Row) -> Publication:
    """A publication from its row."""
    return Publication(**{**row, "status": PublicationStatus(row["status"])})
