"""What GeoNames is asked, and what its cities mean."""

import pytest

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Subject
from linernotes.providers.geonames import GeoNames
from tests.provider_kit import ID, artist, matches, only_question, read, reply, values

JAMAICA = {"latitude": 17.99702, "longitude": -76.79358, "countrycode": "JM", "population": 937_700}
ONTARIO = {"latitude": 44.22976, "longitude": -76.48098, "countrycode": "CA", "population": 132_485}


def kingston(country: str | None = "JM") -> Subject:
    return Subject(entity_type=EntityType.AREA, entity_id=ID, name="Kingston", country=country)


@pytest.mark.parametrize(
    ("country", "parameters"), [("JM", {"name": "Kingston", "country": "JM"}), (None, {"name": "Kingston"})]
)
def test_a_city_is_asked_for_by_name_and_country(country: str | None, parameters: dict[str, str]) -> None:
    assert only_question(GeoNames(), kingston(country)).parameters == parameters
    assert list(GeoNames().ask([artist()])) == []


def test_the_city_in_the_country_counts() -> None:
    reading = read(GeoNames(), kingston(), reply([JAMAICA, ONTARIO]))
    assert (values(reading), matches(reading)) == ({"coordinates": "17.99702,-76.79358"}, {1.0})


def test_of_several_the_largest_counts_as_surely_as_people_live_there() -> None:
    reading = read(GeoNames(), kingston(None), reply([ONTARIO, JAMAICA]))
    assert (values(reading), matches(reading)) == ({"coordinates": "17.99702,-76.79358"}, {0.8762})
    deserted = [city | {"population": 0} for city in (ONTARIO, JAMAICA)]
    assert matches(read(GeoNames(), kingston(None), reply(deserted))) == {0.5}


@pytest.mark.parametrize("body", [[], [ONTARIO], [JAMAICA | {"latitude": 91}], [JAMAICA | {"longitude": -181}]])
def test_what_lies_elsewhere_or_nowhere_is_not_found(body: object) -> None:
    assert read(GeoNames(), kingston(), reply(body)).outcome is Outcome.NOT_FOUND
