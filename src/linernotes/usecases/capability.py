"""What a provider allows us, where only it can tell: asked once, remembered for a month."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from linernotes.errors import LinernotesError
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.providers import Probed, Provider
from linernotes.ports.standing import Capabilities, Capability
from linernotes.usecases.asking import AskingTools, spend

PROBED_AGAIN_AFTER = timedelta(days=30)
"""Quotas are granted and taken away."""


def as_known(provider: Provider, capabilities: Capabilities) -> Provider:
    """A provider as it was when it was probed last; as it comes where it never was."""
    if not isinstance(provider, Probed):
        return provider
    known = capabilities.all().get(provider.profile.name)
    return provider.with_capability(known.capability) if known else provider


def probed(tools: AskingTools, capabilities: Capabilities, *, run_id: UUID) -> AskingTools:
    """Tools whose provider is as it allows us now: it is asked where that was never done, or long ago.

    An answer that says nothing of it, or none at all, leaves it as it was; whatever is wrong, a budget
    that is spent too, shows when it is asked.
    """
    provider = tools.provider
    if not isinstance(provider, Probed):
        return tools
    name, now = provider.profile.name, tools.now()
    known = capabilities.all().get(name)
    standing = tools.standings.all().get(name)
    may_ask = standing is None or standing.may_be_asked(now)
    if may_ask and (known is None or known.probed_at < now - PROBED_AGAIN_AFTER):
        said = _probe(provider, tools, run_id)
        if said is not None:
            known = Capability(provider=name, capability=said, probed_at=now)
            capabilities.put(known)
    return replace(tools, provider=provider.with_capability(known.capability)) if known else tools


def _probe(provider: Probed, tools: AskingTools, run_id: UUID) -> str | None:
    try:
        spend(tools)
        tools.turns.wait()
        answer = tools.asking.ask(provider.probe)
    except LinernotesError:
        return None
    tools.journal.add(
        StoredAnswer(
            answer_id=tools.new_id(),
            run_id=run_id,
            question=provider.probe,
            answer=answer,
            collector_version=tools.code_version,
            cost=tools.budget.cost_per_request,
        )
    )
    return provider.capability(answer)
