"""What the models see of the rules that decide beside the records: judgements, policies, locks; none is in the lake."""

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from linernotes.domain.deciding import succession
from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.domain.judgements import Judgement
from linernotes.domain.policy import Policy
from linernotes.domain.quality import QualityPolicy
from linernotes.domain.survivorship import SOURCES
from linernotes.ports.policies import DecisionRules

SCHEMA = "incoming"
JUDGED = ("judgement_id", "entity_type", "source", "source_id", "other_source", "other_source_id", "answer")
"""What the models see of a judgement."""

_TABLES = {
    "judgement": ", ".join(f"{name} VARCHAR" for name in JUDGED),
    "generation": "number INTEGER, policy VARCHAR, as_of TIMESTAMP, has_all_fields BOOLEAN, has_all_entities BOOLEAN,"
    " share DOUBLE",
    "generation_field": "number INTEGER, field VARCHAR",
    "generation_entity": "number INTEGER, entity_id UUID",
    "aged_field": "policy VARCHAR, field VARCHAR",
    "quality_rule": "entity_type VARCHAR, field VARCHAR, weight DOUBLE, valid_at DOUBLE, rejected_below DOUBLE",
    "source_confidence": "entity_type VARCHAR, field VARCHAR, source VARCHAR, place INTEGER, confidence DOUBLE",
    "field_lock": "lock_id VARCHAR, entity_id UUID, entity_type VARCHAR, field VARCHAR, value VARCHAR, set_by VARCHAR,"
    " locked_at TIMESTAMP",
}
"""What the models see of the rules by which fields are decided."""


def create_rules(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables, without rows."""
    for table, columns in _TABLES.items():
        connection.execute(f"CREATE TABLE memory.{SCHEMA}.{table} ({columns})")


def write_judgements(connection: duckdb.DuckDBPyConnection, judgements: Sequence[Judgement]) -> None:
    """Show the models what people judged."""
    rows = [[_text(getattr(judgement, name)) for name in JUDGED] for judgement in judgements]
    _insert(connection, "judgement", ["VARCHAR"] * len(JUDGED), rows)


def write_decision_rules(connection: duckdb.DuckDBPyConnection, rules: DecisionRules) -> None:
    """Show the models which policy decides what, and what people locked."""
    generations = [
        [number, one.policy_version, _naive(one.as_of), not one.fields, not one.entity_ids, one.share]
        for number, one in enumerate(rules.generations)
    ]
    types = ("INTEGER", "VARCHAR", "TIMESTAMP", "BOOLEAN", "BOOLEAN", "DOUBLE")
    _insert(connection, "generation", types, generations)
    aged = [
        [version, name]
        for version, policy in rules.policies.items()
        for name, waterfall in policy.waterfalls.items()
        if any(rule.max_age_days is not None for rule in waterfall.rules)
    ]
    _insert(connection, "aged_field", ("VARCHAR", "VARCHAR"), aged)
    for table, column in (("generation_field", "fields"), ("generation_entity", "entity_ids")):
        rows = [[n, str(value)] for n, one in enumerate(rules.generations) for value in getattr(one, column)]
        _insert(connection, table, ("INTEGER", "VARCHAR"), rows)
    locks = [
        [str(one.lock_id), str(one.entity_id), *one.field.split("."), one.value, one.by, _naive(one.locked_at)]
        for one in rules.locks
    ]
    _insert(connection, "field_lock", (*["VARCHAR"] * 6, "TIMESTAMP"), locks)
    policy = rules.widest_policy
    if policy is not None:
        _write_quality(connection, policy)


def _write_quality(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Show the models what the fields of an entity weigh, and how sure a source is that speaks alone.

    Each type of entity has a row without a field, which weighs nothing and has its limits.
    """
    weighed = []
    for kind in EntityType:
        quality = policy.quality.get(kind.value, QualityPolicy(weights={}))
        limits = (quality.valid_at, quality.rejected_below)
        weighed += [[kind.value, field, weight, *limits] for field, weight in {"": 0.0, **quality.weights}.items()]
    _insert(connection, "quality_rule", ("VARCHAR", "VARCHAR", "DOUBLE", "DOUBLE", "DOUBLE"), weighed)
    sure = [
        [*name.split("."), one.provider, place, one.confidence]
        for name in FIELDS
        for place, one in enumerate(succession(name, SOURCES, policy), 1)
    ]
    _insert(connection, "source_confidence", ("VARCHAR", "VARCHAR", "VARCHAR", "INTEGER", "DOUBLE"), sure)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, types: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    values = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in types]
    connection.execute(f"INSERT INTO memory.{SCHEMA}.{table} SELECT {values}", columns)


def _naive(moment: datetime | None) -> datetime | None:
    """The same in UTC, as tables have it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
