"""The queue of replays."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "replay_queue",
        sa.Column("replay_id", Id(), nullable=False),
        sa.Column("bronze_ids", sa.JSON(), nullable=False),
        sa.Column("target_layer", sa.String(20), nullable=False),
        sa.Column("use_historical_config", sa.Boolean(), nullable=False),
        sa.Column("config_snapshot_run_id", Id()),
        sa.Column("requested_by", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("requested_at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("finished_at", UtcTime()),
        sa.Column("outcome", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["config_snapshot_run_id"], ["run.run_id"], name="fk_replay_queue_config_snapshot_run_id"
        ),
        sa.PrimaryKeyConstraint("replay_id", name="pk_replay_queue"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("replay_queue")
