"""What providers allow us, as they said when they were probed."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "provider_capability",
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("capability", sa.String(20), nullable=False),
        sa.Column("probed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_provider_capability"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("provider_capability")
