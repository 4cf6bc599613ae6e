"""What every command of a home shares: its ledger, its lake, its clock."""

import contextlib
import getpass
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from linernotes import __version__
from linernotes.domain.judgements import in_force
from linernotes.domain.match_policy import MatchPolicy
from linernotes.errors import FatalError
from linernotes.home import Home
from linernotes.lake.lock import writer_lock
from linernotes.ledger.opening import Ledger, open_ledger
from linernotes.ports.building import BuildRules
from linernotes.ports.policies import DecisionRules
from linernotes.ports.progress import Progress
from linernotes.settings import Settings
from linernotes.usecases import match_policies, policies
from linernotes.usecases.field_locks import AllLocks

if TYPE_CHECKING:  # DuckDB takes 30 MB and a tenth of a second; what needs no lake goes without
    from linernotes.lake.answer_files import LakeAnswerFiles
    from linernotes.lake.builder import DbtBuilder
    from linernotes.lake.engine import Engine
    from linernotes.lake.link_trial import LinkTrial
    from linernotes.lake.site import DbtSite
    from linernotes.lake.upkeep import LakeUpkeep
    from linernotes.lake.user_models import UserModels


def now() -> datetime:
    """The time, with time zone."""
    return datetime.now(tz=UTC)


def login() -> str:
    """Who uses this machine; `somebody` where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "somebody"


class Core:
    """The open parts of one home; each is opened when it is first needed."""

    def __init__(self, settings: Settings, *, progress: Progress) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        self.progress = progress
        self._open = contextlib.ExitStack()

    @cached_property
    def ledger(self) -> Ledger:
        """The open ledger, made or migrated at first use."""
        url = self.settings.ledger.url
        if url is None:
            self._make_root()
        address = url.get_secret_value() if url else f"sqlite:///{self.home.ledger}"
        ledger = self._open.enter_context(open_ledger(address, clock=now, code_version=__version__))
        if self.settings.lineage.file is None:
            return ledger
        from linernotes.bootstrap.lineage import with_lineage

        return with_lineage(ledger, self.settings, engine=lambda: self.engine, now=now, say=self.progress.say)

    @cached_property
    def engine(self) -> "Engine":
        """How to open the lake."""
        from linernotes.lake.engine import Engine, link_extensions

        lake = self.settings.lake
        return Engine(
            folder=self.home.lake,
            extensions=link_extensions(self.home.extensions),
            catalog=lake.catalog.get_secret_value() if lake.catalog else None,
            memory_limit=lake.memory_limit,
            threads=lake.threads,
        )

    @property
    def builder(self) -> "DbtBuilder":
        """dbt on this home's lake."""
        from linernotes.lake.builder import DbtBuilder

        return DbtBuilder(
            engine=self.engine,
            bronze=self.home.bronze,
            logs=self.home.logs,
            target=self.home.lake / "dbt",
            lock=self.write_lake,
            rules=self.build_rules,
        )

    @property
    def user_models(self) -> "UserModels":
        """The user's own models on this home's lake."""
        from linernotes.lake.user_models import UserModels

        return UserModels(
            engine=self.engine,
            models=self.home.models,
            logs=self.home.logs,
            target=self.home.lake / "dbt-user",
            rules=self.build_rules,
        )

    @property
    def site(self) -> "DbtSite":
        """The lineage site of this home."""
        from linernotes.lake.site import DbtSite

        return DbtSite(engine=self.engine, bronze=self.home.bronze, logs=self.home.logs, target=self.home.lake / "dbt")

    @property
    def link_trial(self) -> "LinkTrial":
        """What hides links of this home and matches without them."""
        from linernotes.lake.link_trial import LinkTrial

        return LinkTrial(engine=self.engine, logs=self.home.logs, target=self.home.lake / "dbt", rules=self.build_rules)

    @property
    def upkeep(self) -> "LakeUpkeep":
        """Snapshots and files of this home's lake that are no longer needed."""
        from linernotes.lake.upkeep import LakeUpkeep

        return LakeUpkeep(engine=self.engine, lock=self.write_lake)

    @property
    def answer_files(self) -> "LakeAnswerFiles":
        """Answers of providers in bronze."""
        from linernotes.lake.answer_files import ANSWER, OBSERVATION, LakeAnswerFiles
        from linernotes.lake.bronze import BronzeTables
        from linernotes.lake.project import declared_bronze

        tables = {table.name: table for table in declared_bronze() if table.name in (ANSWER, OBSERVATION)}
        bronze = BronzeTables(self.home.bronze)
        return LakeAnswerFiles(bronze=bronze, scratch=self.home.downloads / "answers", tables=tables)

    @property
    def lake_lock(self) -> Path:
        """The writer lock of the lake."""
        return self.home.locks / "lake.lock"

    @property
    def settings_recorded(self) -> Mapping[str, object]:
        """The settings as a run records them: secrets are masked."""
        return self.settings.model_dump(mode="json")

    @property
    def match_policy(self) -> MatchPolicy:
        """The policy that decides what machines take for the same."""
        return match_policies.in_force(self.ledger.match_policies)

    def build_rules(self) -> BuildRules:
        """What decides beside the records: policies, and what people said."""
        return BuildRules(
            match_policy=self.match_policy,
            judgements=in_force(self.ledger.judgements.all()),
            decisions=self.decision_rules,
        )

    @property
    def policy_tools(self) -> policies.PolicyTools:
        """What choosing a policy of enrichment needs."""
        from linernotes.bootstrap.providers import all_providers
        from linernotes.policies.documents import shipped_policies

        return policies.PolicyTools(
            policies=self.ledger.policies,
            generations=self.ledger.generations,
            shipped=shipped_policies(),
            providers=[provider.profile.name for provider in all_providers()],
            new_id=self.ledger.new_id,
            now=now,
        )

    @property
    def locks(self) -> AllLocks:
        """What people set fields to."""
        return AllLocks(locks=self.ledger.locks, judgements=self.ledger.judgements)

    @property
    def decision_rules(self) -> DecisionRules:
        """By what fields are decided."""
        return policies.rules_in_force(self.policy_tools, self.locks.all())

    def close(self) -> None:
        """Close what was opened."""
        self._open.close()

    def _make_root(self) -> None:
        root = self.home.root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FatalError(f"cannot create the home {root} ({error.strerror}); choose another --home") from error

    def write_lake(self, say: Callable[[str], None]) -> contextlib.AbstractContextManager[None]:
        """Be the only writer of the lake; PostgreSQL keeps writers apart by itself."""
        if self.settings.lake.catalog:
            return contextlib.nullcontext()
        return writer_lock(self.lake_lock, wait_seconds=self.settings.lake.lock_wait_seconds, say=say)
