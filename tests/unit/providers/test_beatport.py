"""What Beatport is asked, and what its answers mean."""

import json
from pathlib import Path

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, MalformedAnswerError, Reading
from linernotes.providers.beatport import Beatport
from tests.provider_kit import ID, matches, only_question, read, recording, reply, values

BLUE_MONDAY = recording(identifiers={"isrc": "GBAAP8300002"})
D_MINOR = {"name": "D Minor", "camelot_number": 7, "camelot_letter": "A"}
TRACK = {
    "name": "Blue Monday",
    "mix_name": "Original Mix",
    "isrc": "GB-AAP-83-00002",
    "artists": [None, {"name": "New Order"}],
    "length_ms": 448_500,
    "bpm": 130,
    "key": D_MINOR,
    "genre": {"name": "Dance / Pop"},
}
ALL = {"tempo_bpm": "130.0", "key": "7A", "genre": "Dance / Pop"}


def page(*tracks: object) -> dict[str, object]:
    return {"count": len(tracks), "results": tracks}


def test_a_recording_is_asked_for_by_its_isrc() -> None:
    question = only_question(Beatport(), BLUE_MONDAY)
    assert (question.path, question.parameters) == ("/v4/catalog/tracks/", {"isrc": "GBAAP8300002"})
    assert question.subjects == (BLUE_MONDAY,)


def test_what_has_no_isrc_is_not_asked_for() -> None:
    assert list(Beatport().ask([recording(), recording(identifiers={"mbid": "x"})])) == []


def test_it_is_off_unless_somebody_turns_it_on() -> None:
    assert Beatport.profile.is_on is False


def test_a_track_gives_its_tempo_its_key_and_its_genre() -> None:
    reading = read(Beatport(), BLUE_MONDAY, reply(page(TRACK)))
    assert (reading.outcome, values(reading), matches(reading)) == (Outcome.OK, ALL, {1.0})


def test_the_same_track_on_several_releases_is_not_in_doubt() -> None:
    assert read(Beatport(), BLUE_MONDAY, reply(page(TRACK, TRACK, TRACK))) == read(
        Beatport(), BLUE_MONDAY, reply(page(TRACK))
    )


def test_each_of_two_values_is_half_as_sure() -> None:
    reading = read(Beatport(), BLUE_MONDAY, reply(page(TRACK, TRACK | {"bpm": 65})))
    assert reading.findings == (
        Finding(entity_id=ID, field="tempo_bpm", value="130.0", match=0.5),
        Finding(entity_id=ID, field="tempo_bpm", value="65.0", match=0.5),
        Finding(entity_id=ID, field="key", value="7A"),
        Finding(entity_id=ID, field="genre", value="Dance / Pop"),
    )


def test_tracks_that_fit_worse_do_not_count() -> None:
    remix = TRACK | {"mix_name": "Hardfloor Remix", "bpm": 127, "length_ms": 515_000}
    reading = read(Beatport(), BLUE_MONDAY, reply(page(remix, TRACK)))
    assert (values(reading), matches(reading)) == (ALL, {1.0})


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"mix_name": "Hardfloor Remix"}, 0.5),
        ({"mix_name": None, "length_ms": 0}, 1.0),
        ({"name": None, "artists": None, "length_ms": None}, 1.0),
        ({"artists": [{"name": "Orgy"}], "length_ms": 225_000}, 0.25),
    ],
)
def test_what_speaks_against_the_track_makes_it_less_sure(changed: dict[str, object], match: float) -> None:
    assert matches(read(Beatport(), BLUE_MONDAY, reply(page(TRACK | changed)))) == {match}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (D_MINOR | {"camelot_number": "7"}, "7A"),
        ({"name": "D Minor"}, "D minor"),
        ({"name": "Bb Major", "camelot_number": 0, "camelot_letter": ""}, "Bb major"),
        ({"name": "F Sharp Minor"}, "F sharp minor"),
        ({"name": "D"}, "D"),
        ({"name": "Unknown", "camelot_number": 13, "camelot_letter": "A"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_key_is_read_from_the_wheel_or_by_its_name(key: object, expected: str | None) -> None:
    assert values(read(Beatport(), BLUE_MONDAY, reply(page(TRACK | {"key": key})))).get("key") == expected


@pytest.mark.parametrize("bpm", [0, None, 999, 1e300])
def test_what_is_no_tempo_is_no_value(bpm: float | None) -> None:
    reading = read(Beatport(), BLUE_MONDAY, reply(page(TRACK | {"bpm": bpm, "key": None, "genre": {"name": ""}})))
    assert reading == Reading(outcome=Outcome.OK)


@pytest.mark.parametrize("body", [page(), page(None), {"results": None}, page(TRACK | {"isrc": "USWB19902945"})])
def test_what_has_another_isrc_is_not_found(body: object) -> None:
    assert read(Beatport(), BLUE_MONDAY, reply(body)).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("isrc", [None, ""])
def test_a_track_that_does_not_tell_its_isrc_counts(isrc: str | None) -> None:
    assert values(read(Beatport(), BLUE_MONDAY, reply(page(TRACK | {"isrc": isrc})))) == ALL


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply({"detail": "?"}, status=401), Outcome.REFUSED),
        (reply({"detail": "?"}, status=403), Outcome.REFUSED),
        (reply({}, status=429), Outcome.QUOTA),
        (reply(b"<html>", status=502), Outcome.TRANSIENT),
    ],
)
def test_a_status_counts_before_the_body(answer: Answer, outcome: Outcome) -> None:
    assert read(Beatport(), BLUE_MONDAY, answer).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"null", b"{}", b'{"results": {}}', b'{"results": ["Blue Monday"]}', b'{"results": [[]]}'),
        b'{"results": [{"key": "D minor"}]}',
        b'{"results": [{"key": []}]}',
        b'{"results": [{"bpm": "fast"}]}',
        b'{"results": [{"bpm": 1%s}]}' % (b"0" * 400),
        b'{"results": [{"name": "\\udc00"}]}',
    ],
)
def test_what_is_no_page_of_tracks_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(Beatport(), BLUE_MONDAY, reply(body))


@pytest.mark.parametrize(
    ("name", "isrc", "outcome", "expected"),
    [
        (
            *("track_isrc", "DEXYZ1400001", Outcome.OK),
            {"tempo_bpm": "124.0", "key": "6B", "genre": "Melodic House & Techno"},
        ),
        ("unauthorized", "noauth", Outcome.REFUSED, {}),
    ],
)
def test_every_shared_answer_is_read(
    shared_data: Path, name: str, isrc: str, outcome: Outcome, expected: dict[str, str]
) -> None:
    cases = json.loads((shared_data / "providers" / "response_cases.json").read_text(encoding="utf-8"))
    shared = {case["name"]: case for case in cases if case["provider"] == "beatport"}
    assert shared.keys() == {"track_isrc", "unauthorized"}
    case = shared[name]
    polar = recording(name="Polar", artist="Nordlicht feat. Ada B.", duration_ms=281_000, identifiers={"isrc": isrc})
    question = only_question(Beatport(), polar)
    reading = read(Beatport(), polar, reply(case["body"], status=case["status"], headers=case["headers"]))
    assert (question.path, question.parameters) == (case["path"], case["query"])
    assert (reading.outcome, values(reading)) == (outcome, expected)
