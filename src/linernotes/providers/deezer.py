"""Deezer's public API: tempo, release date and more by ISRC, without a key.

https://developers.deezer.com/api
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, identified
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, date, described, found, parse_body, read_status, tempo

_ERRORS = {
    4: Outcome.QUOTA,
    100: Outcome.REFUSED,  # more items than one request may have
    200: Outcome.REFUSED,  # a permission that is missing
    300: Outcome.REFUSED,  # an access token that is not valid
    500: Outcome.REFUSED,  # a parameter that is wrong, or
    501: Outcome.REFUSED,  # missing
    600: Outcome.REFUSED,  # a query that is not valid
    700: Outcome.TRANSIENT,  # busy
    800: Outcome.NOT_FOUND,
    901: Outcome.REFUSED,  # an account that may not
}
"""Codes of errors, all of which come with HTTP 200: https://developers.deezer.com/api/errors"""


class _Error(Body):
    code: int | None = None


class _Artist(Body):
    name: str = ""


class _Track(Body):
    error: _Error | None = None
    title: str | None = None
    duration: int | None = None
    bpm: float | None = None
    release_date: str | None = None
    artist: _Artist = _Artist()


class Deezer:
    """Answers by ISRC."""

    profile = Profile(
        name="deezer",
        address="https://api.deezer.com",
        fields=("recording.tempo_bpm", "recording.release_date"),
        terms=Terms(
            licence="proprietary",
            storage="not for resale; values are kept with their source",
            url="https://developers.deezer.com/termsofuse",
        ),
        rate=Rate(requests=50, seconds=5),
        is_proven=True,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording with an ISRC."""
        for subject in subjects:
            isrc = subject.identifiers.get("isrc")
            if subject.entity_type is EntityType.RECORDING and isrc:
                yield Question(provider="deezer", path=f"/track/isrc:{quote(isrc, safe='')}", subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """What Deezer says of one track; every error comes with HTTP 200."""
        if by_status := read_status(answer):
            return by_status
        track = parse_body(answer, _Track)
        if track.error:
            return _read_error(track.error)
        (subject,) = question.subjects
        told = Described(
            name=track.title,
            artist=track.artist.name,
            duration_ms=track.duration * 1000 if track.duration else None,
        )
        values = {"tempo_bpm": tempo(track.bpm), "release_date": date(track.release_date)}
        return Reading(outcome=Outcome.OK, findings=found(subject, values, match=identified(described(subject), told)))


def _read_error(error: _Error) -> Reading:
    if error.code is None:
        return Reading(outcome=Outcome.TRANSIENT, reason="an error without a code")
    outcome = _ERRORS.get(error.code, Outcome.MALFORMED)
    return Reading(outcome=outcome, reason=f"error {error.code}")
