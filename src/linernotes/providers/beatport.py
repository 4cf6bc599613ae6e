"""Beatport's API, for its partners: tempo, key and genre of tracks, by ISRC.

https://api.beatport.com/v4/docs/
"""

from collections.abc import Iterable, Mapping, Sequence

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import parse_key
from linernotes.domain.identification import Described, identified
from linernotes.domain.identifiers import normalise_isrc
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Finding, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, read_status, tempo


class _Named(Body):
    name: str | None = None


class _Key(Body):
    name: str | None = None
    camelot_number: int | None = None
    camelot_letter: str | None = None


class _Track(Body):
    name: str | None = None
    mix_name: str | None = None
    isrc: str | None = None
    artists: Many[_Named] = ()
    length_ms: int | None = None
    bpm: float | None = None
    key: _Key | None = None
    genre: _Named | None = None


class _Page(Body):
    results: Many[_Track]


class Beatport:
    """Answers by ISRC."""

    profile = Profile(
        name="beatport",
        address="https://api.beatport.com",
        fields=("recording.tempo_bpm", "recording.key", "recording.genre"),
        terms=Terms(
            licence="proprietary, partners only",
            storage="as agreed with Beatport",
            url="https://support.beatport.com/hc/en-us/articles/215996708-Terms-and-Conditions",
        ),
        rate=Rate(requests=1, seconds=1),  # none is published
        access=Access(header="Authorization", scheme="Bearer", key_url="https://api.beatport.com/v4/docs/"),
        is_on=False,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording with an ISRC."""
        for subject in subjects:
            isrc = subject.identifiers.get("isrc")
            if subject.entity_type is EntityType.RECORDING and isrc:
                yield Question(
                    provider="beatport", path="/v4/catalog/tracks/", parameters={"isrc": isrc}, subjects=(subject,)
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """What the tracks that fit best say; a recording has one for each release that it is on."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        tracks = [track for track in parse_body(answer, _Page).results if _may_have(track, subject.identifiers)]
        if not tracks:
            return Reading(outcome=Outcome.NOT_FOUND)
        fits = [(identified(described(subject), _told(track)), track) for track in tracks]
        best = max(match for match, _ in fits)
        findings = _findings(subject, [_values(track) for match, track in fits if match == best], match=best)
        return Reading(outcome=Outcome.OK, findings=findings)


def _may_have(track: _Track, identifiers: Mapping[str, str]) -> bool:
    """Whether nothing says that it is a track of another ISRC, as all are where the service overlooks a filter."""
    return not track.isrc or normalise_isrc(track.isrc) == identifiers.get("isrc")


def _told(track: _Track) -> Described:
    """A track; which version it is stands beside its title."""
    title = f"{track.name} ({track.mix_name})" if track.name and track.mix_name else track.name
    artists = ", ".join(artist.name for artist in track.artists if artist.name)
    return Described(name=title, artist=artists or None, duration_ms=track.length_ms or None)


def _values(track: _Track) -> dict[str, str | None]:
    return {
        "tempo_bpm": tempo(track.bpm),
        "key": _key(track.key) if track.key else None,
        "genre": track.genre.name if track.genre else None,
    }


def _key(key: _Key) -> str | None:
    """The key on the Camelot wheel, else by its name, of which the mode is written large: `Bb Major`."""
    note, _, mode = (key.name or "").partition(" ")
    ways = (f"{key.camelot_number}{key.camelot_letter}", f"{note} {mode.lower()}".strip())
    return next((way for way in ways if parse_key(way)), None)


def _findings(subject: Subject, told: Sequence[Mapping[str, str | None]], *, match: float) -> tuple[Finding, ...]:
    """Every value once; where tracks differ in a field, each of its values is so much less sure."""
    findings: list[Finding] = []
    for field in told[0]:
        distinct = dict.fromkeys(value for values in told if (value := values[field]))
        for value in distinct:
            findings += found(subject, {field: value}, match=match / len(distinct))
    return tuple(findings)
