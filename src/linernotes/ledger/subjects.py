"""Subjects as they are kept in the ledger: JSON, compressed."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.ports.providers import Subject


def to_bytes(subjects: Sequence[Subject]) -> bytes:
    """Subjects in their order."""
    rows = [{name: value for name, value in asdict(subject).items() if value not in (None, {})} for subject in subjects]
    return zlib.compress(json.dumps(rows, default=str).encode())


def from_bytes(stored: bytes) -> tuple[Subject, ...]:
    """What `to_bytes` kept."""
    return tuple(
        Subject(**{**row, "entity_type": EntityType(row["entity_type"]), "entity_id": UUID(row["entity_id"])})
        for row in json.loads(zlib.decompress(stored))
    )
