"""What track lists are asked, and what their lines mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.mixesdb import MixesDb
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

LINE = {"artist": "New Order", "title": "Blue Monday", "bpm": "130", "key": "7A"}


def test_a_track_is_asked_for_by_artist_and_title() -> None:
    assert only_question(MixesDb(), recording()).parameters == {"artist": "New Order", "title": "Blue Monday"}
    assert list(MixesDb().ask([artist(), recording(artist=None)])) == []


def test_a_line_says_tempo_and_key() -> None:
    reading = read(MixesDb(), recording(), reply([LINE]))
    assert (values(reading), matches(reading)) == ({"tempo_bpm": "130.0", "key": "7A"}, {0.95})


def test_of_lines_that_fit_as_well_the_first_that_says_it_counts() -> None:
    lines = [LINE | {"bpm": "", "key": None}, LINE | {"key": "?"}, LINE | {"bpm": "65", "key": "D minor"}]
    assert values(read(MixesDb(), recording(), reply(lines))) == {"tempo_bpm": "130.0", "key": "D minor"}


@pytest.mark.parametrize(
    "line",
    [LINE | {"title": "Blue Monday (Hardfloor Remix)"}, LINE | {"artist": "Orgy"}, {**LINE, "bpm": "", "key": "x"}],
)
def test_another_track_and_one_without_anything_to_say_are_not_found(line: dict[str, str]) -> None:
    assert read(MixesDb(), recording(), reply([line])).outcome is Outcome.NOT_FOUND
