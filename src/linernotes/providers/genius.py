"""Genius: where the lyrics of a recording stand, by artist and title. Never the lyrics, which are licensed.

https://docs.genius.com
"""

from collections.abc import Iterable, Sequence

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, read_status, secure_url


class _Song(Body):
    title: str | None = None
    artist_names: str | None = None
    url: str | None = None
    lyrics_state: str | None = None


class _Hit(Body):
    type: str | None = None
    result: _Song | None = None


class _Response(Body):
    hits: Many[_Hit] = ()


class _Search(Body):
    response: _Response


class Genius:
    """Answers by artist and title."""

    profile = Profile(
        name="genius",
        address="https://api.genius.com",
        fields=("recording.lyrics_url", "recording.lyrics_available"),
        terms=Terms(
            licence="proprietary",
            storage="the address of a page; lyrics are licensed and not kept",
            url="https://genius.com/static/terms",
        ),
        rate=Rate(requests=5, seconds=1),
        access=Access(header="Authorization", scheme="Bearer", key_url="https://genius.com/api-clients"),
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                yield Question(
                    provider="genius",
                    path="/search",
                    parameters={"q": f"{subject.artist} {subject.name}"},
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """The song that fits best, of those that fit at all."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        songs = [hit.result for hit in parse_body(answer, _Search).response.hits if hit.type == "song" and hit.result]
        fits = [(_fit(subject, song), song) for song in songs]
        match, song = max(fits, key=lambda fit: fit[0], default=(0.0, _Song()))
        if not match:
            return Reading(outcome=Outcome.NOT_FOUND)
        values = {
            "lyrics_url": secure_url(song.url),
            "lyrics_available": "true" if song.lyrics_state == "complete" else "false",
        }
        return Reading(outcome=Outcome.OK, findings=found(subject, values, match=match))


def _fit(subject: Subject, song: _Song) -> float:
    return searched(described(subject), Described(name=song.title, artist=song.artist_names))
