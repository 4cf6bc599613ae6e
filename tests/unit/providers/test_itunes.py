"""What the iTunes Search is asked, and what its answers mean."""

import json
from pathlib import Path

import pytest

from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, MalformedAnswerError
from linernotes.providers.itunes import ITunes
from tests.provider_kit import artist, matches, only_question, read, recording, reply, values

SONG = {
    "kind": "song",
    "trackName": "Blue Monday",
    "artistName": "New Order",
    "trackTimeMillis": 447_800,
    "releaseDate": "1983-03-07T08:00:00Z",
    "primaryGenreName": "Electronic",
}
DATE_AND_GENRE = {"release_date": "1983-03-07T08:00:00Z", "genre": "Electronic"}


def items(*found: object) -> dict[str, object]:
    return {"resultCount": len(found), "results": found}


def test_a_recording_is_searched_by_artist_and_title() -> None:
    question = only_question(ITunes(), recording())
    assert (question.path, question.parameters) == ("/search", {"term": "new order blue monday", "entity": "song"})
    assert question.subjects == (recording(),)


def test_what_has_no_artist_or_title_is_not_searched() -> None:
    assert list(ITunes().ask([artist(), recording(artist=None), recording(name=None)])) == []


def test_the_song_that_fits_best_gives_its_date_and_genre() -> None:
    remaster = SONG | {"trackTimeMillis": 452_000, "releaseDate": "2016-01-29T08:00:00Z"}
    reading = read(ITunes(), recording(), reply(items(None, SONG | {"trackName": "True Faith"}, remaster, SONG)))
    assert (reading.outcome, values(reading), matches(reading)) == (Outcome.OK, DATE_AND_GENRE, {1.0})


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"trackTimeMillis": 0}, 0.95),
        ({"trackTimeMillis": None}, 0.95),
        ({"artistName": "New Order & Arthur Baker"}, 0.9),
    ],
)
def test_what_is_not_told_or_differs_a_little_makes_it_less_sure(changed: dict[str, object], match: float) -> None:
    assert matches(read(ITunes(), recording(), reply(items(SONG | changed)))) == {match}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"releaseDate": None}, {"genre": "Electronic"}),
        ({"releaseDate": "0001-01-01T00:00:00Z"}, {"genre": "Electronic"}),
        ({"primaryGenreName": ""}, {"release_date": "1983-03-07T08:00:00Z"}),
        ({"releaseDate": "soon", "primaryGenreName": None}, {}),
    ],
)
def test_what_is_unknown_is_no_value(changed: dict[str, object], expected: dict[str, str]) -> None:
    reading = read(ITunes(), recording(), reply(items(SONG | changed)))
    assert (reading.outcome, values(reading)) == (Outcome.OK, expected)


@pytest.mark.parametrize(
    "body",
    [
        items(),
        {"results": None},
        items({}),
        items(SONG | {"artistName": "Orgy"}),
        items(SONG | {"trackName": "Blue Monday (Hardfloor Mix)"}),
        items(SONG | {"trackTimeMillis": 225_000}),
        items(SONG | {"kind": "music-video"}),
    ],
)
def test_what_is_another_song_is_not_found(body: object) -> None:
    assert read(ITunes(), recording(), reply(body)).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (reply(b"", status=403), Outcome.REFUSED),
        (reply(b"", status=429), Outcome.QUOTA),
        (reply(b"", status=503), Outcome.TRANSIENT),
    ],
)
def test_a_status_counts_before_the_body(answer: Answer, outcome: Outcome) -> None:
    assert read(ITunes(), recording(), answer).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"null", b"{}", b'{"results": {}}', b'{"results": ["Blue Monday"]}', b'{"results": [[]]}'),
        b'{"results": [{"trackName": "\\ud800"}]}',
        b'{"results": [{"trackTimeMillis": NaN}]}',
    ],
)
def test_what_is_no_search_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        read(ITunes(), recording(), reply(body))


def test_every_shared_answer_is_read(shared_data: Path) -> None:
    cases = json.loads((shared_data / "providers" / "response_cases.json").read_text(encoding="utf-8"))
    (case,) = (one for one in cases if one["provider"] == "itunes")
    polar = recording(name="Polar", artist="Nordlicht", duration_ms=281_000)
    question = only_question(ITunes(), polar)
    reading = read(ITunes(), polar, reply(case["body"], status=case["status"], headers=case["headers"]))
    assert (question.path, question.parameters) == (case["path"], case["query"])
    assert (reading.outcome, values(reading), matches(reading)) == (
        Outcome.OK,
        {"release_date": "2014-06-20T07:00:00Z", "genre": "Electronic"},
        {1.0},
    )
