"""What the Cover Art Archive is asked, and what its answers mean."""

import pytest

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.providers.coverart import CoverArt
from tests.provider_kit import artist, only_question, read, release, reply, values

FRONT = {"approved": True, "front": True, "id": "12", "image": "http://coverartarchive.org/release/1/12.jpg"}


@pytest.mark.parametrize(
    ("entity_type", "path"),
    [(EntityType.RELEASE, "/release/an%2Fmbid"), (EntityType.RELEASE_GROUP, "/release-group/an%2Fmbid")],
)
def test_covers_are_asked_for_by_mbid(entity_type: EntityType, path: str) -> None:
    assert only_question(CoverArt(), release(entity_type, mbid="an/mbid")).path == path
    assert list(CoverArt().ask([artist(mbid="an/mbid"), release(entity_type)])) == []


def test_the_front_cover_is_led_to_over_https() -> None:
    back = FRONT | {"front": False, "image": "http://coverartarchive.org/release/1/11.jpg"}
    reading = read(CoverArt(), release(mbid="1"), reply({"images": [back, None, FRONT]}))
    assert values(reading) == {"cover_art": "https://coverartarchive.org/release/1/12.jpg"}


@pytest.mark.parametrize(
    "image",
    [
        FRONT | {"approved": False},
        FRONT | {"front": None},
        FRONT | {"image": None},
        FRONT | {"image": "javascript:alert(1)"},
        FRONT | {"image": "ftp://coverartarchive.org/12.jpg"},
        FRONT | {"image": "https://coverartarchive.org/12.jpg onload=x"},
        FRONT | {"image": "https://coverartarchive.org/1\r\n.jpg"},
    ],
)
def test_what_is_no_front_cover_is_not_found(image: dict[str, object]) -> None:
    reading = read(CoverArt(), release(mbid="1"), reply({"images": [image]}))
    assert (reading.outcome, reading.findings) == (Outcome.NOT_FOUND, ())
