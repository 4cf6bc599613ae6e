"""GetSongBPM: tempo and key of songs, by artist and title. A service of a single operator, which asks for a link.

https://getsongbpm.com/api
"""

from collections.abc import Iterable, Sequence

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import parse_key
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, read_status, tempo


class _Artist(Body):
    name: str | None = None


class _Song(Body):
    title: str | None = None
    artist: _Artist | None = None
    tempo: str | float | None = None
    key_of: str | None = None
    open_key: str | None = None


class _Nothing(Body):
    """What stands where songs would, if there are none: `{"error": "no result"}`."""

    error: str


class _Search(Body):
    search: Many[_Song] | _Nothing


class GetSongBpm:
    """Answers by artist and title."""

    profile = Profile(
        name="getsongbpm",
        address="https://api.getsong.co",
        fields=("recording.tempo_bpm", "recording.key"),
        terms=Terms(
            licence="proprietary",
            storage="as long as a public page links to getsongbpm.com",
            url="https://getsongbpm.com/api",
        ),
        rate=Rate(requests=50, seconds=60),  # 3000 an hour; who asks more is shut out for an hour
        access=Access(parameter="api_key", key_url="https://getsongbpm.com/api"),
        is_on=False,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                lookup = f"song:{subject.name} artist:{subject.artist}".lower()
                yield Question(
                    provider="getsongbpm",
                    path="/search/",
                    parameters={"type": "both", "lookup": lookup},
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """The song that fits best, of those that fit at all."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        songs = parse_body(answer, _Search).search
        fits = [] if isinstance(songs, _Nothing) else [(_fit(subject, song), song) for song in songs]
        match, song = max(fits, key=lambda fit: fit[0], default=(0.0, _Song()))
        if not match:
            return Reading(outcome=Outcome.NOT_FOUND)
        values = {"tempo_bpm": tempo(song.tempo), "key": _key(song)}
        return Reading(outcome=Outcome.OK, findings=found(subject, values, match=match))


def _fit(subject: Subject, song: _Song) -> float:
    return searched(described(subject), Described(name=song.title, artist=song.artist.name if song.artist else None))


def _key(song: _Song) -> str | None:
    """The key by its name, unless its Open Key is another one: then nobody can tell which is right."""
    key = parse_key(song.key_of)
    return song.key_of if key and parse_key(song.open_key) in (None, key) else None
