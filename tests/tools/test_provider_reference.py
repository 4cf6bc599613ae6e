"""The page of the providers says what a person has to know before they are asked."""

from linernotes.bootstrap.providers import all_providers
from linernotes.providers.deezer import Deezer
from linernotes.providers.spotify import Capability, Spotify
from tools.provider_reference import HEAD, render


def test_every_provider_has_a_section() -> None:
    page = render(all_providers())
    assert page.startswith(HEAD)
    headings = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert headings == [provider.profile.name for provider in all_providers()]


def test_a_section_tells_terms_limits_set_up_and_fields() -> None:
    page = render([Deezer()])
    assert "Deezer's public API: tempo, release date and more by ISRC, without a key." in page
    assert "| answers | recording: `release_date`, `tempo_bpm` |" in page
    assert "| at most | 50 requests in 5 s |" in page
    assert "| needs | nothing |" in page
    assert "| asked | yes |" in page
    assert "| proven on | answers of the real service |" in page
    assert "| licence | proprietary ([terms](https://developers.deezer.com/termsofuse)) |" in page


def test_a_section_tells_where_a_secret_goes_and_how_many_are_asked_about_at_once() -> None:
    page = render([Spotify(Capability.EXTENDED)])
    assert "| at most | 90 requests in 30 s, 50 entities in each |" in page
    assert "| needs | client id and secret, with a colon between, in `LINER_PROVIDERS__SPOTIFY__SECRET` |" in page


def test_what_is_off_or_not_proven_says_so() -> None:
    page = render(provider for provider in all_providers() if provider.profile.name == "beatport")
    assert "| at most | 1 request in 1 s |" in page
    assert "| needs | a key in `LINER_PROVIDERS__BEATPORT__SECRET` |" in page
    assert "| asked | only where `is_on = true` says so |" in page
    assert "| proven on | answers made after its documentation |" in page
