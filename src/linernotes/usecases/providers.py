"""Which providers there are, on what terms, and how they stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from linernotes.domain.outcomes import Outcome
from linernotes.domain.standing import ProviderState, Standing
from linernotes.errors import WrongUsageError
from linernotes.ports.providers import Profile, Provider
from linernotes.ports.standing import Capability, ProviderDay, Standings

_ANSWERS = (Outcome.OK, Outcome.NOT_FOUND)


class Chosen(Protocol):
    """What the settings say of one provider."""

    @property
    def is_on(self) -> bool | None: ...

    @property
    def secret(self) -> object: ...

    @property
    def address(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What was asked of a provider, on one day or on several."""

    day: date | None
    """None for several."""
    requests: int
    success_ratio: float | None
    """How many of them it answered, 0.0 to 1.0; that it knows nothing is an answer. None where nothing was asked."""
    mean_seconds: float | None
    """Until an answer was there."""
    cost: float
    """In the user's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was asked of providers, and what came of it."""

    asked: Sequence[ProviderDay] = ()
    """Ever."""
    since: date = date.min
    """The first day of those to tell about."""
    accepted: Mapping[str, int] = field(default_factory=dict)
    """How many values of each count now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLine:
    """One provider, as a person wants to know it."""

    name: str
    is_on: bool
    state: ProviderState
    capability: str | None
    """What it allows us, where only it can tell and was asked."""
    until: datetime | None
    reason: str
    """Why it is not asked, where it is not; else what it said last when it did not answer."""
    fields: tuple[str, ...]
    rate: str
    licence: str
    storage: str
    terms_url: str
    needs_secret: bool
    has_secret: bool
    is_proven: bool
    """Whether tests read answers that the real service gave."""
    extractor_version: int
    use: Use
    """Of the days that were asked for."""
    days: Sequence[Use]
    """Those on which it was asked, newest first."""
    accepted: int
    """Values of it that count now."""
    cost_per_value: float | None
    """All that it ever cost, by the values that count now; None where none does."""


def list_providers(
    providers: Iterable[Provider],
    chosen: Mapping[str, Chosen],
    standings: Standings,
    history: History,
    *,
    libraries: Collection[str],
    capabilities: Mapping[str, Capability],
) -> Sequence[ProviderLine]:
    """Every provider, in the order of their names.

    Args:
        providers: All there are.
        chosen: What the settings say.
        standings: How they stand.
        history: What was asked of them, and what came of it.
        libraries: Those whose library has a file.
        capabilities: What those allow us that were probed.

    Raises:
        WrongUsageError: The settings name one that there is not.
    """
    profiles = {provider.profile.name: provider.profile for provider in providers}
    for name in chosen:
        if name not in profiles:
            raise WrongUsageError(f"setting providers.{name}: no such provider; there are {', '.join(profiles)}")
    known = standings.all()
    return [
        _line(
            profile,
            chosen.get(profile.name),
            known.get(profile.name),
            history,
            has_library=profile.name in libraries,
            capability=capabilities.get(profile.name),
        )
        for profile in profiles.values()
    ]


def is_answered_from_files(profile: Profile, chosen: Chosen | None) -> bool:
    """Whether a provider is answered from its library; where the settings name an address, that is asked."""
    return bool(profile.library) and (chosen is None or chosen.address is None)


def _line(
    profile: Profile,
    chosen: Chosen | None,
    standing: Standing | None,
    history: History,
    *,
    has_library: bool,
    capability: Capability | None,
) -> ProviderLine:
    ever = [one for one in history.asked if one.provider == profile.name]
    asked = [one for one in ever if one.day >= history.since]
    accepted = history.accepted.get(profile.name, 0)
    days = sorted({one.day for one in asked}, reverse=True)
    has_secret = chosen is not None and chosen.secret is not None
    is_wanted = profile.is_on if chosen is None or chosen.is_on is None else chosen.is_on
    lacks = _lacks(profile, chosen, has_secret=has_secret, has_library=has_library)
    return ProviderLine(
        name=profile.name,
        is_on=is_wanted and not lacks,
        state=standing.state if standing else ProviderState.READY,
        capability=capability.capability if capability else None,
        until=standing.until if standing else None,
        reason=(lacks or (standing.reason if standing else "")) if is_wanted else "off",
        fields=profile.fields,
        rate=_rate(profile, chosen),
        licence=profile.terms.licence,
        storage=profile.terms.storage,
        terms_url=profile.terms.url,
        needs_secret=profile.access is not None,
        has_secret=has_secret,
        is_proven=profile.is_proven,
        extractor_version=profile.extractor_version,
        use=_use(None, asked),
        days=[_use(day, [one for one in asked if one.day == day]) for day in days],
        accepted=accepted,
        cost_per_value=sum(one.cost for one in ever) / accepted if accepted else None,
    )


def _use(day: date | None, asked: Sequence[ProviderDay]) -> Use:
    requests = sum(one.requests for one in asked)
    answered = sum(one.requests for one in asked if one.outcome in _ANSWERS)
    return Use(
        day=day,
        requests=requests,
        success_ratio=answered / requests if requests else None,
        mean_seconds=sum(one.seconds for one in asked) / requests if requests else None,
        cost=sum(one.cost for one in asked),
    )


def _rate(profile: Profile, chosen: Chosen | None) -> str:
    if profile.rate is None or is_answered_from_files(profile, chosen):
        return "any number"
    return f"{profile.rate.requests} in {profile.rate.seconds:g} s"


def _lacks(profile: Profile, chosen: Chosen | None, *, has_secret: bool, has_library: bool) -> str:
    """What a provider cannot be asked without, in words."""
    if profile.access is not None and not has_secret:
        return f"needs a key: LINER_PROVIDERS__{profile.name.upper()}__SECRET"
    if is_answered_from_files(profile, chosen) and not has_library:
        return f"needs a file: liner library add {profile.name}"
    return ""
