"""Apple's iTunes Search: release date and genre of songs, by artist and title, without a key.

https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/
"""

from collections.abc import Iterable, Sequence

from pydantic import Field

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, date, described, found, parse_body, read_status


class _Item(Body):
    """A song, or something else that the store sells."""

    kind: str | None = None
    title: str | None = Field(default=None, alias="trackName")
    artist: str | None = Field(default=None, alias="artistName")
    duration_ms: int | None = Field(default=None, alias="trackTimeMillis")
    release_date: str | None = Field(default=None, alias="releaseDate")
    genre: str | None = Field(default=None, alias="primaryGenreName")


class _Search(Body):
    results: Many[_Item]


class ITunes:
    """Answers by artist and title."""

    profile = Profile(
        name="itunes",
        address="https://itunes.apple.com",
        fields=("recording.release_date", "recording.genre"),
        terms=Terms(
            licence="proprietary",
            storage="only to promote what the store sells; values are kept with their source",
            url="https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI/",
        ),
        rate=Rate(requests=20, seconds=60),
        is_on=False,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                yield Question(
                    provider="itunes",
                    path="/search",
                    parameters={"term": f"{subject.artist} {subject.name}".lower(), "entity": "song"},
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """The song that fits best, of those that fit at all."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        songs = [item for item in parse_body(answer, _Search).results if item.kind == "song"]
        fits = [(searched(described(subject), _told(song)), song) for song in songs]
        match, song = max(fits, key=lambda fit: fit[0], default=(0.0, _Item()))
        if not match:
            return Reading(outcome=Outcome.NOT_FOUND)
        values = {"release_date": date(song.release_date), "genre": song.genre}
        return Reading(outcome=Outcome.OK, findings=found(subject, values, match=match))


def _told(song: _Item) -> Described:
    return Described(name=song.title, artist=song.artist, duration_ms=song.duration_ms or None)
