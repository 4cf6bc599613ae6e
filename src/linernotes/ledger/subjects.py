"""Subjects as they are kept in the ledger: JSON, compressed."""

import json
import zlib
from collections.abc import Sequence

from linernotes.ports.providers import Subject


def to_bytes(subjects: Sequence[Subject]) -> bytes:
    """Subjects in their order."""
    return zlib.compress(json.dumps([subject.to_document() for subject in subjects]).encode())


def from_bytes(stored: bytes) -> tuple[Subject, ...]:
    """What `to_bytes` kept."""
    return tuple(map(Subject.from_document, json.loads(zlib.decompress(stored))))
