"""Review: judgements of people, and policies for matching."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "judgement",
        sa.Column("judgement_id", Id(), nullable=False),
        sa.Column("entity_type", sa.String(30), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("source_id", CleanText(), nullable=False),
        sa.Column("other_source", CleanText(), nullable=False),
        sa.Column("other_source_id", CleanText()),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("item_id", Id(), nullable=False),
        sa.Column("item_version", sa.String(12), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("reason", CleanText()),
        sa.Column("decided_by", CleanText(), nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.Column("supersedes", Id()),
        sa.ForeignKeyConstraint(["supersedes"], ["judgement.judgement_id"], name="fk_judgement_supersedes"),
        sa.PrimaryKeyConstraint("judgement_id", name="pk_judgement"),
    )
    op.create_index("ix_judgement_item_id", "judgement", ["item_id"])
    op.create_table(
        "match_policy",
        sa.Column("policy_id", Id(), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("origin", CleanText(), nullable=False),
        sa.Column("in_force_since", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", name="pk_match_policy"),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("match_policy")
    op.drop_table("judgement")
