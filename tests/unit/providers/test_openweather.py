"""What OpenWeather's geocoding is asked, and what its answers mean."""

import pytest

from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.ports.providers import Subject
from linernotes.providers.openweather import OpenWeather
from tests.provider_kit import ID, artist, matches, only_question, read, reply, values


def area(country: str | None = "GB") -> Subject:
    return Subject(entity_type=EntityType.AREA, entity_id=ID, name="Manchester", country=country)


ENGLAND = {"name": "Manchester", "lat": 53.48, "lon": -2.24, "country": "GB"}
NEW_HAMPSHIRE = {"name": "Manchester", "lat": 42.99, "lon": -71.46, "country": "US"}


@pytest.mark.parametrize(("country", "name"), [("GB", "Manchester,GB"), (None, "Manchester")])
def test_a_place_is_asked_for_by_name_and_country(country: str | None, name: str) -> None:
    assert only_question(OpenWeather(), area(country)).parameters == {"q": name, "limit": "5"}
    assert list(OpenWeather().ask([artist()])) == []


def test_the_place_in_the_country_counts() -> None:
    reading = read(OpenWeather(), area(), reply([NEW_HAMPSHIRE, ENGLAND]))
    assert (values(reading), matches(reading)) == ({"coordinates": "53.48,-2.24"}, {0.95})


def test_a_place_is_known_by_its_names_in_other_languages_and_counted_once() -> None:
    local = ENGLAND | {"name": "Mancunium", "local_names": {"ja": None, "en": "Manchester"}}
    reading = read(OpenWeather(), area(), reply([local, ENGLAND]))
    assert (values(reading), matches(reading)) == ({"coordinates": "53.48,-2.24"}, {0.95})


def test_of_places_that_cannot_be_told_apart_the_likeliest_is_less_sure() -> None:
    reading = read(OpenWeather(), area(None), reply([NEW_HAMPSHIRE, ENGLAND]))
    assert ([one.value for one in reading.findings], matches(reading)) == (["42.99,-71.46"], {0.475})


@pytest.mark.parametrize(
    "body",
    [[], [NEW_HAMPSHIRE], [ENGLAND | {"name": "Salford"}], [ENGLAND | {"lat": 91}], [ENGLAND | {"lon": -181}], [None]],
)
def test_what_is_another_place_is_not_found(body: object) -> None:
    assert read(OpenWeather(), area(), reply(body)).outcome is Outcome.NOT_FOUND
