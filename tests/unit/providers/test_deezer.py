"""What Deezer is asked, and what its answers mean."""

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, MalformedAnswerError, Reading
from linernotes.providers.deezer import Deezer
from tests.provider_kit import ID, only_question, read, recording, reply, values

BLUE_MONDAY = recording(identifiers={"isrc": "GBAAP8300002"})
TRACK = {
    "title": "Blue Monday (2016 Remaster)",
    "duration": 449,
    "bpm": 130.2,
    "release_date": "1983-03-07",
    "artist": {"name": "New Order"},
}


def test_a_recording_is_asked_for_by_its_isrc() -> None:
    question = only_question(Deezer(), BLUE_MONDAY)
    assert (question.path, question.parameters) == ("/track/isrc:GBAAP8300002", {})
    assert question.subjects == (BLUE_MONDAY,)


def test_what_has_no_isrc_is_not_asked_for() -> None:
    assert list(Deezer().ask([recording(), recording(identifiers={"mbid": "x"})])) == []


def test_an_isrc_cannot_lead_elsewhere() -> None:
    question = only_question(Deezer(), recording(identifiers={"isrc": "../user/me?x=1"}))
    assert question.path == "/track/isrc:..%2Fuser%2Fme%3Fx%3D1"


def test_a_track_gives_its_tempo_and_its_date() -> None:
    assert read(Deezer(), BLUE_MONDAY, reply(TRACK)) == Reading(
        outcome=Outcome.OK,
        findings=(
            Finding(entity_id=ID, field="tempo_bpm", value="130.2"),
            Finding(entity_id=ID, field="release_date", value="1983-03-07"),
        ),
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"bpm": 0}, {"release_date": "1983-03-07"}),
        ({"release_date": "0000-00-00"}, {"tempo_bpm": "130.2"}),
        ({"bpm": None, "release_date": None}, {}),
    ],
)
def test_what_is_unknown_is_no_value(changed: dict[str, object], expected: dict[str, str]) -> None:
    reading = read(Deezer(), BLUE_MONDAY, reply(TRACK | changed))
    assert (reading.outcome, values(reading)) == (Outcome.OK, expected)


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"duration": 225}, 0.5),
        ({"duration": 0}, 1.0),
        ({"artist": {"name": "Orgy"}}, 0.5),
        ({"title": "Blue Monday (Hardfloor Mix)", "artist": {"name": "Flunk"}}, 0.25),
    ],
)
def test_what_speaks_against_the_track_makes_it_less_sure(changed: dict[str, object], match: float) -> None:
    reading = read(Deezer(), BLUE_MONDAY, reply(TRACK | changed))
    assert {finding.match for finding in reading.findings} == {match}


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        ({"type": "DataException", "message": "no data", "code": 800}, Outcome.NOT_FOUND, "error 800"),
        ({"type": "Exception", "message": "Quota limit exceeded", "code": 4}, Outcome.QUOTA, "error 4"),
        ({"type": "Exception", "message": "Service busy", "code": 700}, Outcome.TRANSIENT, "error 700"),
        ({"type": "Exception", "message": "An error has occured"}, Outcome.TRANSIENT, "an error without a code"),
        ({"type": "OAuthException", "message": "Invalid OAuth", "code": 300}, Outcome.REFUSED, "error 300"),
        ({"type": "ParameterException", "message": "Wrong parameter", "code": 500}, Outcome.REFUSED, "error 500"),
        ({"type": "Exception", "message": "?", "code": 12345}, Outcome.MALFORMED, "error 12345"),
    ],
)
def test_errors_are_read_from_answers_of_status_200(error: dict[str, object], outcome: Outcome, reason: str) -> None:
    assert read(Deezer(), BLUE_MONDAY, reply({"error": error})) == Reading(outcome=outcome, reason=reason)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply(b"", status=503), Outcome.TRANSIENT),
        (reply(b"<html>", status=403), Outcome.REFUSED),
        (reply({}, status=404), Outcome.NOT_FOUND),
    ],
)
def test_a_status_counts_before_the_body(answer: Answer, outcome: Outcome) -> None:
    assert read(Deezer(), BLUE_MONDAY, answer).outcome is outcome


@pytest.mark.parametrize("body", [b"<!doctype html>", b"", b"[1]", b'{"bpm": "fast"}', b'{"title": "Blue Mon'])
def test_what_is_no_track_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(Deezer(), BLUE_MONDAY, reply(body))
