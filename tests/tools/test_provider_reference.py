"""The pages of the providers say what a person has to know before they are asked."""

from linernotes.bootstrap.providers import all_providers
from linernotes.policies.documents import shipped_policies
from linernotes.ports.providers import Provider
from linernotes.providers.deezer import Deezer
from linernotes.providers.spotify import Capability, Spotify
from tools.provider_reference import HEAD, render_index, render_page

POLICY = shipped_policies()["default"]


def named(name: str) -> Provider:
    return next(one for one in all_providers() if one.profile.name == name)


def test_every_provider_has_a_line_with_a_link() -> None:
    page = render_index(all_providers())
    assert page.startswith(HEAD)
    lines = page.removeprefix(HEAD).strip().splitlines()
    assert len(lines) == len(all_providers())
    assert lines[3] == "| [deezer](providers/deezer.md) | `tempo_bpm`, `release_date` | nothing | yes | proprietary |"


def test_a_page_tells_fields_limits_set_up_and_terms() -> None:
    page = render_page(Deezer(), POLICY)
    assert page.startswith("# deezer\n")
    assert "Deezer's public API: tempo, release date and more by ISRC, without a key." in page
    assert "| recording | `tempo_bpm` | beats per minute | 0.85 | isrc |" in page
    assert "At most 50 requests in 5 s, over all processes of a home." in page
    assert "It needs no key." in page
    assert "Licence: proprietary (<https://developers.deezer.com/termsofuse>)." in page
    assert "`liner stage --licence cc0` leaves its values out." in page
    assert "Tests read answers that the real service gave." in page


def test_a_page_tells_where_a_key_is_to_be_had_and_where_it_goes() -> None:
    page = render_page(Spotify(Capability.EXTENDED), POLICY)
    assert "At most 90 requests in 30 s, 50 entities in each, over" in page
    assert "client id and secret, with a colon between: <https://developer.spotify.com/dashboard>." in page
    assert "export LINER_PROVIDERS__SPOTIFY__SECRET=…" in page


def test_what_is_off_or_not_proven_says_so() -> None:
    page = render_page(named("beatport"), POLICY)
    assert "[providers.beatport]\nis_on = true" in page
    assert "unproven until somebody asks the real service" in page


def test_what_is_free_in_part_says_which() -> None:
    page = render_page(named("musicbrainz"), POLICY)
    assert "Under CC0 may be published: " in page
    assert "`recording.genre`" not in page.partition("Under CC0 may be published: ")[2]
