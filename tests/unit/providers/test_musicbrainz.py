"""What MusicBrainz is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Finding, Reading
from linernotes.providers.musicbrainz import MusicBrainz
from tests.provider_kit import ID, artist, matches, only_question, read, recording, reply, values

ISRC, MBID = "GBAAP8300002", "f1106b17-dcbb-45f6-b938-199ccfab50cc"
BLUE_MONDAY = recording(identifiers={"isrc": ISRC})
NEW_ORDER = artist(mbid=MBID)
FOUND = {
    "id": "1f518811-7cf9-4bdc-a656-0958e450cd77",
    "title": "Blue Monday",
    "length": 448_000,
    "first-release-date": "1983-03-07",
    "artist-credit": [{"name": "New Order", "joinphrase": ""}],
}


def test_a_recording_is_asked_for_by_isrc_and_an_artist_by_mbid() -> None:
    recordings, artists = only_question(MusicBrainz(), BLUE_MONDAY), only_question(MusicBrainz(), NEW_ORDER)
    assert (recordings.path, recordings.parameters) == (f"/isrc/{ISRC}", {"fmt": "json", "inc": "artist-credits"})
    assert (artists.path, artists.parameters) == (f"/artist/{MBID}", {"fmt": "json", "inc": "aliases genres tags"})


def test_a_recording_gives_its_mbid_and_its_date() -> None:
    reading = read(MusicBrainz(), BLUE_MONDAY, reply({"recordings": [FOUND]}))
    assert reading == Reading(
        outcome=Outcome.OK,
        findings=(
            Finding(entity_id=ID, field="mbid", value=str(FOUND["id"])),
            Finding(entity_id=ID, field="release_date", value="1983-03-07"),
        ),
    )


def test_of_several_recordings_the_one_that_fits_counts() -> None:
    other = {**FOUND, "id": "another", "length": 240_000}
    reading = read(MusicBrainz(), BLUE_MONDAY, reply({"recordings": [other, None, FOUND]}))
    assert (values(reading)["mbid"], matches(reading)) == (FOUND["id"], {1.0})


def test_recordings_that_fit_as_well_are_each_less_sure() -> None:
    twin = {**FOUND, "id": "twin", "first-release-date": None}
    reading = read(MusicBrainz(), BLUE_MONDAY, reply({"recordings": [FOUND, twin]}))
    assert [finding.value for finding in reading.findings] == [FOUND["id"], "1983-03-07", "twin"]
    assert matches(reading) == {0.5}


@pytest.mark.parametrize("recordings", [None, [], [None], [{"id": None}]])
def test_an_isrc_without_a_recording_is_not_found(recordings: object) -> None:
    assert read(MusicBrainz(), BLUE_MONDAY, reply({"recordings": recordings})).outcome is Outcome.NOT_FOUND


def test_an_artist_gives_country_and_what_most_people_call_the_music() -> None:
    body = {
        "id": MBID,
        "country": "GB",
        "genres": [
            {"name": "new wave", "count": 3},
            {"name": "synth-pop", "count": 7},
            {"name": "alternative dance", "count": 7},
        ],
        "tags": [{"name": "british", "count": 2}, {"name": "jazz", "count": -1}, {"name": "80s", "count": 5}],
    }
    reading = read(MusicBrainz(), NEW_ORDER, reply(body))
    assert values(reading) == {"country": "GB", "genre": "alternative dance", "tags": "80s, british"}


def test_an_artist_that_was_merged_gives_the_mbid_that_leads() -> None:
    assert values(read(MusicBrainz(), artist(mbid="old"), reply({"id": MBID}))) == {"mbid": MBID}


@pytest.mark.parametrize(("headers", "wait"), [({}, 1.0), ({"retry-after": "5"}, 5.0), ({"retry-after": "soon"}, 1.0)])
def test_over_the_rate_limit_is_our_fault(headers: dict[str, str], wait: float) -> None:
    body = {"error": "Your requests are exceeding the allowable rate limit."}
    reading = read(MusicBrainz(), BLUE_MONDAY, reply(body, status=503, headers=headers))
    assert (reading.outcome, reading.wait_seconds) == (Outcome.QUOTA, wait)


def test_a_busy_server_is_not() -> None:
    body = {"error": "The MusicBrainz web server is currently busy."}
    assert read(MusicBrainz(), BLUE_MONDAY, reply(body, status=503)).outcome is Outcome.TRANSIENT
