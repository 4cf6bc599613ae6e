"""What GetSongBPM is asked, and what its answers mean."""

import json
from pathlib import Path

import pytest

from linernotes.domain.harmony import parse_key
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, MalformedAnswerError
from linernotes.providers.getsongbpm import GetSongBpm
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

SONG = {
    "title": "Blue Monday",
    "artist": {"name": "New Order"},
    "tempo": "130",
    "key_of": "Dm",
    "open_key": "12m",
}


def songs(*found: object) -> dict[str, object]:
    return {"search": found}


def test_a_recording_is_searched_by_title_and_artist() -> None:
    question = only_question(GetSongBpm(), recording())
    assert (question.path, question.parameters) == (
        "/search/",
        {"type": "both", "lookup": "song:blue monday artist:new order"},
    )
    assert question.subjects == (recording(),)


def test_what_has_no_artist_or_title_is_not_searched() -> None:
    assert list(GetSongBpm().ask([artist(), recording(artist=None), recording(name=None)])) == []


def test_it_is_off_unless_somebody_turns_it_on() -> None:
    assert GetSongBpm.profile.is_on is False


def test_the_song_that_fits_best_gives_its_tempo_and_its_key() -> None:
    reading = read(GetSongBpm(), recording(), reply(songs(None, SONG | {"title": "True Faith"}, SONG)))
    assert (reading.outcome, values(reading)) == (Outcome.OK, {"tempo_bpm": "130.0", "key": "Dm"})
    assert matches(reading) == {0.95}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"tempo": 130.2}, {"tempo_bpm": "130.2", "key": "Dm"}),
        ({"tempo": "0"}, {"key": "Dm"}),
        ({"tempo": ""}, {"key": "Dm"}),
        ({"tempo": None}, {"key": "Dm"}),
        ({"key_of": ""}, {"tempo_bpm": "130.0"}),
        ({"key_of": None, "open_key": None}, {"tempo_bpm": "130.0"}),
    ],
)
def test_what_is_unknown_is_no_value(changed: dict[str, object], expected: dict[str, str]) -> None:
    reading = read(GetSongBpm(), recording(), reply(songs(SONG | changed)))
    assert (reading.outcome, values(reading)) == (Outcome.OK, expected)


@pytest.mark.parametrize(("key", "camelot"), [("B♭", "6B"), ("F♯m", "11A"), ("C#m", "12A")])
def test_a_key_has_its_sign_as_it_is_printed_or_as_it_is_typed(key: str, camelot: str) -> None:
    reading = read(GetSongBpm(), recording(), reply(songs(SONG | {"key_of": key, "open_key": None})))
    assert (values(reading)["key"], parse_key(key)) == (key, camelot)


@pytest.mark.parametrize(("open_key", "expected"), [("7d", None), ("", "Dm"), ("?", "Dm"), ("12m", "Dm")])
def test_a_key_of_which_two_things_are_said_is_no_value(open_key: str, expected: str | None) -> None:
    reading = read(GetSongBpm(), recording(), reply(songs(SONG | {"open_key": open_key})))
    assert values(reading).get("key") == expected


@pytest.mark.parametrize(
    "body",
    [
        {"search": {"error": "no result"}},
        songs(),
        {"search": None},
        songs({}),
        songs(SONG | {"artist": {"name": "Orgy"}}),
        songs(SONG | {"title": "Blue Monday (Hardfloor Mix)"}),
    ],
)
def test_what_is_another_song_is_not_found(body: object) -> None:
    assert read(GetSongBpm(), recording(), reply(body)).outcome is Outcome.NOT_FOUND


def test_a_song_without_its_artist_counts_by_its_title() -> None:
    assert matches(read(GetSongBpm(), recording(), reply(songs(SONG | {"artist": None})))) == {0.95}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply({"error": "?"}, status=401), Outcome.REFUSED),
        (reply({"error": "?"}, status=403), Outcome.REFUSED),
        (reply({}, status=429), Outcome.QUOTA),
        (reply(b"", status=500), Outcome.TRANSIENT),
    ],
)
def test_a_status_counts_before_the_body(answer: Answer, outcome: Outcome) -> None:
    assert read(GetSongBpm(), recording(), answer).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"null", b"{}", b'{"error": "?"}', b'{"search": {}}', b'{"search": "none"}'),
        *(b'{"search": ["Blue Monday"]}', b'{"search": [[]]}', b'{"search": [{"tempo": []}]}'),
        b'{"search": [{"artist": "New Order"}]}',
        b'{"search": [{"title": "\\ud800"}]}',
    ],
)
def test_what_is_no_search_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(GetSongBpm(), recording(), reply(body))


def test_every_shared_answer_is_read(shared_data: Path) -> None:
    cases = json.loads((shared_data / "providers" / "response_cases.json").read_text(encoding="utf-8"))
    (case,) = (one for one in cases if one["provider"] == "getsongbpm")
    polar = recording(name="Polar", artist="Nordlicht", duration_ms=281_000)
    question = only_question(GetSongBpm(), polar)
    reading = read(GetSongBpm(), polar, reply(case["body"], status=case["status"], headers=case["headers"]))
    assert (question.path, question.parameters) == (case["path"], case["query"])
    assert (reading.outcome, values(reading), matches(reading)) == (
        Outcome.OK,
        {"tempo_bpm": "124.0", "key": "B♭"},
        {0.95},
    )
