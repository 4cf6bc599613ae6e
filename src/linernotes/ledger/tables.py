"""The tables of the ledger; `migrations/` makes them, and a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from linernotes.ledger.types import CleanText, Id, UtcTime

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

run = Table(
    "run",
    METADATA,
    Column("run_id", Id, primary_key=True),
    Column("use_case", CleanText, nullable=False, index=True),
    Column("status", String(20), nullable=False, index=True),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("code_version", CleanText, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("counters", JSON, nullable=False),
    Column("error", CleanText),
    Column("snapshot_id", BigInteger),
    Column("host", CleanText, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("process_token", CleanText, nullable=False),
    Column("alive_until", UtcTime, nullable=False),
)

load = Table(
    "load",
    METADATA,
    Column("load_id", Id, primary_key=True),
    Column("source", CleanText, nullable=False),
    Column("entity", CleanText, nullable=False),
    Column("version", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("era", CleanText),
    Column("is_verified", Boolean, nullable=False),
    Column("is_silent_about", JSON, nullable=False),
    Column("file_name", CleanText, nullable=False),
    Column("file_sha256", String(64)),
    Column("record_count", BigInteger, nullable=False),
    Column("landed_count", BigInteger, nullable=False),
    Column("gone_count", BigInteger, nullable=False),
    Column("quarantined_count", BigInteger, nullable=False),
    Column("report", JSON, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False, index=True),
    Column("committed_at", UtcTime, nullable=False),
    Column("discarded_at", UtcTime),
    Index(None, "source", "entity", "version"),
)

load_file = Table(
    "load_file",
    METADATA,
    Column("load_id", Id, ForeignKey("load.load_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("bronze_table", CleanText, nullable=False),
    Column("path", CleanText, nullable=False, unique=True),
    Column("row_count", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

consumption = Table(
    "consumption",
    METADATA,
    Column("model", CleanText, primary_key=True),
    Column("load_id", Id, ForeignKey("load.load_id"), primary_key=True),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False),
)

watermark = Table(
    "watermark",
    METADATA,
    Column("source", CleanText, primary_key=True),
    Column("entity", CleanText, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

dump = Table(
    "dump",
    METADATA,
    Column("dump_id", Id, primary_key=True),
    Column("source", CleanText, nullable=False),
    Column("dumped_on", Date, nullable=False),
    Column("year_month", String(7), nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("checksums", JSON, nullable=False),
    Column("bytes_done", BigInteger, nullable=False),
    Column("retry_count", Integer, nullable=False),
    Column("retry_limit", Integer, nullable=False),
    Column("error", CleanText),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("completed_at", UtcTime),
    UniqueConstraint("source", "dumped_on"),
)

dump_file = Table(
    "dump_file",
    METADATA,
    Column("dump_id", Id, ForeignKey("dump.dump_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("entity", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("size_bytes", BigInteger),
    Column("sha256", String(64)),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("quarantine_id", Id, primary_key=True),
    # No foreign key: a load that failed as a whole is never committed, and its bad records are wanted most.
    Column("load_id", Id, nullable=False, index=True),
    Column("source", CleanText, nullable=False),
    Column("entity", CleanText, nullable=False),
    Column("record_id", CleanText),
    Column("reason", CleanText, nullable=False),
    Column("detail", CleanText, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("resolved_at", UtcTime),
    Column("resolution", CleanText),
)

publication = Table(
    "publication",
    METADATA,
    Column("publication_id", Id, primary_key=True),
    Column("destination", CleanText, nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("snapshot_id", BigInteger, nullable=False),
    Column("scope", CleanText, nullable=False),
    Column("location", CleanText, nullable=False),
    Column("is_forced", Boolean, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False),
    Column("staged_at", UtcTime, nullable=False),
    Column("promoted_at", UtcTime),
)

lease = Table(
    "lease",
    METADATA,
    Column("name", CleanText, primary_key=True),
    Column("lease_id", Id, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id")),
    Column("host", CleanText, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("process_token", CleanText, nullable=False),
    Column("acquired_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

judgement = Table(
    "judgement",
    METADATA,
    Column("judgement_id", Id, primary_key=True),
    Column("entity_type", String(30), nullable=False),
    Column("source", CleanText, nullable=False),
    Column("source_id", CleanText, nullable=False),
    Column("other_source", CleanText, nullable=False),
    Column("other_source_id", CleanText),
    Column("answer", String(20), nullable=False),
    Column("item_id", Id, nullable=False, index=True),
    Column("item_version", String(12), nullable=False),
    Column("score", Double),
    Column("reason", CleanText),
    Column("decided_by", CleanText, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Column("supersedes", Id, ForeignKey("judgement.judgement_id")),
)

match_policy = Table(
    "match_policy",
    METADATA,
    Column("policy_id", Id, primary_key=True),
    Column("version", String(12), nullable=False),
    Column("document", JSON, nullable=False),
    Column("origin", CleanText, nullable=False),
    Column("in_force_since", UtcTime, nullable=False),
)

# Ids of entities that differ from the computed ones; everything else about an id follows from its records.

entity_merge = Table(
    "entity_merge",
    METADATA,
    Column("merge_id", Id, primary_key=True),
    Column("entity_type", String(30), nullable=False),
    Column("from_id", Id, nullable=False, index=True),
    Column("to_id", Id, nullable=False, index=True),
    Column("reason", CleanText, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id")),
    Column("decided_at", UtcTime, nullable=False),
    CheckConstraint("from_id <> to_id", name="two_ids"),
)

entity_split = Table(
    "entity_split",
    METADATA,
    Column("split_id", Id, primary_key=True),
    Column("entity_type", String(30), nullable=False),
    Column("from_id", Id, nullable=False, index=True),
    Column("to_id", Id, nullable=False, index=True),
    # The record that leaves `from_id`: one row for each.
    Column("source", CleanText, nullable=False),
    Column("record_id", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id")),
    Column("decided_at", UtcTime, nullable=False),
    CheckConstraint("from_id <> to_id", name="two_ids"),
)

entity_redirect = Table(
    "entity_redirect",
    METADATA,
    Column("entity_type", String(30), primary_key=True),
    Column("from_id", Id, primary_key=True),
    Column("to_id", Id, nullable=False, index=True),
    Column("reason", CleanText, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id")),
    Column("decided_at", UtcTime, nullable=False),
    CheckConstraint("from_id <> to_id", name="two_ids"),
)
