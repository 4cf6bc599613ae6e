"""Every recorded answer of a service is read as what it is: replayed by a real server, byte for byte."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pytest_httpserver import HTTPServer

from linernotes.bootstrap.providers import all_providers
from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Provider, Question, Reading, Subject
from linernotes.providers.asking import Asker, NoCredentials
from linernotes.providers.spotify import Capability, Spotify
from linernotes.wire.web import Web
from tests.provider_kit import client, values

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OK, NOT_FOUND, REFUSED = Outcome.OK, Outcome.NOT_FOUND, Outcome.REFUSED
QUOTA, TRANSIENT = Outcome.QUOTA, Outcome.TRANSIENT


def subject(entity_type: EntityType, name: str | None = None, artist: str | None = None, **known: Any) -> Subject:
    identifiers = {key: value for key, value in known.items() if key not in {"duration_ms", "country"}}
    more = {key: value for key, value in known.items() if key in {"duration_ms", "country"}}
    return Subject(
        entity_type=entity_type, entity_id=UUID(int=1), name=name, artist=artist, identifiers=identifiers, **more
    )


def recording(**known: Any) -> Subject:
    return subject(EntityType.RECORDING, "Polar", "Nordlicht feat. Ada B.", duration_ms=281_000, **known)


class Case(NamedTuple):
    """A request of the shared cases, what is asked about, and what the answer must come to."""

    provider: str
    name: str
    asked: Subject
    outcome: Outcome
    values: Mapping[str, str] = MappingProxyType({})
    wait: float | None = None


MBID, OTHER_MBID = "11111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-111111111199"
RECORDING_MBID = "22222222-2222-4222-8222-222222222221"
RELEASE_MBID = "44444444-4444-4444-8444-4444444444"
SPOTIFY = "00000000000000000000"
COVER = f"https://coverartarchive.org/release/{RELEASE_MBID}44/900001.jpg"

CASES = [
    Case(
        *("musicbrainz", "isrc_one", recording(isrc="DEXYZ1400001"), OK),
        {"mbid": RECORDING_MBID, "release_date": "2014-06"},
    ),
    Case("musicbrainz", "isrc_404", recording(isrc="DEXYZ1400404"), NOT_FOUND),
    Case("musicbrainz", "isrc_400", recording(isrc="BAD"), REFUSED),
    Case("musicbrainz", "rate_limited", recording(isrc="DEXYZ1400503"), QUOTA, {}, 1.0),
    Case("musicbrainz", "busy", recording(isrc="DEXYZ1400504"), TRANSIENT),
    Case(
        *("musicbrainz", "artist", subject(EntityType.ARTIST, "Nordlicht", mbid=MBID), OK),
        {"country": "DE", "genre": "electronic", "tags": "electronic"},
    ),
    Case(
        *("musicbrainz", "artist_merged", subject(EntityType.ARTIST, "Nordlicht", mbid=OTHER_MBID), OK),
        {"mbid": MBID, "country": "DE"},
    ),
    Case("coverart", "release", subject(EntityType.RELEASE, mbid=f"{RELEASE_MBID}44"), OK, {"cover_art": COVER}),
    Case("coverart", "none", subject(EntityType.RELEASE, mbid=f"{RELEASE_MBID}04"), NOT_FOUND),
    Case(
        *("spotify", "artist_dev_mode", subject(EntityType.ARTIST, spotify_id=f"{SPOTIFY}01"), OK),
    ),
    Case(
        *("spotify", "track_dev_mode", recording(spotify_id=f"{SPOTIFY}03"), OK),
        {"spotify_id": f"{SPOTIFY}03", "isrc": "DEXYZ1400001", "release_date": "2014-06"},
    ),
    Case(
        *("spotify", "search_isrc", recording(isrc="DEXYZ1400001"), OK),
        {"spotify_id": f"{SPOTIFY}03", "isrc": "DEXYZ1400001", "release_date": "2014-06"},
    ),
    Case("spotify", "rate_limited", recording(spotify_id="ratelimited"), QUOTA, {}, 3.0),
    Case(
        *("deezer", "track_isrc", recording(isrc="DEXYZ1400001"), OK),
        {"tempo_bpm": "123.9", "release_date": "2014-06-20"},
    ),
    Case("deezer", "track_bpm_zero", recording(isrc="DEXYZ1400002"), OK, {"release_date": "2014-06-20"}),
    Case("deezer", "no_data", recording(isrc="DEXYZ1400404"), NOT_FOUND),
    Case("deezer", "quota", recording(isrc="DEXYZ1400429"), QUOTA),
    Case(
        *("lastfm", "artist_info", subject(EntityType.ARTIST, "Nordlicht"), OK),
        {"bio": "…", "tags": "electronic", "listeners": "15000", "playcount": "120000"},
    ),
    Case("lastfm", "not_found", subject(EntityType.ARTIST, "nope"), NOT_FOUND),
    Case("lastfm", "rate", subject(EntityType.ARTIST, "rate"), QUOTA),
    Case("lastfm", "bad_key", subject(EntityType.ARTIST, "key"), REFUSED),
    Case(
        *("genius", "search", subject(EntityType.RECORDING, "Polar", "Nordlicht"), OK),
        {"lyrics_url": "https://genius.com/Nordlicht-polar-lyrics", "lyrics_available": "true"},
    ),
    Case(
        *("discogs", "release", subject(EntityType.RELEASE, discogs_id="1001"), OK),
        {"release_date": "2014-06-00", "label": "Fjord", "genre": "Electronic"},
    ),
    Case("discogs", "not_found", subject(EntityType.RELEASE, discogs_id="404"), NOT_FOUND),
    Case("discogs", "rate", subject(EntityType.RELEASE, discogs_id="429"), QUOTA, {}, 60.0),
    Case(
        *("openweather", "geo_many", subject(EntityType.AREA, "London"), OK),
        {"coordinates": "51.5085,-0.1257"},
    ),
    Case("openweather", "geo_none", subject(EntityType.AREA, "Nowhereville", country="XX"), NOT_FOUND),
    Case("openweather", "bad_key", subject(EntityType.AREA, "key"), REFUSED),
    Case("openweather", "quota", subject(EntityType.AREA, "quota"), QUOTA),
    Case(
        *("acousticbrainz", "low_level", recording(mbid=RECORDING_MBID), OK),
        {"tempo_bpm": "62.01", "key": "A# major"},
    ),
    Case(
        *("listenbrainz", "lookup", subject(EntityType.RECORDING, "Polar", "Nordlicht"), OK),
        {"mbid": RECORDING_MBID},
    ),
    Case("listenbrainz", "lookup_none", subject(EntityType.RECORDING, "y", "x"), NOT_FOUND),
    Case("listenbrainz", "no_auth", subject(EntityType.RECORDING, "y", "noauth"), REFUSED),
]
SHARED_NAMES = {"coverartarchive": "coverart"}


@pytest.fixture(scope="module")
def shared_cases(shared_data: Path) -> dict[tuple[str, str], dict[str, Any]]:
    cases = json.loads((shared_data / "providers" / "response_cases.json").read_text(encoding="utf-8"))
    return {(SHARED_NAMES.get(case["provider"], case["provider"]), case["name"]): case for case in cases}


def provider_named(name: str) -> Provider:
    return next(provider for provider in all_providers() if provider.profile.name == name)


def replay(server: HTTPServer, question: Question, case: dict[str, Any]) -> Answer:
    """Ask a server that gives one recorded answer, and only to the recorded request."""
    body = case["body"]
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    server.expect_request(case["path"]).respond_with_data(raw, status=case["status"], headers=case["headers"])
    base = server.url_for("")
    web = Web(client(), base_url=base, now=lambda: NOW, settings="[providers]")
    address = provider_named(question.provider).profile.address
    prefix = address.partition("://")[2].partition("/")[2]
    answer = Asker(web, f"{base}/{prefix}", credentials=NoCredentials(), now=lambda: NOW).ask(question)
    sent = server.log[-1][0].args.to_dict()
    assert (
        sent.items() >= {key: value.replace("+", " ") for key, value in case["query"].items() if key != "limit"}.items()
    )
    return answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.provider} {case.name}")
def test_a_recorded_answer_is_read_as_what_it_is(
    case: Case, shared_cases: dict[tuple[str, str], dict[str, Any]], httpserver: HTTPServer
) -> None:
    provider = provider_named(case.provider)
    (question,) = provider.ask([case.asked])
    reading = provider.read(question, replay(httpserver, question, shared_cases[case.provider, case.name]))
    assert (reading.outcome, values(reading), reading.wait_seconds) == (case.outcome, case.values, case.wait)


def test_an_isrc_of_two_recordings_is_half_as_sure_of_each(
    shared_cases: dict[tuple[str, str], dict[str, Any]], httpserver: HTTPServer
) -> None:
    provider = provider_named("musicbrainz")
    (question,) = provider.ask([recording(isrc="DEXYZ1400002")])
    reading = provider.read(question, replay(httpserver, question, shared_cases["musicbrainz", "isrc_many"]))
    assert [(finding.value, finding.match) for finding in reading.findings if finding.field == "mbid"] == [
        (RECORDING_MBID, 0.5),
        (RECORDING_MBID[:-1] + "2", 0.5),
    ]


EXTENDED = Spotify(Capability.EXTENDED)


def of_batch(*spotify_ids: str) -> list[Subject]:
    return [
        Subject(entity_type=EntityType.ARTIST, entity_id=UUID(int=number), identifiers={"spotify_id": spotify_id})
        for number, spotify_id in enumerate(spotify_ids, 1)
    ]


def test_a_batch_answers_null_for_whom_it_does_not_know(
    shared_cases: dict[tuple[str, str], dict[str, Any]], httpserver: HTTPServer
) -> None:
    (question,) = EXTENDED.ask(of_batch(f"{SPOTIFY}01", f"{SPOTIFY}09"))
    case = shared_cases["spotify", "artists_batch_extended_quota"]
    reading = EXTENDED.read(question, replay(httpserver, question, case))
    assert (reading.outcome, reading.unknown) == (OK, (UUID(int=2),))
    assert values(reading) == {"genre": "melodic house", "popularity": "41", "listeners": "1200"}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("artists_batch_dev_mode", of_batch("dev")),
        ("audio_features_403", [recording(spotify_id=f"{SPOTIFY}03")]),
    ],
)
def test_what_our_quota_does_not_have_is_refused_and_not_unknown(
    shared_cases: dict[tuple[str, str], dict[str, Any]], httpserver: HTTPServer, name: str, asked: list[Subject]
) -> None:
    *_, question = EXTENDED.ask(asked)
    assert EXTENDED.read(question, replay(httpserver, question, shared_cases["spotify", name])) == Reading(
        outcome=REFUSED, reason="HTTP 403"
    )


@pytest.mark.parametrize(
    ("file", "provider", "asked", "expected"),
    [
        (
            "deezer/TestTrack_test_track_attributes_0.json",
            "deezer",
            recording(isrc="GBDUW0000059"),
            {"tempo_bpm": "123.0", "release_date": "2001-03-07"},
        ),
        ("deezer/TestClient_test_no_track_raise_0.json", "deezer", recording(isrc="GBDUW0000059"), {}),
        (
            "spotify/zmb3_find_artist.json",
            "spotify",
            subject(EntityType.ARTIST, spotify_id="0TnOYISbd1XYRBk9myaseg"),
            {"popularity": "97", "listeners": "2265279"},
        ),
        (
            "discogs/releases__79.json",
            "discogs",
            subject(EntityType.RELEASE, discogs_id="79"),
            {"release_date": "1998-12-00", "label": "Svek", "genre": "Electronic"},
        ),
        (
            "musicbrainz/picard_artist.json",
            "musicbrainz",
            subject(EntityType.ARTIST, mbid="b8a7c51f-362c-4dcb-a259-bc6e0095f0a6"),
            {"country": "GB"},
        ),
        (
            "acousticbrainz/beets_high_low_merged.json",
            "acousticbrainz",
            recording(mbid=RECORDING_MBID),
            {"tempo_bpm": "162.532119751", "key": "A minor"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_real_answer_is_read(
    shared_data: Path, file: str, provider: str, asked: Subject, expected: dict[str, str]
) -> None:
    recorded = json.loads((shared_data / "providers" / file).read_text(encoding="utf-8"))
    body = recorded["body"] if "_request" in recorded else recorded
    one = provider_named(provider)
    (question,) = one.ask([asked])
    answer = Answer(
        status=200,
        headers={"content-type": "application/json"},
        body=json.dumps(body).encode(),
        received_at=NOW,
    )
    assert values(one.read(question, answer)) == expected
