"""ListenBrainz's look-up of recordings by what they are called.

https://listenbrainz.readthedocs.io/en/latest/users/api/metadata.html
"""

from collections.abc import Iterable, Sequence

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, described, found, parse_body, read_status


class _Lookup(Body):
    artist_credit_name: str | None = None
    recording_name: str | None = None
    recording_mbid: str | None = None


class ListenBrainz:
    """Answers by artist and title."""

    profile = Profile(
        name="listenbrainz",
        address="https://api.listenbrainz.org",
        fields=("recording.mbid",),
        terms=Terms(licence="CC0", storage="all of it", url="https://listenbrainz.org/terms-of-service/", is_cc0=True),
        rate=Rate(requests=30, seconds=10),
        access=Access(header="Authorization", scheme="Token", key_url="https://listenbrainz.org/settings/"),
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each recording of which artist and title are known."""
        for subject in subjects:
            if subject.entity_type is EntityType.RECORDING and subject.name and subject.artist:
                yield Question(
                    provider="listenbrainz",
                    path="/1/metadata/lookup/",
                    parameters={"artist_name": subject.artist, "recording_name": subject.name},
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """The recording that ListenBrainz takes it for; nothing found is an empty object."""
        if by_status := read_status(answer):
            return by_status
        told = parse_body(answer, _Lookup)
        (subject,) = question.subjects
        match = searched(described(subject), Described(name=told.recording_name, artist=told.artist_credit_name))
        if not told.recording_mbid or not match:
            return Reading(outcome=Outcome.NOT_FOUND)
        return Reading(outcome=Outcome.OK, findings=found(subject, {"mbid": told.recording_mbid}, match=match))
