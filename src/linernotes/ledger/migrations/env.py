"""What Alembic runs around the revisions; `schema.migrate` hands it the connection and its transaction."""

from alembic import context

from linernotes.ledger.schema import VERSION_TABLE
from linernotes.ledger.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
