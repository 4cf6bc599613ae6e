"""The Cover Art Archive: the front cover of a release or release group, by MBID.

https://musicbrainz.org/doc/Cover_Art_Archive/API
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, found, parse_body, read_status, secure_url

_PLACES = {EntityType.RELEASE: "release", EntityType.RELEASE_GROUP: "release-group"}


class _Image(Body):
    approved: bool | None = None
    front: bool | None = None
    image: str | None = None


class _Images(Body):
    images: Many[_Image] = ()


class CoverArt:
    """Answers by MBID."""

    profile = Profile(
        name="coverart",
        address="https://coverartarchive.org",
        fields=("release.cover_art", "release_group.cover_art"),
        terms=Terms(
            licence="proprietary",
            storage="the address of a picture; pictures belong to who made them",
            url="https://coverartarchive.org/about",
        ),
        rate=Rate(requests=5, seconds=1),
        other_hosts=("archive.org", ".archive.org"),
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each release and release group with an MBID."""
        for subject in subjects:
            place, mbid = _PLACES.get(subject.entity_type), subject.identifiers.get("mbid")
            if place and mbid:
                yield Question(provider="coverart", path=f"/{place}/{quote(mbid, safe='')}", subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """The first approved front cover; what has none is answered with a page and status 404."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        fronts = [secure_url(one.image) for one in parse_body(answer, _Images).images if one.front and one.approved]
        findings = found(subject, {"cover_art": next(filter(None, fronts), None)})
        return Reading(outcome=Outcome.OK if findings else Outcome.NOT_FOUND, findings=findings)
