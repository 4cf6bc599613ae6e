"""What documents of AcousticBrainz mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Finding
from linernotes.providers.acousticbrainz import AcousticBrainz
from tests.provider_kit import ID, artist, matches, only_question, read, recording, reply, values

BLUE_MONDAY = recording(identifiers={"mbid": "1f518811-7cf9-4bdc-a656-0958e450cd77"})
HEARD = {
    "rhythm": {"bpm": 130.01},
    "tonal": {"key_key": "D", "key_scale": "minor", "key_strength": 0.63},
    "metadata": {"audio_properties": {"length": 448.2}},
}


def test_a_document_is_found_by_mbid() -> None:
    question = only_question(AcousticBrainz(), BLUE_MONDAY)
    assert question.path == "/api/v1/1f518811-7cf9-4bdc-a656-0958e450cd77/low-level"
    assert list(AcousticBrainz().ask([artist(mbid="x"), recording()])) == []


def test_a_key_is_as_sure_as_the_software_was() -> None:
    assert read(AcousticBrainz(), BLUE_MONDAY, reply(HEARD)).findings == (
        Finding(entity_id=ID, field="tempo_bpm", value="130.01"),
        Finding(entity_id=ID, field="key", value="D minor", signal=0.63),
    )


@pytest.mark.parametrize(
    ("tonal", "signal"),
    [
        ({"key_strength": None}, {1.0}),
        ({"key_strength": 1.7}, {1.0}),
        ({"key_strength": -3}, {0.0}),
        ({"key_key": "H"}, set()),
        ({"key_scale": None}, set()),
        ({"key_key": None}, set()),
    ],
)
def test_a_strength_is_a_share_and_a_key_has_a_scale(tonal: dict[str, object], signal: set[float]) -> None:
    body = HEARD | {"rhythm": None, "tonal": {"key_key": "D", "key_scale": "minor"} | tonal}
    assert {one.signal for one in read(AcousticBrainz(), BLUE_MONDAY, reply(body)).findings} == signal


@pytest.mark.parametrize(
    ("metadata", "match"),
    [
        ({"audio_properties": {"length": 270.0}}, 0.5),
        ({"audio_properties": {"length": 1e300}}, 1.0),
        ({"audio_properties": None}, 1.0),
        (None, 1.0),
    ],
)
def test_another_length_makes_it_less_sure(metadata: object, match: float) -> None:
    assert matches(read(AcousticBrainz(), BLUE_MONDAY, reply(HEARD | {"metadata": metadata}))) == {match}


def test_a_document_without_music_says_nothing() -> None:
    reading = read(AcousticBrainz(), BLUE_MONDAY, reply({"rhythm": {"bpm": 0}}))
    assert (reading.outcome, values(reading)) == (Outcome.OK, {})
