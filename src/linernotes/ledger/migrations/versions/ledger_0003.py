"""Enrichment: steps and their batches, answers, and how providers stand."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "step",
        sa.Column("step_id", Id(), nullable=False),
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("planned_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_step_run_id"),
        sa.PrimaryKeyConstraint("step_id", name="pk_step"),
    )
    op.create_table(
        "step_batch",
        sa.Column("step_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("subjects", sa.LargeBinary(), nullable=False),
        sa.Column("subject_count", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_id", Id()),
        sa.Column("leased_until", UtcTime()),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.Column("error", CleanText()),
        sa.ForeignKeyConstraint(["step_id"], ["step.step_id"], name="fk_step_batch_step_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_step_batch_run_id"),
        sa.PrimaryKeyConstraint("step_id", "number", name="pk_step_batch"),
    )
    op.create_index("ix_step_batch_step_id_state", "step_batch", ["step_id", "state"])
    op.create_table(
        "answer",
        sa.Column("answer_id", Id(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("path", CleanText(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("subjects", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("collector_version", CleanText(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_answer_run_id"),
        sa.PrimaryKeyConstraint("answer_id", name="pk_answer"),
    )
    op.create_index("ix_answer_fingerprint", "answer", ["fingerprint"])
    op.create_table(
        "provider_standing",
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("until", UtcTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("answered_at", UtcTime()),
        sa.PrimaryKeyConstraint("provider", name="pk_provider_standing"),
    )
    op.create_table(
        "unknown_entity",
        sa.Column("provider", CleanText(), nullable=False),
        sa.Column("entity_id", Id(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("again_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "entity_id", name="pk_unknown_entity"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("unknown_entity", "provider_standing", "answer", "step_batch", "step"):
        op.drop_table(table)
