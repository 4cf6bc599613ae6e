"""The reference pages of the providers, made from their profiles, their modules' descriptions, and the policy."""

import sys
from collections.abc import Iterable, Iterator

from linernotes.domain.entities import EntityType
from linernotes.domain.fields import FIELDS
from linernotes.domain.policy import Policy
from linernotes.ports.providers import Access, Profile, Provider
from linernotes.usecases.enrich_plan import asked_kinds

HEAD = """# Providers

Written by `make docs` from the providers themselves. Each knows what no dump has: most are web services, some are
answered from files of yours. `liner providers` tells which of them are asked, and why others are not; [how to
enrich](../how-to/enrich.md) tells the rest.

| provider | answers | needs | asked | licence |
| --- | --- | --- | --- | --- |"""
OUTCOMES = """
## When it does not answer

An error of the service, or a connection that breaks, is tried again, and then its batch waits for `liner step retry`.
What it does not know is asked again after 1, 2, 4, … 32 days. Where it wants to be left alone it is, as long as it
says; a key that it refuses, or a budget that is spent, ends the work at this provider only. An answer that cannot be
read is kept in quarantine, and `liner reread` reads it again."""


def render_index(providers: Iterable[Provider]) -> str:
    """The page of all providers in Markdown: a line for each."""
    return "\n".join([HEAD, *(_line(provider.profile) for provider in providers), ""])


def render_page(provider: Provider, policy: Policy) -> str:
    """The page of one provider in Markdown: fields, limits, set-up, terms.

    Args:
        provider: Of which it tells.
        policy: Whose confidences it tells.
    """
    profile = provider.profile
    parts = [_about(provider), *_answers(provider, policy), *_limits(profile), *_set_up(profile), *_terms(profile)]
    head = f"# {profile.name}\n\nWritten by `make docs`. One of the [providers](../providers.md).\n"
    return "\n".join([head, *parts, OUTCOMES, ""])


def _line(profile: Profile) -> str:
    link = f"[{profile.name}](providers/{profile.name}.md)"
    fields = ", ".join(dict.fromkeys(f"`{name.partition('.')[2]}`" for name in profile.fields))
    needs = "a key" if profile.access else "a file" if profile.library else "nothing"
    return f"| {link} | {fields} | {needs} | {_asked(profile)} | {profile.terms.licence} |"


def _asked(profile: Profile) -> str:
    return "yes" if profile.is_on else "only where `is_on = true` says so"


def _about(provider: Provider) -> str:
    """What the module says of itself."""
    return (sys.modules[type(provider).__module__].__doc__ or "").strip()


def _answers(provider: Provider, policy: Policy) -> Iterator[str]:
    yield "\n## What it answers\n"
    yield "| entity | field | unit | usual confidence | asked by |"
    yield "| --- | --- | --- | --- | --- |"
    for name in provider.profile.fields:
        entity_type, _, field = name.partition(".")
        kinds = ", ".join(sorted(kind.replace("_", " ") for kind in asked_kinds(provider, EntityType(entity_type))))
        confidence = policy.base_confidence(field, provider.profile.name)
        yield f"| {entity_type} | `{field}` | {FIELDS[name].unit or ''} | {confidence:.2f} | {kinds} |"


def _limits(profile: Profile) -> Iterator[str]:
    yield "\n## Limits\n"
    if profile.library:
        yield "None: it is answered from files of yours."
    if profile.rate is None:
        return
    if profile.library:
        yield "\nOf a mirror that `address` names:\n"
    requests = "1 request" if profile.rate.requests == 1 else f"{profile.rate.requests} requests"
    batches = f", {profile.batch_size} entities in each" if profile.batch_size > 1 else ""
    yield f"At most {requests} in {profile.rate.seconds:g} s{batches}, over all processes of a home."


def _set_up(profile: Profile) -> Iterator[str]:
    yield "\n## Set-up\n"
    if profile.library:
        yield f"It needs {profile.library}.\n"
        yield "<!-- not run: it needs a file of yours -->"
        yield f"```sh\nliner library add {profile.name} FILE\nliner enrich --provider {profile.name}\n```"
    elif profile.access is None:
        yield "It needs no key."
    else:
        yield f"It needs {_secret(profile.access)}: <{profile.access.key_url}>.\n"
        yield f"```sh\nexport LINER_PROVIDERS__{profile.name.upper()}__SECRET=…\n```"
    if not profile.is_on:
        yield "\nBecause of its terms it is asked only where `liner.toml` says so:\n"
        yield f"```toml\n[providers.{profile.name}]\nis_on = true\n```"


def _secret(access: Access) -> str:
    return "client id and secret, with a colon between" if access.exchange_url else "a key"


def _terms(profile: Profile) -> Iterator[str]:
    yield "\n## Terms\n"
    yield f"Licence: {profile.terms.licence} (<{profile.terms.url}>). May be kept: {profile.terms.storage}."
    free = [name for name in profile.fields if profile.terms.allows_cc0(name.partition(".")[2])]
    if free and len(free) < len(profile.fields):
        yield f"Under CC0 may be published: {', '.join(f'`{name}`' for name in free)}."
    elif not free:
        yield "`liner stage --licence cc0` leaves its values out."
    yield ""
    if profile.is_proven:
        yield "Tests read answers that the real service gave."
    else:
        yield "Tests read answers made after its documentation: unproven until somebody asks the real service."
