"""Quality: how complete and how sure the catalogue was after each build."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import Id

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quality_measure",
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("entity_type", sa.String(20), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("entity_count", sa.BigInteger(), nullable=False),
        sa.Column("known_count", sa.BigInteger()),
        sa.Column("contested_count", sa.BigInteger()),
        sa.Column("mean_confidence", sa.Double()),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_quality_measure_run_id"),
        sa.PrimaryKeyConstraint("run_id", "entity_type", "field", name="pk_quality_measure"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("quality_measure")
