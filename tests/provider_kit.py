"""Questions and answers for tests of providers: replies as bytes, as a server sends them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import httpx2

from linernotes.domain.entities import EntityType
from linernotes.ports.providers import Answer, Provider, Question, Reading, Subject
from linernotes.wire.web import make_client

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ID, OTHER_ID = UUID(int=1), UUID(int=2)
JSON = {"content-type": "application/json; charset=utf-8"}


def recording(entity_id: UUID = ID, **known: Any) -> Subject:
    """Blue Monday by New Order, as the catalogue knows it."""
    about = {"name": "Blue Monday", "artist": "New Order", "duration_ms": 448_000, **known}
    return Subject(entity_type=EntityType.RECORDING, entity_id=entity_id, **about)


def artist(**identifiers: str) -> Subject:
    """New Order, as the catalogue knows them."""
    return Subject(entity_type=EntityType.ARTIST, entity_id=ID, name="New Order", identifiers=identifiers)


def release(entity_type: EntityType = EntityType.RELEASE, **identifiers: str) -> Subject:
    """The single Blue Monday, or its release group."""
    return Subject(entity_type=entity_type, entity_id=ID, name="Blue Monday", identifiers=identifiers)


@cache
def client() -> httpx2.Client:
    """One for all tests: making one takes 40 ms, for certificates that no test looks at."""
    return make_client(user_agent="linernotes-test", connect_seconds=1, read_seconds=5)


def reply(body: object, *, status: int = 200, headers: Mapping[str, str] = JSON) -> Answer:
    """What a server sends: a document as JSON, anything else as it is."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status=status, headers=headers, body=raw, received_at=NOW)


def only_question(provider: Provider, *subjects: Subject) -> Question:
    """The one question that a provider has about the subjects."""
    (question,) = provider.ask(subjects)
    return question


def read(provider: Provider, subject: Subject, answer: Answer) -> Reading:
    """What a provider makes of the answer to its question about one subject."""
    return provider.read(only_question(provider, subject), answer)


def matches(reading: Reading) -> set[float]:
    """How surely what was found is about the subject."""
    return {finding.match for finding in reading.findings}


def values(reading: Reading) -> dict[str, str]:
    """The values that were found, by field."""
    return {finding.field: finding.value for finding in reading.findings}
