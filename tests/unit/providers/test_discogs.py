"""What Discogs' API is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.discogs import Discogs
from tests.provider_kit import artist, only_question, read, release, reply, values

BLUE_MONDAY = release(discogs_id="20755")
RELEASE = {
    "released": "1983-03-00",
    "labels": [{"name": "Factory (2)", "catno": "FAC 73"}],
    "genres": ["Electronic"],
    "images": [
        {"type": "secondary", "uri": "https://i.discogs.com/2.jpg"},
        {"type": "primary", "uri": "https://i.discogs.com/1.jpg"},
    ],
}


def test_a_release_is_asked_for_by_its_id() -> None:
    assert only_question(Discogs(), BLUE_MONDAY).path == "/releases/20755"
    assert list(Discogs().ask([release(), artist(discogs_id="3909")])) == []


def test_a_release_gives_date_label_genre_and_cover() -> None:
    assert values(read(Discogs(), BLUE_MONDAY, reply(RELEASE))) == {
        "release_date": "1983-03-00",
        "label": "Factory",
        "genre": "Electronic",
        "cover_art": "https://i.discogs.com/1.jpg",
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"released": "", "labels": [None, {"name": ""}], "genres": None, "images": [{"type": "primary", "uri": ""}]},
        {"released": "0000", "labels": [], "genres": [], "images": [{"type": "primary", "uri": "/image/1.jpg"}]},
    ],
)
def test_what_is_empty_is_no_value(body: object) -> None:
    reading = read(Discogs(), BLUE_MONDAY, reply(body))
    assert (reading.outcome, values(reading)) == (Outcome.OK, {})


@pytest.mark.parametrize(("headers", "wait"), [({}, 60.0), ({"retry-after": "7"}, 7.0)])
def test_a_quota_without_a_time_ends_with_the_minute(headers: dict[str, str], wait: float) -> None:
    reading = read(Discogs(), BLUE_MONDAY, reply({}, status=429, headers=headers))
    assert (reading.outcome, reading.wait_seconds) == (Outcome.QUOTA, wait)
