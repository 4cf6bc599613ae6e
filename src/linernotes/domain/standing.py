"""How a provider stands, and what each answer changes about it: when it is asked, left alone, or given up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from linernotes.domain.outcomes import Outcome

_BREAKS_AFTER = 5
"""Failures in a row: what fails more often is no single bad answer."""
_REFUSES_AFTER = 3
"""Refusals in a row: one question may be refused for its own sake."""
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_QUOTA_PAUSE = timedelta(minutes=1)
"""For those who do not say how long: most count by the minute."""
_REFUSED_PAUSE = timedelta(days=1)


class ProviderState(StrEnum):
    READY = "ready"
    PARKED = "parked"
    """It asked to be left alone, or its budget is used up."""
    BROKEN = "broken"
    """It failed too often in a row; asked once more when the pause is over."""
    REFUSED = "refused"
    """It does not answer us; a person has to look at key and rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one provider stands."""

    provider: str
    state: ProviderState
    until: datetime | None = None
    """When it may be asked again; None for now."""
    failures: int = 0
    """Answers of no use in a row."""
    reason: str = ""
    changed_at: datetime
    answered_at: datetime | None = None
    """When it last gave an answer of use."""

    def may_be_asked(self, now: datetime) -> bool:
        """Whether the time has come."""
        return self.until is None or self.until <= now


def after(
    standing: Standing, outcome: Outcome, *, now: datetime, reason: str = "", wait_seconds: float | None = None
) -> Standing:
    """How a provider stands after an answer.

    Args:
        standing: Before it.
        outcome: What the answer came to.
        now: When.
        reason: In words, for people.
        wait_seconds: How long the provider wants to be left alone.
    """
    if outcome in (Outcome.OK, Outcome.NOT_FOUND):
        return Standing(provider=standing.provider, state=ProviderState.READY, changed_at=now, answered_at=now)
    failed = replace(standing, failures=standing.failures + 1, reason=reason, changed_at=now)
    wait = timedelta(seconds=wait_seconds) if wait_seconds is not None else None
    if outcome is Outcome.QUOTA:
        return replace(failed, state=ProviderState.PARKED, until=now + (wait or _QUOTA_PAUSE))
    if outcome is Outcome.REFUSED and failed.failures >= _REFUSES_AFTER:
        return replace(failed, state=ProviderState.REFUSED, until=now + _REFUSED_PAUSE)
    if failed.failures >= _BREAKS_AFTER:
        pause = min(_FIRST_PAUSE * (1 << min(failed.failures - _BREAKS_AFTER, 10)), _LONGEST_PAUSE)
        return replace(failed, state=ProviderState.BROKEN, until=now + max(pause, wait or pause))
    return replace(failed, until=now + wait if wait else None)
