"""How a provider is reached: over HTTP, or in its library."""

from collections.abc import Iterator
from contextlib import contextmanager

from linernotes.bootstrap.core import Core, now
from linernotes.bootstrap.libraries import HomeLibraries
from linernotes.ports.providers import Asking, Profile, Rate, Turns
from linernotes.providers.asking import Asker, ClientToken, Credentials, Key, NoCredentials
from linernotes.providers.libraries.asking import NoWaiting
from linernotes.providers.pace import Pace
from linernotes.settings import ProviderSettings
from linernotes.wire.web import Web, make_client

_MIRROR = Rate(requests=1, seconds=1)
"""How often an address is asked of which nothing is known."""


@contextmanager
def open_library(core: Core, profile: Profile, _chosen: ProviderSettings) -> Iterator[tuple[Asking, Turns]]:
    """Answers out of a library, for the block."""
    with HomeLibraries(core).asking(profile.name) as asking:
        yield asking, NoWaiting()


@contextmanager
def open_service(core: Core, profile: Profile, chosen: ProviderSettings) -> Iterator[tuple[Asking, Turns]]:
    """A web service, and when it may be asked, for the block."""
    settings, where = core.settings.enrichment, f"[providers.{profile.name}]"
    address = chosen.address or profile.address
    with make_client(
        user_agent=settings.user_agent,
        connect_seconds=settings.connect_timeout_seconds,
        read_seconds=settings.read_timeout_seconds,
    ) as client:
        web = Web(client, base_url=address, other_hosts=profile.other_hosts, now=now, settings=where)
        exchange = profile.access.exchange_url if profile.access else None
        exchange = exchange and (chosen.token_address or exchange)
        tokens = Web(client, base_url=exchange, now=now, settings=where) if exchange else web
        pace = Pace(core.home.turns, profile.name, _rate(profile, chosen))
        try:
            yield Asker(web, address, credentials=_credentials(profile, chosen, exchange, tokens), now=now), pace
        finally:
            pace.close()


def _rate(profile: Profile, chosen: ProviderSettings) -> Rate:
    if chosen.requests_per_second is None:
        return profile.rate or _MIRROR
    if chosen.requests_per_second >= 1:
        return Rate(requests=round(chosen.requests_per_second), seconds=1)
    return Rate(requests=1, seconds=1 / chosen.requests_per_second)


def _credentials(profile: Profile, chosen: ProviderSettings, exchange: str | None, tokens: Web) -> Credentials:
    if profile.access is None or chosen.secret is None:
        return NoCredentials()
    if exchange:
        return ClientToken(tokens, exchange, client=chosen.secret, now=now)
    return Key(profile.access, chosen.secret)
