"""Providers: services that know something about entities. A provider says how it is asked and what an answer means;
both are pure, so that an answer can be read again years later. Asking itself is one adapter for all of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol, Self, runtime_checkable
from urllib.parse import urlencode
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.errors import RecordError


class MalformedAnswerError(RecordError):
    """An answer that is not what the provider usually says; it is kept, for a reader that understands it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An entity that a provider is asked about: what identifies it, and what tells it from others."""

    entity_type: EntityType
    entity_id: UUID
    identifiers: Mapping[str, str] = field(default_factory=dict)
    """Normalised, by kind: `mbid`, `isrc`, `discogs_id`, `spotify_id`."""
    name: str | None = None
    """The title of what has a title."""
    artist: str | None = None
    """The artist credit of what has one."""
    duration_ms: int | None = None
    country: str | None = None
    """ISO 3166-1 code, of a place."""

    def to_document(self) -> dict[str, Any]:
        """The subject as JSON has it, without what is not known."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, {})}
        return known | {"entity_id": str(self.entity_id)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """What `to_document` wrote."""
        entity_type, entity_id = EntityType(document["entity_type"]), UUID(document["entity_id"])
        return cls(**{**document, "entity_type": entity_type, "entity_id": entity_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, without what is secret in it."""

    provider: str
    path: str
    """Below the provider's address, escaped."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[Subject, ...]
    """What it asks about, in the order in which the answer has them."""

    @property
    def fingerprint(self) -> str:
        """The same for the same request, whatever the order of its parameters: 32 hexadecimal digits."""
        text = f"{self.provider} {self.path}?{urlencode(sorted(self.parameters.items()))}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, as received."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an answer says of one field of one subject."""

    entity_id: UUID
    field: str
    """Without the entity type."""
    value: str
    match: float = 1.0
    """How surely the answer is about the subject, 0.0 to 1.0."""
    signal: float = 1.0
    """How sure the provider itself is, 0.0 to 1.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an answer means."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    unknown: tuple[UUID, ...] = ()
    """Subjects of a batch that the provider does not know, where it knows others."""
    reason: str = ""
    """In words, where the outcome is not `ok`; nothing of the body that could be a secret."""
    wait_seconds: float | None = None
    """How long the provider wants to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What may be done with what a provider says."""

    licence: str
    storage: str
    """What may be kept, in words."""
    url: str
    is_cc0: bool = False
    """Whether its values may be published under CC0."""
    not_cc0: tuple[str, ...] = ()
    """Fields, without entity type, whose values may not although others may."""

    def allows_cc0(self, field: str) -> bool:
        """Whether values of a field, such as `genre`, may be published under CC0."""
        return self.is_cc0 and field not in self.not_cc0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often a provider may be asked: so many requests in any window of so many seconds."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a request shows who asks. The secret itself comes from the settings, and only into the request."""

    header: str | None = None
    parameter: str | None = None
    scheme: str = ""
    """What stands before the secret in the header."""
    exchange_url: str | None = None
    """Where client id and secret are exchanged for a token, by OAuth client credentials."""
    key_url: str = ""
    """The page on which a person gets one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is to be known of a provider before it is asked."""

    name: str
    address: str
    """Base URL; of one that is answered from files, its page."""
    fields: tuple[str, ...]
    """`<entity type>.<field>`, what it may answer."""
    terms: Terms
    rate: Rate | None = None
    """None for one that is answered from files alone."""
    library: str = ""
    """Which files of the user it is answered from, in words; empty for a web service."""
    access: Access | None = None
    other_hosts: tuple[str, ...] = ()
    """Where it leads to; `.archive.org` stands for all hosts of that domain."""
    batch_size: int = 1
    """Subjects in one question at most."""
    is_on: bool = True
    """Whether it is asked unless somebody turns it off."""
    is_proven: bool = False
    """Whether tests read answers that the real service gave."""
    extractor_version: int = 1
    """Counted up when answers are read otherwise."""


class Provider(Protocol):
    @property
    def profile(self) -> Profile:
        """What is to be known of it."""
        ...

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """The questions to put; a subject without what the provider needs is in none of them."""
        ...

    def read(self, question: Question, answer: Answer) -> Reading:
        """What an answer means; the same for the same bytes, always.

        Raises:
            MalformedAnswerError: It cannot be read.
        """
        ...


@runtime_checkable
class Probed(Provider, Protocol):
    """A provider that allows some more than others, and says so only when it is asked."""

    @property
    def probe(self) -> Question:
        """What to ask; it is about nobody."""
        ...

    def capability(self, answer: Answer) -> str | None:
        """What the answer to the probe says that we are allowed; None where it says nothing of that."""
        ...

    def with_capability(self, capability: str) -> Provider:
        """The provider as it is to be asked by who is allowed so much."""
        ...


class Asking(Protocol):
    def ask(self, question: Question) -> Answer:
        """What a provider answers, whatever its status.

        Raises:
            TransientError: The line broke: try again.
            MalformedAnswerError: More was sent than any answer has.
            FatalError: It leads to a host that is not its own, or gives no token.
        """
        ...


class Turns(Protocol):
    def wait(self) -> None:
        """Come back when the provider may be sent another request."""
        ...
