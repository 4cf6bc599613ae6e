"""Enrichment: policies, which of them decides, what people locked, and what providers were asked each day."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "policy",
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policy"),
    )
    op.create_table(
        "decision_generation",
        sa.Column("generation_id", Id(), nullable=False),
        sa.Column("policy_version", sa.String(12), nullable=False),
        sa.Column("as_of", UtcTime()),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("entity_ids", sa.JSON(), nullable=False),
        sa.Column("by", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["policy_version"], ["policy.version"], name="fk_decision_generation_policy_version"),
        sa.PrimaryKeyConstraint("generation_id", name="pk_decision_generation"),
    )
    op.create_table(
        "field_lock",
        sa.Column("lock_id", Id(), nullable=False),
        sa.Column("entity_id", Id(), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("value", CleanText()),
        sa.Column("is_lifted", sa.Boolean(), nullable=False),
        sa.Column("by", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("locked_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("lock_id", name="pk_field_lock"),
    )
    op.create_table(
        "provider_day",
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "day", "outcome", name="pk_provider_day"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("provider_day", "field_lock", "decision_generation", "policy"):
        op.drop_table(table)
