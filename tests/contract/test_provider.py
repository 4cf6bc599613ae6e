"""Every provider keeps the promises of its port, whatever a server sends."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from linernotes.bootstrap.providers import all_providers
from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, MalformedAnswerError, Provider, Question, Reading, Subject
from linernotes.providers.asking import Asker, NoCredentials
from linernotes.wire.web import Web
from tests.provider_kit import client

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MBID = "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d"
SUBJECTS = tuple(
    Subject(
        entity_type=entity_type,
        entity_id=UUID(int=number),
        identifiers={"isrc": "GBAAP8300002", "mbid": MBID, "spotify_id": "6hHc7Pks7wtBIW8Z6A0iFq", "discogs_id": "79"},
        name=name,
        artist=artist,
        duration_ms=448_000,
        country="GB",
    )
    for number, (entity_type, name, artist) in enumerate(
        [
            (EntityType.ARTIST, "New Order", None),
            (EntityType.RECORDING, "Blue Monday", "New Order"),
            (EntityType.RELEASE, "Blue Monday", "New Order"),
            (EntityType.RELEASE_GROUP, "Blue Monday", "New Order"),
            (EntityType.AREA, "Manchester", None),
        ]
    )
)
"""One of each that a provider may be asked about, with everything that may identify it."""
JSON = {"content-type": "application/json"}


@pytest.fixture(params=all_providers(), ids=lambda provider: provider.profile.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    found: Provider = request.param
    return found


def questions(provider: Provider) -> list[Question]:
    asked = list(provider.ask(SUBJECTS))
    assert asked
    return asked


def answer(body: bytes, *, status: int = 200, headers: Mapping[str, str] = JSON) -> Answer:
    return Answer(status=status, headers=headers, body=body, received_at=NOW)


def test_names_are_known_once() -> None:
    names = [provider.profile.name for provider in all_providers()]
    assert names == sorted(set(names))


def test_a_profile_says_what_is_asked_and_on_what_terms(provider: Provider) -> None:
    profile = provider.profile
    assert profile.fields
    assert set(profile.fields) <= FIELDS.keys()
    assert profile.address.startswith("https://")
    assert profile.terms.licence
    assert profile.terms.storage
    assert profile.terms.url.startswith("https://")
    assert profile.rate or profile.library
    assert profile.rate is None or min(profile.rate.requests, profile.rate.seconds) > 0
    assert profile.batch_size > 0


def test_questions_name_the_provider_and_what_they_are_about(provider: Provider) -> None:
    for question in questions(provider):
        assert question.provider == provider.profile.name
        assert question.path.startswith("/")
        assert 0 < len(question.subjects) <= provider.profile.batch_size
        assert all(subject in SUBJECTS for subject in question.subjects)


def test_nothing_is_asked_about_what_nobody_knows(provider: Provider) -> None:
    unknown = [Subject(entity_type=entity_type, entity_id=UUID(int=9)) for entity_type in EntityType]
    assert list(provider.ask(unknown)) == []


@given(text=st.text(min_size=1))
def test_whatever_a_thing_is_called_it_stays_within_its_place_in_the_path(text: str) -> None:
    for provider in all_providers():
        named = [
            Subject(
                entity_type=subject.entity_type,
                entity_id=subject.entity_id,
                identifiers=dict.fromkeys(subject.identifiers, text),
                name=text,
                artist=text,
            )
            for subject in SUBJECTS
        ]
        usual = {question.path.count("/") for question in provider.ask(SUBJECTS)}
        for question in provider.ask(named):
            assert question.path.isascii()
            assert question.path.isprintable()
            assert not set(question.path) & set("?# \\")
            assert question.path.count("/") in usual


@pytest.mark.parametrize(
    ("status", "headers", "means"),
    [
        (401, {}, (Outcome.REFUSED, None)),
        (403, {}, (Outcome.REFUSED, None)),
        (408, {}, (Outcome.TRANSIENT, None)),
        (429, {"Retry-After": "3"}, (Outcome.QUOTA, 3.0)),
        (429, {"Retry-After": format_datetime(NOW.replace(minute=2), usegmt=True)}, (Outcome.QUOTA, 120.0)),
        (500, {}, (Outcome.TRANSIENT, None)),
        (502, {}, (Outcome.TRANSIENT, None)),
        (504, {"Retry-After": "7"}, (Outcome.TRANSIENT, 7.0)),
    ],
)
def test_a_status_means_the_same_everywhere(
    provider: Provider,
    httpserver: HTTPServer,
    status: int,
    headers: dict[str, str],
    means: tuple[Outcome, float | None],
) -> None:
    for question, body in product(questions(provider), [b"", b"{}", b"<html><title>Sorry</title></html>"]):
        reading = provider.read(question, over_http(httpserver, question, body, status=status, headers=headers))
        assert (reading.outcome, reading.findings) == (means[0], ())
        assert reading.reason
        assert means[1] is None or reading.wait_seconds == means[1]


def over_http(server: HTTPServer, question: Question, body: bytes, *, status: int, headers: dict[str, str]) -> Answer:
    """An answer that a real server sent to a real client."""
    server.expect_oneshot_request(server_path(question)).respond_with_data(
        body, status=status, headers=headers, content_type="text/html"
    )
    web = Web(client(), base_url=server.url_for(""), now=lambda: NOW, settings="[providers]")
    return Asker(web, server.url_for(""), credentials=NoCredentials(), now=lambda: NOW).ask(question)


def server_path(question: Question) -> str:
    """A path as a server reads it."""
    return question.path.replace("%3A", ":")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Just a moment...</title>",
        b'{"title": "Blue Mon',
        b"null",
        b'"text"',
        b"1e999",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b'{"error": 7}',
        json.dumps({"error": {"code": "many"}}).encode(),
    ],
    ids=range(12),
)
def test_what_is_no_answer_is_malformed_or_says_nothing(provider: Provider, body: bytes) -> None:
    for question in questions(provider):
        reading = read_or_none(provider, question, answer(body))
        assert reading is None or not reading.findings


def read_or_none(provider: Provider, question: Question, received: Answer) -> Reading | None:
    try:
        return provider.read(question, received)
    except MalformedAnswerError:
        return None


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
KEYS = st.sampled_from(
    [
        *("artist", "artists", "bpm", "code", "content", "data", "duration", "error", "genres", "hits", "id", "images"),
        *("isrc", "items", "key", "length", "listeners", "mbid", "message", "name", "recordings", "release_date"),
        *("response", "result", "results", "rhythm", "search", "tags", "tempo", "title", "tonal", "track", "tracks"),
    ]
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(document=DOCUMENTS)
def test_no_document_breaks_a_reader_and_the_same_one_means_the_same(document: object) -> None:
    received = answer(json.dumps(document).encode())
    for provider in all_providers():
        for question in provider.ask(SUBJECTS):
            reading = read_or_none(provider, question, received)
            assert reading == read_or_none(provider, question, received)
            said = [(finding.entity_id, finding.field) for finding in reading.findings] if reading else []
            assert len(said) == len(set(said)), "an answer says one thing of a field of an entity"
            for finding in reading.findings if reading else ():
                assert 0.0 <= finding.match <= 1.0
                assert 0.0 <= finding.signal <= 1.0
                assert finding.value
                assert any(
                    f"{subject.entity_type}.{finding.field}" in provider.profile.fields
                    for subject in question.subjects
                    if subject.entity_id == finding.entity_id
                )
