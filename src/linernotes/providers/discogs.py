"""Discogs' API: what a release lacks that came after the dump, by Discogs id.

https://www.discogs.com/developers
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

from linernotes.domain.entities import EntityType
from linernotes.domain.names import parse_discogs_name
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, date, found, parse_body, read_status, secure_url

_WINDOW_SECONDS = 60.0
"""The limit is by the minute, and 429 does not say when it ends."""


class _Label(Body):
    name: str | None = None


class _Image(Body):
    type: str | None = None
    uri: str | None = None


class _Release(Body):
    released: str | None = None
    labels: Many[_Label] = ()
    genres: Many[str] = ()
    images: Many[_Image] = ()


class Discogs:
    """Answers by Discogs id."""

    profile = Profile(
        name="discogs",
        address="https://api.discogs.com",
        fields=("release.release_date", "release.label", "release.genre", "release.cover_art"),
        terms=Terms(
            licence="CC0; pictures belong to who made them",
            storage="data of releases; pictures for six hours",
            url="https://support.discogs.com/hc/en-us/articles/360009334593-API-Terms-of-Use",
            is_cc0=True,
            not_cc0=("cover_art",),
        ),
        rate=Rate(requests=60, seconds=60),
        access=Access(
            header="Authorization", scheme="Discogs token=", key_url="https://www.discogs.com/settings/developers"
        ),
        is_proven=True,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each release with a Discogs id."""
        for subject in subjects:
            discogs_id = subject.identifiers.get("discogs_id")
            if subject.entity_type is EntityType.RELEASE and discogs_id:
                yield Question(provider="discogs", path=f"/releases/{quote(discogs_id, safe='')}", subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """What Discogs says of one release."""
        if by_status := read_status(answer):
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS and by_status.wait_seconds is None:
                return replace(by_status, wait_seconds=_WINDOW_SECONDS)
            return by_status
        release = parse_body(answer, _Release)
        (subject,) = question.subjects
        label = next((label.name for label in release.labels if label.name), None)
        pictures = [secure_url(image.uri) for image in release.images if image.type == "primary"]
        values = {
            "release_date": date(release.released),
            "label": parse_discogs_name(label).display_name if label else None,
            "genre": release.genres[0] if release.genres else None,
            "cover_art": next(filter(None, pictures), None),
        }
        return Reading(outcome=Outcome.OK, findings=found(subject, values))
