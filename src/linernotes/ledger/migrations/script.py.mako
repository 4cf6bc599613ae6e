"""${message}."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Bring down."""
    ${downgrades if downgrades else "pass"}
