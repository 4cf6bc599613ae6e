"""What Last.fm is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import MalformedAnswerError, Reading
from linernotes.providers.lastfm import LastFm
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

BIO = 'New Order are an English band. <a href="https://www.last.fm/music/New+Order">Read more on Last.fm</a>'
ARTIST = {
    "name": "New Order",
    "stats": {"listeners": "2000000", "playcount": "70000000"},
    "tags": {"tag": [{"name": "new wave"}, {"name": "80s"}]},
    "bio": {"summary": BIO},
}
TRACK = {
    "name": "Blue Monday",
    "duration": "448000",
    "artist": {"name": "New Order"},
    "listeners": "1100000",
    "playcount": "7500000",
    "toptags": {"tag": {"name": "synthpop"}},
}


def test_artists_and_recordings_are_asked_for_by_name() -> None:
    assert only_question(LastFm(), artist()).parameters == {
        "method": "artist.getinfo",
        "artist": "New Order",
        "format": "json",
    }
    assert only_question(LastFm(), recording()).parameters == {
        "method": "track.getinfo",
        "artist": "New Order",
        "track": "Blue Monday",
        "format": "json",
    }


def test_an_artist_gives_counts_tags_and_a_biography_without_its_link() -> None:
    assert values(read(LastFm(), artist(), reply({"artist": ARTIST}))) == {
        "bio": "New Order are an English band.",
        "tags": "new wave, 80s",
        "listeners": "2000000",
        "playcount": "70000000",
    }


def test_a_recording_gives_counts_and_tags() -> None:
    reading = read(LastFm(), recording(), reply({"track": TRACK}))
    assert values(reading) == {"tags": "synthpop", "listeners": "1100000", "playcount": "7500000"}
    assert matches(reading) == {1.0}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"tag": {"name": "new wave"}}, "new wave"),
        ({"tag": [{"name": "new wave"}, None, {"name": None}]}, "new wave"),
        ({"tag": ""}, None),
        ({"tag": None}, None),
        ("", None),
        (None, None),
    ],
)
def test_tags_are_a_list_an_object_or_empty_text(tags: object, expected: str | None) -> None:
    reading = read(LastFm(), artist(), reply({"artist": ARTIST | {"tags": tags}}))
    assert values(reading).get("tags") == expected


@pytest.mark.parametrize("changed", [{"stats": ""}, {"stats": {"listeners": "many", "playcount": None}}])
def test_what_is_no_count_is_no_value(changed: dict[str, object]) -> None:
    assert not {"listeners", "playcount"} & values(read(LastFm(), artist(), reply({"artist": ARTIST | changed}))).keys()


@pytest.mark.parametrize("bio", [None, "", {"summary": None}, {"summary": " <a href=x>Read more</a>"}])
def test_a_biography_of_a_link_alone_is_none(bio: object) -> None:
    assert "bio" not in values(read(LastFm(), artist(), reply({"artist": ARTIST | {"bio": bio}})))


def test_another_track_is_not_found() -> None:
    other = TRACK | {"duration": "0", "artist": None, "name": "True Faith"}
    assert read(LastFm(), recording(), reply({"track": other})).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        (6, 200, Outcome.NOT_FOUND),
        (6, 404, Outcome.NOT_FOUND),
        (8, 500, Outcome.TRANSIENT),
        (11, 200, Outcome.TRANSIENT),
        (16, 503, Outcome.TRANSIENT),
        (29, 200, Outcome.QUOTA),
        (10, 403, Outcome.REFUSED),
        (26, 200, Outcome.REFUSED),
    ],
)
def test_a_code_counts_before_the_status(code: int, status: int, outcome: Outcome) -> None:
    answer = reply({"error": code, "message": "?"}, status=status, headers={"retry-after": "9"})
    wait = None if status == 200 else 9.0
    assert read(LastFm(), artist(), answer) == Reading(outcome=outcome, reason=f"error {code}", wait_seconds=wait)


def test_a_page_with_a_bad_status_is_read_by_the_status() -> None:
    assert read(LastFm(), artist(), reply(b"<html>", status=502)).outcome is Outcome.TRANSIENT


@pytest.mark.parametrize("body", [{}, {"track": TRACK}, {"artist": None}])
def test_an_answer_to_something_else_is_malformed(body: object) -> None:
    with pytest.raises(MalformedAnswerError):
        read(LastFm(), artist(), reply(body))
