"""What files of lyrics mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.lyrics import Lyrics
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

FILE = {"artist": "New Order", "title": "Blue Monday", "duration_ms": 448_000, "text": "words"}


def test_lyrics_are_asked_for_by_artist_and_title() -> None:
    assert only_question(Lyrics(), recording()).parameters == {"artist": "New Order", "title": "Blue Monday"}
    assert list(Lyrics().ask([artist(), recording(artist=None)])) == []


@pytest.mark.parametrize(("duration_ms", "match"), [(448_000, 1.0), (None, 0.95), (441_000, 0.9)])
def test_a_file_says_that_there_are_lyrics(duration_ms: int | None, match: float) -> None:
    reading = read(Lyrics(), recording(), reply([FILE | {"duration_ms": duration_ms}]))
    assert (values(reading), matches(reading)) == ({"lyrics_available": "true"}, {match})


@pytest.mark.parametrize("other", [{"text": " \n"}, {"title": "True Faith"}, {"duration_ms": 270_000}])
def test_a_file_without_words_or_of_another_song_says_nothing(other: dict[str, object]) -> None:
    assert read(Lyrics(), recording(), reply([FILE | other])).outcome is Outcome.NOT_FOUND
