"""OpenWeather's geocoding: where a city lies, by its name and country.

https://openweathermap.org/api/geocoding-api
"""

from collections.abc import Iterable, Sequence

from pydantic import RootModel

from linernotes.domain.entities import EntityType
from linernotes.domain.identification import Described, searched
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Access, Answer, Profile, Question, Rate, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, described, found, parse_body, point, read_status

_PLACES_ASKED_FOR = "5"


class _Place(Body):
    name: str | None = None
    local_names: dict[str, str | None] | None = None
    lat: float
    lon: float
    country: str | None = None


class _Places(RootModel[Many[_Place]]):
    """The places of a name, the likeliest first."""


class OpenWeather:
    """Answers by name of a place."""

    profile = Profile(
        name="openweather",
        address="https://api.openweathermap.org",
        fields=("area.coordinates",),
        terms=Terms(
            licence="CC BY-SA 4.0", storage="all of it, with attribution", url="https://openweathermap.org/full-price"
        ),
        rate=Rate(requests=60, seconds=60),
        extractor_version=2,
        access=Access(parameter="appid", key_url="https://home.openweathermap.org/api_keys"),
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each area with a name."""
        for subject in subjects:
            if subject.entity_type is EntityType.AREA and subject.name:
                yield Question(
                    provider="openweather",
                    path="/geo/1.0/direct",
                    parameters={
                        "q": ",".join(filter(None, (subject.name, subject.country))),
                        "limit": _PLACES_ASKED_FOR,
                    },
                    subjects=(subject,),
                )

    def read(self, question: Question, answer: Answer) -> Reading:
        """The likeliest place of the name in the country; the more there are, the less sure it is."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        points: dict[str, float] = {}
        for place in parse_body(answer, _Places).root:
            where, match = point(place.lat, place.lon), _fit(place, subject)
            if where and match:
                points.setdefault(where, match)
        if not points:
            return Reading(outcome=Outcome.NOT_FOUND)
        where, match = next(iter(points.items()))
        return Reading(outcome=Outcome.OK, findings=found(subject, {"coordinates": where}, match=match / len(points)))


def _fit(place: _Place, subject: Subject) -> float:
    """How surely a place is the one, by any of its names; 0.0 where it is in another country."""
    if subject.country not in (None, place.country):
        return 0.0
    names = (place.name, *(place.local_names or {}).values())
    return max(searched(described(subject), Described(name=name)) for name in names)
