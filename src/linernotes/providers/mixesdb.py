"""Track lists of DJs, such as those of MixesDB or what DJ software exports: tempo and key, by artist and title. It is
answered from tables of yours, since the site may not be asked by programs.

https://www.mixesdb.com/w/MixesDB:Terms
"""

from collections.abc import Iterable, Sequence

from pydantic import RootModel

from linernotes.domain.entities import EntityType
from linernotes.domain.harmony import parse_key
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, read_status, tempo


class _Track(Body):
    artist: str = ""
    title: str = ""
    bpm: str | None = None
    key: str | None = None


class _Tracks(RootModel[Many[_Track]]):
    """Lines of track lists."""


class MixesDb:
    """Answers by artist and title."""

    profile = Profile(
        name="mixesdb",
        address="https://www.mixesdb.com",
        fields=("recording.tempo_bpm", "recording.key"),
        terms=Terms(
            licence="that of the track lists which you bring",
            storage="all of what is yours",
            url="https://www.mixesdb.com/w/MixesDB:Terms",
        ),
        library="tables (`.csv`, `.tsv`) with a heading: artist, title, and bpm or key",
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                asked = {"artist": subject.artist, "title": subject.name}
                yield Question(provider="mixesdb", path="/tracks", parameters=asked, subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """What the line that fits best says; of several that fit as well, the first that says it."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        fits = [(_fit(subject, track), track) for track in parse_body(answer, _Tracks).root]
        match = max((fit for fit, _ in fits), default=0.0)
        best = [track for fit, track in fits if fit and fit == match]
        values = {
            "tempo_bpm": next(filter(None, (tempo(track.bpm) for track in best)), None),
            "key": next((track.key for track in best if track.key and parse_key(track.key)), None),
        }
        findings = found(subject, values, match=match)
        return Reading(outcome=Outcome.OK if findings else Outcome.NOT_FOUND, findings=findings)


def _fit(subject: Subject, track: _Track) -> float:
    return searched(described(subject), Described(name=track.title, artist=track.artist))
