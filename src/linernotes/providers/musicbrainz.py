"""MusicBrainz's web service: recordings by ISRC, artists by MBID.

https://musicbrainz.org/doc/MusicBrainz_API
"""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from urllib.parse import quote

from pydantic import Field

from linernotes.domain.credits import join_musicbrainz
from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, identified
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Finding, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, date, described, found, parse_body, read_status

_OVER_THE_LIMIT = b"exceeding the allowable rate limit"
"""Two answers have status 503: this one is about us, the other says that the server is busy."""


class _Credited(Body):
    name: str | None = None
    joinphrase: str | None = None


class _Recording(Body):
    id: str | None = None
    title: str | None = None
    length: int | None = None
    first_release_date: str | None = Field(default=None, alias="first-release-date")
    artist_credit: Many[_Credited] = Field(default=(), alias="artist-credit")


class _OfIsrc(Body):
    recordings: Many[_Recording] = ()


class _Counted(Body):
    name: str | None = None
    count: int | None = None


class _Artist(Body):
    id: str | None = None
    country: str | None = None
    genres: Many[_Counted] = ()
    tags: Many[_Counted] = ()


class MusicBrainz:
    """Answers by ISRC and MBID."""

    profile = Profile(
        name="musicbrainz",
        address="https://musicbrainz.org/ws/2",
        fields=(
            *("recording.mbid", "recording.release_date"),
            *("artist.mbid", "artist.country", "artist.genre", "artist.tags"),
        ),
        terms=Terms(
            licence="CC0; genres, tags and their votes CC BY-NC-SA 3.0",
            storage="all of it",
            url="https://musicbrainz.org/doc/About/Data_License",
            is_cc0=True,
            not_cc0=("genre", "tags"),
        ),
        rate=Rate(requests=1, seconds=1),
        is_proven=True,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording with an ISRC and each artist with an MBID."""
        for subject in subjects:
            isrc, mbid = subject.identifiers.get("isrc"), subject.identifiers.get("mbid")
            if subject.entity_type is EntityType.RECORDING and isrc:
                yield _question(f"/isrc/{quote(isrc, safe='')}", "artist-credits", subject)
            elif subject.entity_type is EntityType.ARTIST and mbid:
                yield _question(f"/artist/{quote(mbid, safe='')}", "aliases genres tags", subject)

    def read(self, question: Question, answer: Answer) -> Reading:
        """What MusicBrainz says of one recording or artist."""
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and _OVER_THE_LIMIT in answer.body:
            return Reading(outcome=Outcome.QUOTA, reason="over the rate limit", wait_seconds=_wait(answer))
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        if subject.entity_type is EntityType.ARTIST:
            return _read_artist(subject, parse_body(answer, _Artist))
        return _read_recordings(subject, parse_body(answer, _OfIsrc).recordings)


def _question(path: str, included: str, subject: Subject) -> Question:
    return Question(provider="musicbrainz", path=path, parameters={"fmt": "json", "inc": included}, subjects=(subject,))


def _wait(answer: Answer) -> float:
    status = read_status(answer)
    return (status.wait_seconds if status else None) or 1.0


def _read_recordings(subject: Subject, recordings: Sequence[_Recording]) -> Reading:
    """The recordings that fit best; where several fit as well, each is so much less sure."""
    fits = [(one, identified(described(subject), _told(one))) for one in recordings if one.id]
    best = max((fit for _, fit in fits), default=0.0)
    chosen = [one for one, fit in fits if fit == best]
    findings: list[Finding] = []
    for one in chosen:
        values = {"mbid": one.id, "release_date": date(one.first_release_date)}
        findings += found(subject, values, match=best / len(chosen))
    return Reading(outcome=Outcome.OK if findings else Outcome.NOT_FOUND, findings=tuple(findings))


def _told(recording: _Recording) -> Described:
    credited = [{"name": one.name or "", "joinphrase": one.joinphrase or ""} for one in recording.artist_credit]
    return Described(
        name=recording.title, artist=join_musicbrainz(credited) or None, duration_ms=recording.length or None
    )


def _read_artist(subject: Subject, artist: _Artist) -> Reading:
    """An artist that was merged is answered with the MBID that leads."""
    genres, tags = _by_votes(artist.genres), _by_votes(artist.tags)
    values = {
        "mbid": artist.id if artist.id != subject.identifiers.get("mbid") else None,
        "country": artist.country,
        "genre": genres[0] if genres else None,
        "tags": ", ".join(tags),
    }
    return Reading(outcome=Outcome.OK, findings=found(subject, values))


def _by_votes(counted: Sequence[_Counted]) -> list[str]:
    """Names that more people were for than against, the most voted first."""
    votes = {one.name: one.count or 0 for one in counted if one.name}
    return sorted((name for name, count in votes.items() if count > 0), key=lambda name: (-votes[name], name))
