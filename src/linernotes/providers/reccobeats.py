"""ReccoBeats: tempo and key of tracks, by Spotify id, without a key. A service of a single operator.

https://reccobeats.com/docs/apis/get-audio-features
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import key_from_spotify
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, found, parse_body, read_status, tempo

_TRACKS_AT_ONCE = 40
"""With more it answers HTTP 400, `size must be between 1 and 40`."""
_TRACK_ADDRESS = re.compile(r"https?://open\.spotify\.com/(?:[^/?#]+/)?track/(?P<spotify_id>[0-9A-Za-z]+)(?:[/?#].*)?")


class _Features(Body):
    href: str | None = None
    tempo: float | None = None
    key: int | None = None
    mode: int | None = None


class _Batch(Body):
    content: Many[_Features]


class ReccoBeats:
    """Answers by Spotify id, in batches."""

    profile = Profile(
        name="reccobeats",
        address="https://api.reccobeats.com",
        fields=("recording.tempo_bpm", "recording.key"),
        terms=Terms(
            licence="none stated",
            storage="nothing is said; values are kept with their source",
            url="https://reccobeats.com/docs/documentation/introduction",
        ),
        rate=Rate(requests=1, seconds=1),  # there is one, but it is not published
        batch_size=_TRACKS_AT_ONCE,
        is_on=False,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for 40 recordings with a Spotify id."""
        asked = [
            one for one in subjects if one.entity_type is EntityType.RECORDING and one.identifiers.get("spotify_id")
        ]
        for first in range(0, len(asked), _TRACKS_AT_ONCE):
            batch = tuple(asked[first : first + _TRACKS_AT_ONCE])
            ids = ",".join(quote(subject.identifiers["spotify_id"], safe="") for subject in batch)
            yield Question(provider="reccobeats", path="/v1/audio-features", parameters={"ids": ids}, subjects=batch)

    def read(self, question: Question, answer: Answer) -> Reading:
        """What it says of each track, in whatever order; those that it does not know are left out."""
        if by_status := read_status(answer):
            return by_status
        known = _by_spotify_id(parse_body(answer, _Batch).content)
        findings: list[Finding] = []
        unknown: list[UUID] = []
        for subject in question.subjects:
            if told := known.get(subject.identifiers.get("spotify_id", "")):
                findings += _findings(subject, told)
            else:
                unknown.append(subject.entity_id)
        if len(unknown) == len(question.subjects):
            return Reading(outcome=Outcome.NOT_FOUND)
        return Reading(outcome=Outcome.OK, findings=tuple(findings), unknown=tuple(unknown))


def _by_spotify_id(told: Sequence[_Features]) -> Mapping[str, Sequence[_Features]]:
    """By the id in a track's address; the id beside it is of ReccoBeats itself."""
    known: dict[str, list[_Features]] = {}
    for one in told:
        if address := _TRACK_ADDRESS.fullmatch(one.href or ""):
            known.setdefault(address["spotify_id"], []).append(one)
    return known


def _findings(subject: Subject, told: Sequence[_Features]) -> Iterable[Finding]:
    """Every value once; where a track is told of in several ways, each value of a field is so much less sure."""
    ways = {
        "tempo_bpm": dict.fromkeys(tempo(one.tempo) for one in told),
        "key": dict.fromkeys(key_from_spotify(one.key, one.mode) for one in told),
    }
    for field, values in ways.items():
        distinct = [value for value in values if value]
        for value in distinct:
            yield from found(subject, {field: value}, match=1 / len(distinct))
