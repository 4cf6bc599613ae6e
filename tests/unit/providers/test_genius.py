"""What Genius is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.genius import Genius
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

SONG = {
    "title": "Blue Monday",
    "artist_names": "New Order",
    "url": "https://genius.com/New-order-blue-monday-lyrics",
    "lyrics_state": "complete",
}


def hits(*songs: object, kind: str = "song") -> dict[str, object]:
    return {"response": {"hits": [{"type": kind, "result": song} for song in songs]}}


def test_a_recording_is_searched_by_artist_and_title() -> None:
    assert only_question(Genius(), recording()).parameters == {"q": "New Order Blue Monday"}
    assert list(Genius().ask([artist(), recording(artist=None)])) == []


def test_a_song_gives_where_its_lyrics_stand() -> None:
    reading = read(Genius(), recording(), reply(hits(None, SONG | {"title": "True Faith"}, SONG)))
    assert values(reading) == {"lyrics_url": SONG["url"], "lyrics_available": "true"}
    assert matches(reading) == {0.95}


@pytest.mark.parametrize("state", ["unreleased", "instrumental", None])
def test_lyrics_that_are_not_complete_are_not_available(state: str | None) -> None:
    reading = read(Genius(), recording(), reply(hits(SONG | {"lyrics_state": state})))
    assert values(reading)["lyrics_available"] == "false"


@pytest.mark.parametrize(
    "body", [hits(), hits(SONG | {"artist_names": "Orgy"}), hits(SONG, kind="album"), {"response": {"hits": None}}]
)
def test_what_is_another_song_is_not_found(body: object) -> None:
    assert read(Genius(), recording(), reply(body)).outcome is Outcome.NOT_FOUND
