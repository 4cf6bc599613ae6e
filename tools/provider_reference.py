"""The reference page of the providers, made from their profiles and what their modules say of themselves."""

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from linernotes.ports.providers import Access, Profile, Provider

HEAD = """# Providers

Written by `make docs` from the providers themselves. Each is a web service that knows what no dump has. `liner
providers` tells which of them are asked, and why others are not. Keys come from the environment; a provider that needs
one is not asked without it.
"""


def render(providers: Iterable[Provider]) -> str:
    """The whole page in Markdown: a section for each provider."""
    return "\n".join([HEAD, *(line for provider in providers for line in _section(provider))])


def _section(provider: Provider) -> Iterator[str]:
    profile = provider.profile
    yield f"## {profile.name}\n"
    yield f"{_about(provider)}\n"
    yield "| | |\n| --- | --- |"
    yield f"| answers | {_fields(profile)} |"
    yield f"| at most | {_requests(profile)} in {profile.rate.seconds:g} s{_batches(profile)} |"
    yield f"| needs | {_needs(profile)} |"
    yield f"| asked | {'yes' if profile.is_on else 'only where `is_on = true` says so'} |"
    yield f"| proven on | answers {'of the real service' if profile.is_proven else 'made after its documentation'} |"
    yield f"| licence | {profile.terms.licence} ([terms]({profile.terms.url})) |"
    yield f"| may be kept | {profile.terms.storage} |\n"


def _about(provider: Provider) -> str:
    """What the module says of itself."""
    text = sys.modules[type(provider).__module__].__doc__ or ""
    return text.strip()


def _fields(profile: Profile) -> str:
    """The fields by entity type."""
    named = (field.split(".") for field in profile.fields)
    by_type = groupby(sorted(named), key=lambda parts: parts[0])
    return "; ".join(f"{entity}: {', '.join(f'`{field}`' for _, field in fields)}" for entity, fields in by_type)


def _requests(profile: Profile) -> str:
    return "1 request" if profile.rate.requests == 1 else f"{profile.rate.requests} requests"


def _batches(profile: Profile) -> str:
    return f", {profile.batch_size} entities in each" if profile.batch_size > 1 else ""


def _needs(profile: Profile) -> str:
    if profile.access is None:
        return "nothing"
    return f"{_secret(profile.access)} in `LINER_PROVIDERS__{profile.name.upper()}__SECRET`"


def _secret(access: Access) -> str:
    return "client id and secret, with a colon between," if access.exchange_url else "a key"
