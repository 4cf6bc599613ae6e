"""The first ledger: runs, loads, dumps, quarantine, publications, leases, entity ids."""

import sqlalchemy as sa
from alembic import op

from linernotes.ledger.types import CleanText, Id, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first ledger."""
    _make_run()
    _make_load()
    _make_consumption()
    _make_dump()
    _make_quarantine()
    _make_publication()
    _make_entity_changes()


def downgrade() -> None:
    """Drop every table, those that refer to others first."""
    for table in (
        "entity_redirect",
        "entity_split",
        "entity_merge",
        "publication",
        "quarantine",
        "dump_file",
        "dump",
        "watermark",
        "consumption",
        "load_file",
        "load",
        "lease",
        "run",
    ):
        op.drop_table(table)


def _make_run() -> None:
    op.create_table(
        "run",
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("use_case", CleanText(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime()),
        sa.Column("code_version", CleanText(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.Column("error", CleanText()),
        sa.Column("snapshot_id", sa.BigInteger()),
        sa.Column("host", CleanText(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("process_token", CleanText(), nullable=False),
        sa.Column("alive_until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
    )
    op.create_index("ix_run_status", "run", ["status"])
    op.create_index("ix_run_use_case", "run", ["use_case"])
    op.create_table(
        "lease",
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("lease_id", Id(), nullable=False),
        sa.Column("run_id", Id()),
        sa.Column("host", CleanText(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("process_token", CleanText(), nullable=False),
        sa.Column("acquired_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_lease_run_id"),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )


def _make_load() -> None:
    op.create_table(
        "load",
        sa.Column("load_id", Id(), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("entity", CleanText(), nullable=False),
        sa.Column("version", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("era", CleanText()),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("is_silent_about", sa.JSON(), nullable=False),
        sa.Column("file_name", CleanText(), nullable=False),
        sa.Column("file_sha256", sa.String(64)),
        sa.Column("record_count", sa.BigInteger(), nullable=False),
        sa.Column("landed_count", sa.BigInteger(), nullable=False),
        sa.Column("gone_count", sa.BigInteger(), nullable=False),
        sa.Column("quarantined_count", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("committed_at", UtcTime(), nullable=False),
        sa.Column("discarded_at", UtcTime()),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_load_run_id"),
        sa.PrimaryKeyConstraint("load_id", name="pk_load"),
    )
    op.create_index("ix_load_run_id", "load", ["run_id"])
    op.create_index("ix_load_source_entity_version", "load", ["source", "entity", "version"])
    op.create_table(
        "load_file",
        sa.Column("load_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bronze_table", CleanText(), nullable=False),
        sa.Column("path", CleanText(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["load.load_id"], name="fk_load_file_load_id"),
        sa.PrimaryKeyConstraint("load_id", "position", name="pk_load_file"),
        sa.UniqueConstraint("path", name="uq_load_file_path"),
    )


def _make_consumption() -> None:
    op.create_table(
        "consumption",
        sa.Column("model", CleanText(), nullable=False),
        sa.Column("load_id", Id(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["load.load_id"], name="fk_consumption_load_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_consumption_run_id"),
        sa.PrimaryKeyConstraint("model", "load_id", name="pk_consumption"),
    )
    op.create_table(
        "watermark",
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("entity", CleanText(), nullable=False),
        sa.Column("value", CleanText(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_watermark_run_id"),
        sa.PrimaryKeyConstraint("source", "entity", name="pk_watermark"),
    )


def _make_dump() -> None:
    op.create_table(
        "dump",
        sa.Column("dump_id", Id(), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("dumped_on", sa.Date(), nullable=False),
        sa.Column("year_month", sa.String(7), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("checksums", sa.JSON(), nullable=False),
        sa.Column("bytes_done", sa.BigInteger(), nullable=False),
        sa.Column("retry_count", sa.Integer(), nullable=False),
        sa.Column("retry_limit", sa.Integer(), nullable=False),
        sa.Column("error", CleanText()),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime()),
        sa.Column("completed_at", UtcTime()),
        sa.PrimaryKeyConstraint("dump_id", name="pk_dump"),
        sa.UniqueConstraint("source", "dumped_on", name="uq_dump_source_dumped_on"),
    )
    op.create_index("ix_dump_state", "dump", ["state"])
    op.create_index("ix_dump_year_month", "dump", ["year_month"])
    op.create_table(
        "dump_file",
        sa.Column("dump_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity", CleanText(), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("url", CleanText(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("sha256", sa.String(64)),
        sa.ForeignKeyConstraint(["dump_id"], ["dump.dump_id"], name="fk_dump_file_dump_id"),
        sa.PrimaryKeyConstraint("dump_id", "position", name="pk_dump_file"),
    )


def _make_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", Id(), nullable=False),
        sa.Column("load_id", Id(), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("entity", CleanText(), nullable=False),
        sa.Column("record_id", CleanText()),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("detail", CleanText(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("resolved_at", UtcTime()),
        sa.Column("resolution", CleanText()),
        sa.PrimaryKeyConstraint("quarantine_id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_load_id", "quarantine", ["load_id"])


def _make_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("publication_id", Id(), nullable=False),
        sa.Column("destination", CleanText(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", CleanText(), nullable=False),
        sa.Column("location", CleanText(), nullable=False),
        sa.Column("is_forced", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("staged_at", UtcTime(), nullable=False),
        sa.Column("promoted_at", UtcTime()),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name="fk_publication_run_id"),
        sa.PrimaryKeyConstraint("publication_id", name="pk_publication"),
    )
    op.create_index("ix_publication_destination", "publication", ["destination"])


def _make_entity_changes() -> None:
    _make_entity_change("entity_merge", sa.Column("merge_id", Id(), primary_key=True))
    _make_entity_change(
        "entity_split",
        sa.Column("split_id", Id(), primary_key=True),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("record_id", CleanText(), nullable=False),
    )
    _make_entity_change("entity_redirect", is_keyed_by_from=True)


def _make_entity_change(name: str, *columns: "sa.Column[object]", is_keyed_by_from: bool = False) -> None:
    op.create_table(
        name,
        *columns,
        sa.Column("entity_type", sa.String(30), primary_key=is_keyed_by_from, nullable=False),
        sa.Column("from_id", Id(), primary_key=is_keyed_by_from, nullable=False),
        sa.Column("to_id", Id(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("run_id", Id()),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"], name=f"fk_{name}_run_id"),
        sa.CheckConstraint("from_id <> to_id", name=op.f(f"ck_{name}_two_ids")),
    )
    op.create_index(f"ix_{name}_to_id", name, ["to_id"])
    if not is_keyed_by_from:
        op.create_index(f"ix_{name}_from_id", name, ["from_id"])
