"""Which providers are asked, and why others are not."""

from collections.abc import Collection
from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr

from linernotes.bootstrap.providers import all_providers
from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing
from linernotes.errors import WrongUsageError
from linernotes.ports.standing import Capability, ProviderDay
from linernotes.settings import ProviderSettings
from linernotes.usecases.providers import History, ProviderLine, Use, list_providers
from tests.fakes.enrichment import FakeStandings

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def line(
    name: str,
    chosen: ProviderSettings | None = None,
    standing: Standing | None = None,
    history: History = History(),  # noqa: B008 - nothing changes it
    libraries: Collection[str] = (),
) -> ProviderLine:
    standings = FakeStandings()
    if standing:
        standings.put(standing)
    settings = {name: chosen} if chosen else {}
    allowed = {"spotify": Capability(provider="spotify", capability="dev", probed_at=NOW)}
    found = list_providers(all_providers(), settings, standings, history, libraries=libraries, capabilities=allowed)
    return next(one for one in found if one.name == name)


@pytest.mark.parametrize(
    ("name", "chosen", "is_on", "reason"),
    [
        ("deezer", None, True, ""),
        ("deezer", ProviderSettings(is_on=False), False, "off"),
        ("reccobeats", None, False, "off"),
        ("reccobeats", ProviderSettings(is_on=True), True, ""),
        ("acousticbrainz", None, False, "needs a file: liner library add acousticbrainz"),
        ("acousticbrainz", ProviderSettings(address="https://mirror.example"), True, ""),
        ("lastfm", None, False, "needs a key: LINER_PROVIDERS__LASTFM__SECRET"),
        ("lastfm", ProviderSettings(secret=SecretStr("k")), True, ""),
        ("lastfm", ProviderSettings(is_on=False, secret=SecretStr("k")), False, "off"),
    ],
)
def test_a_provider_is_asked_where_its_terms_the_settings_and_its_key_allow(
    name: str, chosen: ProviderSettings | None, *, is_on: bool, reason: str
) -> None:
    found = line(name, chosen)
    assert (found.is_on, found.reason) == (is_on, reason)


def test_a_line_says_how_a_provider_stands_and_never_its_key() -> None:
    parked = Standing(provider="lastfm", state=ProviderState.PARKED, until=NOW, reason="error 29", changed_at=NOW)
    found = line("lastfm", ProviderSettings(secret=SecretStr("planted")), parked)
    assert (found.state, found.until, found.reason) == (ProviderState.PARKED, NOW, "error 29")
    assert (found.needs_secret, found.has_secret, found.rate) == (True, True, "5 in 1 s")
    assert "planted" not in repr(found)


def asked(day: int, outcome: Outcome, requests: int, provider: str = "deezer") -> ProviderDay:
    return ProviderDay(
        provider=provider,
        day=date(2026, 11, day),
        outcome=outcome,
        requests=requests,
        cost=requests * 2.0,
        seconds=requests * 0.5,
    )


def test_a_line_says_what_was_asked_and_how_much_of_it_was_answered() -> None:
    days = [
        asked(1, Outcome.OK, 6),
        asked(1, Outcome.NOT_FOUND, 3),
        asked(1, Outcome.TRANSIENT, 1),
        asked(2, Outcome.QUOTA, 2),
        asked(2, Outcome.OK, 100, provider="lastfm"),
    ]
    found = line("deezer", history=History(asked=days))
    assert found.use == Use(day=None, requests=12, success_ratio=0.75, mean_seconds=0.5, cost=24.0)
    assert found.days == [
        Use(day=date(2026, 11, 2), requests=2, success_ratio=0.0, mean_seconds=0.5, cost=4.0),
        Use(day=date(2026, 11, 1), requests=10, success_ratio=0.9, mean_seconds=0.5, cost=20.0),
    ]
    second = line("deezer", history=History(asked=days, since=date(2026, 11, 2), accepted={"deezer": 12, "lastfm": 5}))
    assert [use.day for use in second.days] == [date(2026, 11, 2)]
    assert (second.use.requests, second.accepted, second.cost_per_value) == (2, 12, 2.0)
    assert (found.accepted, found.cost_per_value) == (0, None)
    nothing = Use(day=None, requests=0, success_ratio=None, mean_seconds=None, cost=0)
    assert (line("deezer").use, line("deezer").days) == (nothing, [])


def test_a_provider_with_a_library_is_asked_as_often_as_anybody_likes() -> None:
    found = line("geonames", libraries={"geonames"})
    assert (found.is_on, found.reason, found.rate) == (True, "", "any number")
    assert line("geonames", ProviderSettings(is_on=False), libraries={"geonames"}).reason == "off"


def test_what_a_provider_allows_is_told_where_it_said_so() -> None:
    assert (line("spotify").capability, line("deezer").capability) == ("dev", None)


def test_a_provider_that_there_is_not_is_told() -> None:
    with pytest.raises(WrongUsageError, match=r"providers\.deezr: no such provider; there are acousticbrainz,"):
        list_providers(
            all_providers(), {"deezr": ProviderSettings()}, FakeStandings(), History(), libraries=(), capabilities={}
        )
