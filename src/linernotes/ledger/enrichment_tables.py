"""The ledger's tables of enrichment: what providers are asked, what they answered, and how they stand."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from linernotes.ledger.tables import METADATA
from linernotes.ledger.types import CleanText, Id, UtcTime

step = Table(
    "step",
    METADATA,
    Column("step_id", Id, primary_key=True),
    Column("provider", CleanText, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False),
    Column("planned_at", UtcTime, nullable=False),
)

step_batch = Table(
    "step_batch",
    METADATA,
    Column("step_id", Id, ForeignKey("step.step_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("subjects", LargeBinary, nullable=False),
    Column("subject_count", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("run_id", Id, ForeignKey("run.run_id")),
    Column("leased_until", UtcTime),
    Column("counters", JSON, nullable=False),
    Column("error", CleanText),
    Index("ix_step_batch_step_id_state", "step_id", "state"),
)

answer = Table(
    "answer",
    METADATA,
    Column("answer_id", Id, primary_key=True),
    Column("run_id", Id, ForeignKey("run.run_id"), nullable=False),
    Column("provider", CleanText, nullable=False),
    Column("fingerprint", String(32), nullable=False, index=True),
    Column("path", CleanText, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("subjects", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("collector_version", CleanText, nullable=False),
    Column("cost", Double, nullable=False),
)

provider_standing = Table(
    "provider_standing",
    METADATA,
    Column("provider", CleanText, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("until", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
)

provider_capability = Table(
    "provider_capability",
    METADATA,
    Column("provider", CleanText, primary_key=True),
    Column("capability", String(20), nullable=False),
    Column("probed_at", UtcTime, nullable=False),
)

unknown_entity = Table(
    "unknown_entity",
    METADATA,
    Column("provider", CleanText, primary_key=True),
    Column("entity_id", Id, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("again_at", UtcTime, nullable=False),
)

policy = Table(
    "policy",
    METADATA,
    Column("version", String(12), primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("document", JSON, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

decision_generation = Table(
    "decision_generation",
    METADATA,
    Column("generation_id", Id, primary_key=True),
    Column("policy_version", String(12), ForeignKey("policy.version"), nullable=False),
    Column("as_of", UtcTime),
    Column("fields", JSON, nullable=False),
    Column("entity_ids", JSON, nullable=False),
    Column("share", Double, nullable=False, server_default="1"),
    Column("by", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

field_lock = Table(
    "field_lock",
    METADATA,
    Column("lock_id", Id, primary_key=True),
    Column("entity_id", Id, nullable=False),
    Column("field", String(60), nullable=False),
    Column("value", CleanText),
    Column("is_lifted", Boolean, nullable=False),
    Column("by", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("locked_at", UtcTime, nullable=False),
)

replay_queue = Table(
    "replay_queue",
    METADATA,
    Column("replay_id", Id, primary_key=True),
    Column("bronze_ids", JSON, nullable=False),
    Column("target_layer", String(20), nullable=False),
    Column("use_historical_config", Boolean, nullable=False),
    Column("config_snapshot_run_id", Id, ForeignKey("run.run_id")),
    Column("requested_by", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", CleanText, nullable=False),
)

provider_day = Table(
    "provider_day",
    METADATA,
    Column("provider", CleanText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("outcome", String(20), primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("cost", Double, nullable=False),
    Column("seconds", Double, nullable=False),
)

quality_measure = Table(
    "quality_measure",
    METADATA,
    Column("run_id", Id, ForeignKey("run.run_id"), primary_key=True),
    Column("entity_type", String(20), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("entity_count", BigInteger, nullable=False),
    Column("known_count", BigInteger),
    Column("contested_count", BigInteger),
    Column("mean_confidence", Double),
)

ENRICHMENT = (
    policy,
    decision_generation,
    field_lock,
    replay_queue,
    step,
    step_batch,
    answer,
    provider_standing,
    provider_capability,
    provider_day,
    unknown_entity,
    quality_measure,
)
