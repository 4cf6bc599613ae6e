"""Lyrics that you have a licence for, in files of yours: that there are any, by artist and title. The words themselves
stay in your home and are never published.

https://en.wikipedia.org/wiki/LRC_(file_format)
"""

from collections.abc import Iterable, Sequence

from pydantic import RootModel

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, read_status


class _Words(Body):
    artist: str
    title: str
    duration_ms: int | None = None
    text: str


class _Files(RootModel[Many[_Words]]):
    """Files of one artist and title."""


class Lyrics:
    """Answers by artist and title."""

    profile = Profile(
        name="lyrics",
        address="https://en.wikipedia.org/wiki/LRC_(file_format)",
        fields=("recording.lyrics_available",),
        terms=Terms(
            licence="that of the lyrics which you bring",
            storage="all of what you have a licence for",
            url="https://en.wikipedia.org/wiki/LRC_(file_format)",
        ),
        library="a folder of `.lrc` or `.txt` files called `Artist - Title`",
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                asked = {"artist": subject.artist, "title": subject.name}
                yield Question(provider="lyrics", path="/lyrics", parameters=asked, subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """That there are lyrics, as surely as a file with words in it is about the recording."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        fits = [_fit(subject, words) for words in parse_body(answer, _Files).root if words.text.strip()]
        match = max(fits, default=0.0)
        if not match:
            return Reading(outcome=Outcome.NOT_FOUND)
        return Reading(outcome=Outcome.OK, findings=found(subject, {"lyrics_available": "true"}, match=match))


def _fit(subject: Subject, words: _Words) -> float:
    told = Described(name=words.title, artist=words.artist, duration_ms=words.duration_ms)
    return searched(described(subject), told)
