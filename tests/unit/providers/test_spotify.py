"""What Spotify is asked with each quota, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.spotify import Capability, Spotify
from tests.provider_kit import ID, OTHER_ID, artist, matches, only_question, read, recording, reply, values

PROBE_SAYS = [(200, "extended"), (404, "extended"), (403, "dev"), (401, None), (429, None), (500, None)]
DEV, EXTENDED = Spotify(), Spotify(Capability.EXTENDED)
SPOTIFY_ID = "6hHc7Pks7wtBIW8Z6A0iFq"
BY_ID, BY_ISRC = recording(identifiers={"spotify_id": SPOTIFY_ID}), recording(identifiers={"isrc": "GBAAP8300002"})
TRACK = {
    "id": SPOTIFY_ID,
    "name": "Blue Monday - 2016 Remaster",
    "artists": [{"name": "New Order"}],
    "album": {"release_date": "1983-05-02"},
    "duration_ms": 448_500,
    "external_ids": {"isrc": "GB-AAP-83-00002"},
}


def test_a_recording_is_asked_for_by_its_id_or_searched_by_its_isrc() -> None:
    assert only_question(DEV, BY_ID).path == f"/tracks/{SPOTIFY_ID}"
    search = only_question(DEV, BY_ISRC)
    assert (search.path, search.parameters) == (
        "/search",
        {"q": "isrc:GBAAP8300002", "type": "track", "limit": "10"},
    )
    assert list(DEV.ask([recording(), artist()])) == []


def test_only_an_extended_quota_asks_for_audio_features_and_batches() -> None:
    artists = [artist(spotify_id=f"artist{number}") for number in range(51)]
    asked = [question.path for question in EXTENDED.ask([BY_ID])]
    assert asked == [f"/tracks/{SPOTIFY_ID}", f"/audio-features/{SPOTIFY_ID}"]
    assert [len(question.subjects) for question in EXTENDED.ask(artists)] == [50, 1]
    assert next(iter(EXTENDED.ask(artists[:2]))).parameters == {"ids": "artist0,artist1"}
    assert [question.path for question in DEV.ask(artists[:2])] == ["/artists/artist0", "/artists/artist1"]


@pytest.mark.parametrize(("subject", "body"), [(BY_ID, TRACK), (BY_ISRC, {"tracks": {"items": [None, TRACK]}})])
def test_a_track_gives_what_development_mode_has(subject: object, body: object) -> None:
    reading = read(DEV, BY_ID if subject is BY_ID else BY_ISRC, reply(body))
    assert (values(reading), matches(reading)) == (
        {"spotify_id": SPOTIFY_ID, "isrc": "GBAAP8300002", "release_date": "1983-05-02"},
        {1.0},
    )


def test_of_the_tracks_of_an_isrc_the_one_that_fits_best_counts() -> None:
    edit = TRACK | {"id": "edit", "name": "Blue Monday - Radio Edit", "duration_ms": 240_000}
    reading = read(DEV, BY_ISRC, reply({"tracks": {"items": [edit, TRACK]}}))
    assert values(reading)["spotify_id"] == SPOTIFY_ID


@pytest.mark.parametrize(
    "body", [{"tracks": None}, {}, {"tracks": {"items": []}}, {"tracks": {"items": None}}, {"tracks": {"items": [{}]}}]
)
def test_a_search_without_a_track_is_not_found(body: object) -> None:
    assert read(DEV, BY_ISRC, reply(body)).outcome is Outcome.NOT_FOUND


def test_a_track_with_nothing_but_an_id_gives_that() -> None:
    assert values(read(DEV, BY_ID, reply({"id": SPOTIFY_ID}))) == {"spotify_id": SPOTIFY_ID}


def test_an_artist_gives_what_the_quota_has() -> None:
    known = artist(spotify_id="0yNLKJebCb8Aueb54LYya3")
    dev = {"genres": ["new wave", "synthpop"]}
    assert values(read(DEV, known, reply(dev))) == {"genre": "new wave"}
    extended = dev | {"popularity": 0, "followers": {"total": 1_500_000}}
    assert values(read(DEV, known, reply(extended))) == {
        "genre": "new wave",
        "popularity": "0",
        "listeners": "1500000",
    }
    assert values(read(DEV, known, reply({"genres": None, "followers": None}))) == {}


@pytest.mark.parametrize(
    ("artists", "outcome", "unknown"),
    [
        ([{"popularity": 1}, None], Outcome.OK, (OTHER_ID,)),
        ([{"popularity": 1}], Outcome.OK, (OTHER_ID,)),
        ([{"popularity": 1}, {}, {}], Outcome.OK, ()),
        ([None, None], Outcome.NOT_FOUND, ()),
        ([], Outcome.NOT_FOUND, ()),
    ],
)
def test_a_batch_is_answered_in_its_order(artists: list[object], outcome: Outcome, unknown: tuple[object, ...]) -> None:
    asked = [artist(spotify_id="one"), artist(spotify_id="other")]
    both = [
        asked[0],
        type(asked[1])(entity_type=asked[1].entity_type, entity_id=OTHER_ID, identifiers={"spotify_id": "other"}),
    ]
    question = only_question(EXTENDED, *both)
    reading = EXTENDED.read(question, reply({"artists": artists}))
    assert (reading.outcome, reading.unknown) == (outcome, unknown)
    assert all(finding.entity_id == ID for finding in reading.findings)


def test_audio_features_give_tempo_and_key() -> None:
    _, question = EXTENDED.ask([BY_ID])
    assert values(EXTENDED.read(question, reply({"tempo": 130.0, "key": 2, "mode": 0}))) == {
        "tempo_bpm": "130.0",
        "key": "7A",
    }
    assert values(EXTENDED.read(question, reply({"tempo": 0, "key": -1, "mode": 0}))) == {}


@pytest.mark.parametrize(("status", "capability"), PROBE_SAYS)
def test_the_probe_tells_the_quota(status: int, capability: str | None) -> None:
    assert DEV.capability(reply({}, status=status)) == capability
    assert DEV.probe.subjects == ()


def test_a_quota_changes_what_is_asked() -> None:
    assert DEV.with_capability("extended").profile == EXTENDED.profile
    assert EXTENDED.with_capability("dev").profile == DEV.profile
