"""Which providers are asked, and why others are not."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from linernotes.bootstrap.providers import all_providers
from linernotes.domain.standing import ProviderState, Standing
from linernotes.errors import WrongUsageError
from linernotes.settings import ProviderSettings
from linernotes.usecases.providers import ProviderLine, list_providers
from tests.fakes.enrichment import FakeStandings

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def line(name: str, chosen: ProviderSettings | None = None, standing: Standing | None = None) -> ProviderLine:
    standings = FakeStandings()
    if standing:
        standings.put(standing)
    settings = {name: chosen} if chosen else {}
    return next(one for one in list_providers(all_providers(), settings, standings) if one.name == name)


@pytest.mark.parametrize(
    ("name", "chosen", "is_on", "reason"),
    [
        ("deezer", None, True, ""),
        ("deezer", ProviderSettings(is_on=False), False, "off"),
        ("acousticbrainz", None, False, "off"),
        ("acousticbrainz", ProviderSettings(is_on=True), True, ""),
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


def test_a_provider_that_there_is_not_is_told() -> None:
    with pytest.raises(WrongUsageError, match=r"providers\.deezr: no such provider; there are acousticbrainz,"):
        list_providers(all_providers(), {"deezr": ProviderSettings()}, FakeStandings())
