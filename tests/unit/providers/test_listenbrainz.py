"""What ListenBrainz is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.providers.listenbrainz import ListenBrainz
from tests.provider_kit import matches, only_question, read, recording, reply, values

MBID = "1f518811-7cf9-4bdc-a656-0958e450cd77"
FOUND = {"artist_credit_name": "New Order", "recording_name": "Blue Monday", "recording_mbid": MBID}


def test_a_recording_is_asked_for_by_what_it_is_called() -> None:
    question = only_question(ListenBrainz(), recording())
    assert question.parameters == {"artist_name": "New Order", "recording_name": "Blue Monday"}
    assert list(ListenBrainz().ask([recording(artist=None)])) == []


def test_a_recording_gives_its_mbid() -> None:
    reading = read(ListenBrainz(), recording(), reply(FOUND))
    assert (values(reading), matches(reading)) == ({"mbid": MBID}, {0.95})


@pytest.mark.parametrize(
    "body", [{}, FOUND | {"recording_mbid": None}, FOUND | {"recording_name": "True Faith"}, {"recording_mbid": MBID}]
)
def test_what_is_something_else_is_not_found(body: dict[str, object]) -> None:
    assert read(ListenBrainz(), recording(), reply(body)).outcome is Outcome.NOT_FOUND
