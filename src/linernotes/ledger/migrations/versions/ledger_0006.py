"""Generations may decide a share of the entities."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is there decides everything that it speaks of."""
    with op.batch_alter_table("decision_generation") as table:
        table.add_column(sa.Column("share", sa.Double(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("decision_generation") as table:
        table.drop_column("share")
