"""Enrichment of a home: who is asked, how, and what comes of it."""

import contextlib
import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from linernotes import __version__
from linernotes.bootstrap.asking import open_library, open_service
from linernotes.bootstrap.core import Core, now
from linernotes.bootstrap.libraries import HomeLibraries
from linernotes.bootstrap.providers import all_providers
from linernotes.errors import WrongUsageError
from linernotes.lake.catalogue import LakeCatalogue
from linernotes.lake.counts import LakeCounter
from linernotes.ports.answers import StoredAnswer
from linernotes.ports.providers import Provider
from linernotes.ports.steps import StepProgress
from linernotes.settings import ProviderSettings
from linernotes.usecases import policies
from linernotes.usecases.asking import AskingTools, Budget
from linernotes.usecases.capability import as_known, probed
from linernotes.usecases.enrich import EnrichOutcome, enrich
from linernotes.usecases.enrich_plan import EnrichRequest, EnrichTools, plan
from linernotes.usecases.providers import History, ProviderLine, is_answered_from_files, list_providers
from linernotes.usecases.running import recorded
from linernotes.usecases.seal import SOURCE, Sealed, SealTools, reread, seal
from linernotes.usecases.steps import StepTools, find_step, work_on


class Enrichment:
    """What providers are asked, and what they said."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @cached_property
    def _providers(self) -> Mapping[str, Provider]:
        known = (as_known(provider, self._core.ledger.capabilities) for provider in all_providers())
        return {provider.profile.name: provider for provider in known}

    def providers(self, *, days: int) -> Sequence[ProviderLine]:
        """Which providers there are, how they stand, and what was asked of them in so many days until now."""
        history = History(
            asked=self._core.ledger.provider_days.find(since=date.min),
            since=now().date() - timedelta(days=days - 1),
            accepted=LakeCounter(engine=self._core.engine).count_accepted(),
        )
        return self._lines(history)

    def _lines(self, history: History) -> Sequence[ProviderLine]:
        core = self._core
        libraries = HomeLibraries(core).names()
        return list_providers(
            self._providers.values(),
            core.settings.providers,
            core.ledger.standings,
            history,
            libraries=libraries,
            capabilities=core.ledger.capabilities.all(),
        )

    def enrich(self, request: EnrichRequest) -> EnrichOutcome:
        """Ask for what is missing."""
        return enrich(request, self._tools)

    def plan(self, request: EnrichRequest) -> Sequence[StepProgress]:
        """Freeze what would be asked, and ask nobody."""
        with recorded(
            self._core.ledger.runs, "plan", code_version=__version__, settings=self._core.settings_recorded
        ) as run:
            return plan(request, self._tools, run_id=run.run_id)

    def work_on(self, step_id: UUID) -> StepProgress:
        """Do what is left of a step, and seal what was answered."""
        ledger = self._core.ledger
        provider = self._providers[find_step(step_id, ledger.steps).step.provider]
        with (
            recorded(ledger.runs, "enrich", code_version=__version__, settings=self._core.settings_recorded) as run,
            self._open_asking(provider, run.run_id) as asking,
        ):
            tools = StepTools(steps=ledger.steps, unknown=ledger.unknown_entities, asking=asking)
            try:
                return work_on(step_id, tools, run_id=run.run_id, progress=self._core.progress)
            finally:
                seal(self._seal_tools, run_id=run.run_id)

    def steps(self, step_id: UUID | None = None) -> Sequence[StepProgress]:
        """How far steps are."""
        return self._core.ledger.steps.progress() if step_id is None else [find_step(step_id, self._core.ledger.steps)]

    def retry(self, step_id: UUID, *, is_reset: bool) -> int:
        """Let failed batches, or all, wait again."""
        find_step(step_id, self._core.ledger.steps)
        return self._core.ledger.steps.retry(step_id, is_reset=is_reset)

    def reread(self, providers: Sequence[str], *, answer_ids: Collection[UUID] = ()) -> Sealed:
        """Read what bronze has again, of some providers or of all, all answers or some."""
        for name in providers:
            if name not in self._providers:
                raise WrongUsageError(f"no provider {name!r}; there are {', '.join(self._providers)}")
        core = self._core
        with recorded(core.ledger.runs, "reread", code_version=__version__, settings=core.settings_recorded) as run:
            return reread(self._seal_tools, run_id=run.run_id, providers=providers, answer_ids=answer_ids)

    @cached_property
    def _tools(self) -> EnrichTools:
        core = self._core
        policy = policies.active_policy(core.policy_tools).policy
        assert policy
        return EnrichTools(
            catalogue=LakeCatalogue(engine=core.engine, bronze=core.home.bronze),
            steps=core.ledger.steps,
            unknown=core.ledger.unknown_entities,
            seal=self._seal_tools,
            runs=core.ledger.runs,
            providers=[self._providers[line.name] for line in self._lines(History()) if line.is_on],
            policy=policy,
            open_asking=self._open_asking,
            new_id=core.ledger.new_id,
            now=now,
            progress=core.progress,
            code_version=__version__,
            settings=core.settings_recorded,
            subjects_per_batch=core.settings.enrichment.subjects_per_batch,
        )

    @cached_property
    def _seal_tools(self) -> SealTools:
        core = self._core
        return SealTools(
            journal=core.ledger.answers,
            files=core.answer_files,
            loads=core.ledger.loads,
            quarantine=core.ledger.quarantine,
            leases=core.ledger.leases,
            providers=self._providers,
            new_id=core.ledger.new_id,
            now=now,
            say=core.progress.say,
        )

    def _find_sealed(self, fingerprints: Collection[str], since: datetime) -> Mapping[str, StoredAnswer]:
        loads = self._core.ledger.loads.find(source=SOURCE, is_active=True)
        return self._core.answer_files.find(loads, fingerprints, since=since)

    @contextlib.contextmanager
    def _open_asking(self, provider: Provider, run_id: UUID) -> Iterator[AskingTools]:
        core, profile = self._core, provider.profile
        chosen = core.settings.providers.get(profile.name, ProviderSettings())
        settings = core.settings.enrichment
        is_local = is_answered_from_files(profile, chosen)
        with (open_library if is_local else open_service)(core, profile, chosen) as (asking, turns):
            tools = AskingTools(
                provider=provider,
                asking=asking,
                turns=turns,
                journal=core.ledger.answers,
                find_sealed=self._find_sealed,
                standings=core.ledger.standings,
                days=core.ledger.provider_days,
                new_id=core.ledger.new_id,
                now=now,
                sleep=time.sleep,
                jitter=random.random,
                code_version=__version__,
                budget=Budget(
                    per_run=chosen.requests_per_run,
                    per_day=chosen.requests_per_day,
                    cost_per_request=chosen.cost_per_request,
                ),
                attempts=settings.attempts,
                longest_wait_seconds=settings.longest_wait_seconds,
            )
            yield probed(tools, core.ledger.capabilities, run_id=run_id)
