"""What ReccoBeats is asked, and what its answers mean."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, MalformedAnswerError, Reading
from linernotes.providers.reccobeats import ReccoBeats
from tests.provider_kit import ID, OTHER_ID, artist, only_question, read, recording, reply, values

SPOTIFY_ID, OTHER_SPOTIFY_ID = "6hHc7Pks7wtBIW8Z6A0iFq", "1RSy7B2vfPi84N80QJ6frX"
BLUE_MONDAY = recording(identifiers={"spotify_id": SPOTIFY_ID})
OTHER = recording(OTHER_ID, identifiers={"spotify_id": OTHER_SPOTIFY_ID})
FEATURES = {
    "id": "another id",
    "href": f"https://open.spotify.com/track/{SPOTIFY_ID}",
    "tempo": 129.98,
    "key": 2,
    "mode": 0,
}
OF_OTHER = FEATURES | {"href": f"https://open.spotify.com/track/{OTHER_SPOTIFY_ID}", "tempo": 92.5, "mode": 1}


def batch(*content: object) -> dict[str, object]:
    return {"content": content}


def test_recordings_are_asked_for_together_by_their_spotify_ids() -> None:
    question = only_question(ReccoBeats(), BLUE_MONDAY, OTHER)
    assert (question.path, question.parameters) == (
        "/v1/audio-features",
        {"ids": f"{SPOTIFY_ID},{OTHER_SPOTIFY_ID}"},
    )
    assert question.subjects == (BLUE_MONDAY, OTHER)


def test_a_batch_has_40_tracks_at_most() -> None:
    many = [recording(UUID(int=number), identifiers={"spotify_id": f"track{number}"}) for number in range(81)]
    assert [len(question.subjects) for question in ReccoBeats().ask(many)] == [40, 40, 1]


def test_what_has_no_spotify_id_is_not_asked_for() -> None:
    assert list(ReccoBeats().ask([recording(), artist(spotify_id=SPOTIFY_ID)])) == []


def test_an_id_cannot_be_two() -> None:
    question = only_question(ReccoBeats(), recording(identifiers={"spotify_id": "one,other"}))
    assert question.parameters == {"ids": "one%2Cother"}


def test_it_is_off_unless_somebody_turns_it_on() -> None:
    assert ReccoBeats.profile.is_on is False


def test_answers_find_their_tracks_by_the_address_and_not_by_the_order() -> None:
    reading = ReccoBeats().read(only_question(ReccoBeats(), BLUE_MONDAY, OTHER), reply(batch(OF_OTHER, FEATURES)))
    assert reading == Reading(
        outcome=Outcome.OK,
        findings=(
            Finding(entity_id=ID, field="tempo_bpm", value="129.98"),
            Finding(entity_id=ID, field="key", value="7A"),
            Finding(entity_id=OTHER_ID, field="tempo_bpm", value="92.5"),
            Finding(entity_id=OTHER_ID, field="key", value="10B"),
        ),
    )


def test_whom_it_leaves_out_it_does_not_know() -> None:
    reading = ReccoBeats().read(only_question(ReccoBeats(), BLUE_MONDAY, OTHER), reply(batch(None, OF_OTHER)))
    assert (reading.outcome, reading.unknown) == (Outcome.OK, (ID,))
    assert {finding.entity_id for finding in reading.findings} == {OTHER_ID}


def test_two_recordings_of_one_track_are_both_answered() -> None:
    same = recording(OTHER_ID, identifiers={"spotify_id": SPOTIFY_ID})
    reading = ReccoBeats().read(only_question(ReccoBeats(), BLUE_MONDAY, same), reply(batch(FEATURES)))
    assert {finding.entity_id for finding in reading.findings} == {ID, OTHER_ID}


@pytest.mark.parametrize("tail", ["?si=1", "/", "#t"])
def test_what_follows_the_id_in_an_address_does_not_matter(tail: str) -> None:
    features = FEATURES | {"href": f"https://open.spotify.com/intl-de/track/{SPOTIFY_ID}{tail}"}
    assert read(ReccoBeats(), BLUE_MONDAY, reply(batch(features))).outcome is Outcome.OK


def test_a_value_told_twice_counts_once_and_each_of_two_is_half_as_sure() -> None:
    reading = read(ReccoBeats(), BLUE_MONDAY, reply(batch(FEATURES, FEATURES | {"tempo": 65})))
    assert reading.findings == (
        Finding(entity_id=ID, field="tempo_bpm", value="129.98", match=0.5),
        Finding(entity_id=ID, field="tempo_bpm", value="65.0", match=0.5),
        Finding(entity_id=ID, field="key", value="7A"),
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"tempo": 0}, {"key": "7A"}),
        ({"tempo": None}, {"key": "7A"}),
        ({"key": -1}, {"tempo_bpm": "129.98"}),
        ({"key": None, "mode": None}, {"tempo_bpm": "129.98"}),
        ({"mode": 2, "tempo": float("nan")}, {}),
    ],
)
def test_what_is_unknown_is_no_value(changed: dict[str, object], expected: dict[str, str]) -> None:
    reading = read(ReccoBeats(), BLUE_MONDAY, reply(batch(FEATURES | changed)))
    assert (reading.outcome, values(reading)) == (Outcome.OK, expected)


@pytest.mark.parametrize(
    "body",
    [
        batch(),
        {"content": None},
        batch({}),
        batch(OF_OTHER),
        batch(FEATURES | {"href": None}),
        batch(FEATURES | {"href": f"https://open.spotify.com/artist/{SPOTIFY_ID}"}),
    ],
)
def test_a_batch_without_the_track_is_not_found(body: object) -> None:
    assert read(ReccoBeats(), BLUE_MONDAY, reply(body)) == Reading(outcome=Outcome.NOT_FOUND)


@pytest.mark.parametrize(
    ("answer", "outcome", "wait"),
    [
        (reply({"status": 4004}, status=400), Outcome.REFUSED, None),
        (reply({}, status=403), Outcome.REFUSED, None),
        (reply({}, status=429, headers={"retry-after": "7"}), Outcome.QUOTA, 7.0),
        (reply(b"", status=500), Outcome.TRANSIENT, None),
    ],
)
def test_a_status_counts_before_the_body(answer: Answer, outcome: Outcome, wait: float | None) -> None:
    reading = read(ReccoBeats(), BLUE_MONDAY, answer)
    assert (reading.outcome, reading.wait_seconds) == (outcome, wait)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"null", b"{}", b'{"content": {}}', b'{"content": [1]}', b'{"content": [[]]}'),
        b'{"content": [{"tempo": "fast"}]}',
        b'{"content": [{"key": 1.5}]}',
        b'{"content": [{"href": "\\ud800"}]}',
    ],
)
def test_what_is_no_batch_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(ReccoBeats(), BLUE_MONDAY, reply(body))


def test_every_shared_answer_is_read(shared_data: Path) -> None:
    cases = json.loads((shared_data / "providers" / "response_cases.json").read_text(encoding="utf-8"))
    (case,) = (one for one in cases if one["provider"] == "reccobeats")
    polar = recording(identifiers={"spotify_id": "0000000000000000000003"})
    question = only_question(ReccoBeats(), polar)
    reading = read(ReccoBeats(), polar, reply(case["body"], status=case["status"], headers=case["headers"]))
    assert (question.path, question.parameters) == (case["path"], case["query"])
    assert (reading.outcome, values(reading)) == (Outcome.OK, {"tempo_bpm": "124.02", "key": "6B"})
