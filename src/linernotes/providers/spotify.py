"""Spotify's Web API: tracks by ISRC or Spotify id, artists by Spotify id.

What it answers depends on the quota of the application. With `extended` quota artists come in batches, with popularity
and followers, and audio features too; in development mode (`dev`) none of that, since March 2026.
https://developer.spotify.com/documentation/web-api
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import key_from_spotify
from linernotes.domain.identification import Described, identified
from linernotes.domain.identifiers import normalise_isrc
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Finding, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, date, described, found, parse_body, read_status, tempo

_ARTISTS_AT_ONCE = 50
_KNOWN_TRACK = "11dFghVXANMlKmJXsNCbNl"
"""The track of the examples in Spotify's reference."""
_SEARCH_LIMIT = "10"
"""The most that development mode allows."""


class Capability(StrEnum):
    EXTENDED = "extended"
    DEV = "dev"


class _Followers(Body):
    total: int | None = None


class _Artist(Body):
    name: str | None = None
    genres: Many[str] = ()
    popularity: int | None = None
    followers: _Followers | None = None


class _Artists(Body):
    artists: tuple[_Artist | None, ...]


class _Album(Body):
    release_date: str | None = None


class _ExternalIds(Body):
    isrc: str | None = None


class _Track(Body):
    id: str | None = None
    name: str | None = None
    artists: Many[_Artist] = ()
    album: _Album | None = None
    duration_ms: int | None = None
    external_ids: _ExternalIds | None = None
    popularity: int | None = None


class _Page(Body):
    items: Many[_Track] = ()


class _Search(Body):
    tracks: _Page | None = None


class _AudioFeatures(Body):
    tempo: float | None = None
    key: int | None = None
    mode: int | None = None


class Spotify:
    """Answers by ISRC and Spotify id."""

    def __init__(self, capability: Capability = Capability.DEV) -> None:
        """Say what the application's quota allows."""
        self._capability = capability
        is_extended = capability is Capability.EXTENDED
        self.profile = Profile(
            name="spotify",
            address="https://api.spotify.com/v1",
            fields=(
                *("recording.spotify_id", "recording.isrc", "recording.release_date", "recording.popularity"),
                *("recording.tempo_bpm", "recording.key"),
                *("artist.genre", "artist.popularity", "artist.listeners"),
            ),
            terms=Terms(
                licence="proprietary",
                storage="ids for good, other values only as long as they are needed, and with a link",
                url="https://developer.spotify.com/terms",
            ),
            rate=Rate(requests=90, seconds=30),
            access=Access(
                header="Authorization",
                exchange_url="https://accounts.spotify.com/api/token",
                key_url="https://developer.spotify.com/dashboard",
            ),
            batch_size=_ARTISTS_AT_ONCE if is_extended else 1,
            is_proven=True,
        )

    @property
    def probe(self) -> Question:
        """Audio features of a track, which only extended quota may have."""
        return _question(f"/audio-features/{_KNOWN_TRACK}", [])

    def capability(self, answer: Answer) -> str | None:
        """Forbidden is development mode; that the track is not there any more says that we might have asked."""
        if answer.status == HTTPStatus.FORBIDDEN:
            return Capability.DEV
        return Capability.EXTENDED if answer.status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND) else None

    def with_capability(self, capability: str) -> "Spotify":
        """The same by a quota."""
        return Spotify(Capability(capability))

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording, two with extended quota; artists one by one, or in batches."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING:
                yield from self._ask_for_recording(subject)
        artists = [
            one for one in subjects if one.entity_type is EntityType.ARTIST and one.identifiers.get("spotify_id")
        ]
        for first in range(0, len(artists), self.profile.batch_size):
            yield self._ask_for_artists(artists[first : first + self.profile.batch_size])

    def read(self, question: Question, answer: Answer) -> Reading:
        """What Spotify says of a recording or of artists; 403 says that our quota does not have it."""
        if by_status := read_status(answer):
            return by_status
        if question.path == "/artists":
            return _read_artists(question.subjects, parse_body(answer, _Artists).artists)
        (subject,) = question.subjects
        if question.path.startswith("/artists/"):
            return _read_artists([subject], [parse_body(answer, _Artist)])
        if question.path.startswith("/audio-features/"):
            return _read_features(subject, parse_body(answer, _AudioFeatures))
        if question.path.startswith("/tracks/"):
            return _read_tracks(subject, [parse_body(answer, _Track)])
        page = parse_body(answer, _Search).tracks
        return _read_tracks(subject, page.items if page else [])

    def _ask_for_recording(self, subject: Subject) -> Iterable[Question]:
        spotify_id, isrc = subject.identifiers.get("spotify_id"), subject.identifiers.get("isrc")
        if spotify_id:
            yield _question(f"/tracks/{quote(spotify_id, safe='')}", [subject])
            if self._capability is Capability.EXTENDED:
                yield _question(f"/audio-features/{quote(spotify_id, safe='')}", [subject])
        elif isrc:
            yield _question("/search", [subject], q=f"isrc:{isrc}", type="track", limit=_SEARCH_LIMIT)

    def _ask_for_artists(self, subjects: Sequence[Subject]) -> Question:
        ids = [quote(subject.identifiers["spotify_id"], safe="") for subject in subjects]
        if self._capability is Capability.EXTENDED:
            return _question("/artists", subjects, ids=",".join(ids))
        return _question(f"/artists/{ids[0]}", subjects)


def _question(path: str, subjects: Sequence[Subject], **parameters: str) -> Question:
    return Question(provider="spotify", path=path, parameters=parameters, subjects=tuple(subjects))


def _read_artists(subjects: Sequence[Subject], artists: Sequence[_Artist | None]) -> Reading:
    """Artists in the order in which they were asked for, null for those whom Spotify does not know."""
    answered = dict(zip((subject.entity_id for subject in subjects), artists, strict=False))
    findings: list[Finding] = []
    for subject in subjects:
        if artist := answered.get(subject.entity_id):
            values = {
                "genre": artist.genres[0] if artist.genres else None,
                "popularity": _text(artist.popularity),
                "listeners": _text(artist.followers.total if artist.followers else None),
            }
            findings += found(subject, values)
    unknown = tuple(subject.entity_id for subject in subjects if answered.get(subject.entity_id) is None)
    outcome = Outcome.NOT_FOUND if len(unknown) == len(subjects) else Outcome.OK
    return Reading(outcome=outcome, findings=tuple(findings), unknown=unknown if outcome is Outcome.OK else ())


def _read_tracks(subject: Subject, tracks: Sequence[_Track]) -> Reading:
    """The track that fits best; one recording has a track for each album that it is on."""
    fits = [(identified(described(subject), _told(track)), track) for track in tracks if track.id]
    if not fits:
        return Reading(outcome=Outcome.NOT_FOUND)
    match, track = max(fits, key=lambda fit: fit[0])
    isrc = normalise_isrc(track.external_ids.isrc if track.external_ids else None)
    values = {
        "spotify_id": track.id,
        "isrc": isrc,
        "release_date": date(track.album.release_date if track.album else None),
        "popularity": _text(track.popularity),
    }
    return Reading(outcome=Outcome.OK, findings=found(subject, values, match=match))


def _told(track: _Track) -> Described:
    names = ", ".join(artist.name for artist in track.artists if artist.name)
    return Described(name=track.name, artist=names or None, duration_ms=track.duration_ms or None)


def _read_features(subject: Subject, features: _AudioFeatures) -> Reading:
    values = {"tempo_bpm": tempo(features.tempo), "key": key_from_spotify(features.key, features.mode)}
    return Reading(outcome=Outcome.OK, findings=found(subject, values))


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
