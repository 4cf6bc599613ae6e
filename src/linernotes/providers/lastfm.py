"""Last.fm: how often artists and recordings are heard, tags and biographies, by name.

https://www.last.fm/api
"""

import re
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.numbers import whole_number
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import (
    Access,
    Answer,
    MalformedAnswerError,
    Profile,
    Question,
    Rate,
    Reading,
    Subject,
    Terms,
)
from linernotes.providers.reading import Body, described, found, parse_body, read_status

_ERRORS = {
    6: Outcome.NOT_FOUND,
    8: Outcome.TRANSIENT,  # the operation failed
    11: Outcome.TRANSIENT,  # the service is offline
    16: Outcome.TRANSIENT,  # temporarily unavailable
    29: Outcome.QUOTA,
}
"""Codes that say something else than that our request is refused: https://www.last.fm/api/errorcodes"""
_LINK = re.compile(r"<a\b.*", re.DOTALL)
"""Every biography ends with a link to the page that it is from."""


def _as_list(value: object) -> object:
    """One tag is an object, none is empty text, several are a list."""
    if value is None or value == "":
        return ()
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def _as_object(value: object) -> object:
    return value or None


class _Tag(Body):
    name: str | None = None


class _Tags(Body):
    tag: Annotated[tuple[_Tag, ...], BeforeValidator(_as_list)] = ()


class _Stats(Body):
    listeners: str | int | None = None
    playcount: str | int | None = None


class _Bio(Body):
    summary: str | None = None


class _Artist(Body):
    name: str | None = None
    stats: Annotated[_Stats | None, BeforeValidator(_as_object)] = None
    tags: Annotated[_Tags | None, BeforeValidator(_as_object)] = None
    bio: Annotated[_Bio | None, BeforeValidator(_as_object)] = None


class _Credited(Body):
    name: str | None = None


class _Track(Body):
    name: str | None = None
    duration: str | int | None = None
    artist: Annotated[_Credited | None, BeforeValidator(_as_object)] = None
    listeners: str | int | None = None
    playcount: str | int | None = None
    tags: Annotated[_Tags | None, BeforeValidator(_as_object)] = Field(default=None, alias="toptags")


class _Told(Body):
    error: int | None = None
    artist: _Artist | None = None
    track: _Track | None = None


class LastFm:
    """Answers by name."""

    profile = Profile(
        name="lastfm",
        address="https://ws.audioscrobbler.com",
        fields=(
            *("artist.bio", "artist.tags", "artist.listeners", "artist.playcount"),
            *("recording.tags", "recording.listeners", "recording.playcount"),
        ),
        terms=Terms(
            licence="proprietary; biographies CC BY-SA 3.0",
            storage="100 MB at most, not for commercial use, with a link",
            url="https://www.last.fm/api/tos",
        ),
        rate=Rate(requests=5, seconds=1),
        access=Access(parameter="api_key", key_url="https://www.last.fm/api/account/create"),
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each artist with a name and each recording with artist and title."""
        for subject in subjects:
            if subject.entity_type is EntityType.ARTIST and subject.name:
                yield _question(subject, "artist.getinfo", artist=subject.name)
            elif subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                yield _question(subject, "track.getinfo", artist=subject.artist, track=subject.name)

    def read(self, question: Question, answer: Answer) -> Reading:
        """What Last.fm says of one artist or recording; errors have codes, whatever the status."""
        by_status = read_status(answer)
        try:
            told = parse_body(answer, _Told)
        except MalformedAnswerError:
            if by_status:
                return by_status
            raise
        if told.error is not None:
            return _read_error(told.error, by_status)
        if by_status:
            return by_status
        (subject,) = question.subjects
        if told.artist and subject.entity_type is EntityType.ARTIST:
            return _read_artist(subject, told.artist)
        if told.track and subject.entity_type is EntityType.RECORDING:
            return _read_track(subject, told.track)
        raise MalformedAnswerError("neither artist nor track nor error")


def _question(subject: Subject, method: str, **parameters: str) -> Question:
    return Question(
        provider="lastfm",
        path="/2.0/",
        parameters={"method": method, **parameters, "format": "json"},
        subjects=(subject,),
    )


def _read_error(code: int, by_status: Reading | None) -> Reading:
    wait = by_status.wait_seconds if by_status else None
    return Reading(outcome=_ERRORS.get(code, Outcome.REFUSED), reason=f"error {code}", wait_seconds=wait)


def _read_artist(subject: Subject, artist: _Artist) -> Reading:
    match = searched(described(subject), Described(name=artist.name))
    stats = artist.stats or _Stats()
    values = {
        "bio": _LINK.sub("", artist.bio.summary or "").strip() if artist.bio else None,
        "tags": _names(artist.tags),
        "listeners": _count(stats.listeners),
        "playcount": _count(stats.playcount),
    }
    return _reading(subject, values, match)


def _read_track(subject: Subject, track: _Track) -> Reading:
    length = whole_number(str(track.duration))
    told = Described(name=track.name, artist=track.artist.name if track.artist else None, duration_ms=length or None)
    values = {
        "tags": _names(track.tags),
        "listeners": _count(track.listeners),
        "playcount": _count(track.playcount),
    }
    return _reading(subject, values, searched(described(subject), told))


def _reading(subject: Subject, values: dict[str, str | None], match: float) -> Reading:
    if not match:
        return Reading(outcome=Outcome.NOT_FOUND)
    return Reading(outcome=Outcome.OK, findings=found(subject, values, match=match))


def _names(tags: _Tags | None) -> str | None:
    return ", ".join(tag.name for tag in tags.tag if tag.name) if tags else None


def _count(value: str | int | None) -> str | None:
    """A count, which comes as text."""
    number = whole_number(str(value))
    return None if number is None else str(number)
