"""The app: a home, and one method for each command."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from linernotes import __version__, failpoints
from linernotes.bootstrap import discogs, musicbrainz
from linernotes.bootstrap.core import Core
from linernotes.bootstrap.demo import DemoOutcome, run_demo
from linernotes.bootstrap.moments import read_snapshot
from linernotes.ports.destinations import Backup
from linernotes.ports.health import Check
from linernotes.ports.matching import LinkRecovery
from linernotes.ports.progress import Progress
from linernotes.ports.quality import MeasuredBuild
from linernotes.ports.quarantine import QuarantinedRecord
from linernotes.ports.runs import Run
from linernotes.ports.snapshots import WHOLE, Selection
from linernotes.settings import find_home, load_settings
from linernotes.usecases import publish
from linernotes.usecases.build import BuildOutcome, build
from linernotes.usecases.discard import DiscardOutcome, discard
from linernotes.usecases.match import MatchOutcome, match
from linernotes.usecases.publish_outcomes import (
    PromoteOutcome,
    RepairOutcome,
    RollbackOutcome,
    StageOutcome,
    ValidateOutcome,
)
from linernotes.usecases.pull import PullOutcome, pull
from linernotes.usecases.pull_plan import PullRequest
from linernotes.usecases.pull_snapshot import SnapshotOutcome, pull_snapshot
from linernotes.usecases.retry_quarantine import RetryOutcome, retry_quarantined
from linernotes.usecases.status import Status, read_status

if TYPE_CHECKING:
    import duckdb

    from linernotes.bootstrap.cleaning import Cleaned
    from linernotes.bootstrap.decisions import Decisions
    from linernotes.bootstrap.enrichment import Enrichment
    from linernotes.bootstrap.libraries import HomeLibraries
    from linernotes.bootstrap.policies import Policies
    from linernotes.bootstrap.review import MatchPolicies, Review
    from linernotes.usecases.publish_record import Publishing


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What was built and staged."""

    built: BuildOutcome
    staged: StageOutcome | None
    """None where the build was not green, and what was staged before stays."""

    @property
    def exit_status(self) -> int:
        """That of the build."""
        return self.built.exit_status


class App:
    """A home and everything that can be done with it."""

    def __init__(self, core: Core) -> None:
        self.core = core

    # Bringing in

    def pull_discogs(self, request: PullRequest, *, origin: str | None) -> PullOutcome:
        """Bring a month of Discogs into bronze, from a folder or an index."""
        with discogs.pull_tools(self.core, origin) as tools:
            return pull(request, tools)

    def pull_musicbrainz(
        self,
        origin: musicbrainz.DumpFiles | musicbrainz.Database,
        *,
        only: Sequence[str] = (),
        selection: Selection = WHOLE,
        dry_run: bool = False,
    ) -> SnapshotOutcome:
        """Bring MusicBrainz into bronze, from the archives of a dump or from a database, all of it or a part."""
        with musicbrainz.pull_tools(self.core, origin, selection, dry_run=dry_run) as tools:
            return pull_snapshot(tools, only=only, dry_run=dry_run)

    def discard(self, load_id: UUID, *, with_later: bool) -> DiscardOutcome:
        """Withdraw a load."""
        return discard(load_id, discogs.discard_tools(self.core), with_later=with_later)

    def clean(self, *, dry_run: bool) -> "Cleaned":
        """Delete what retention lets go, what killed runs left, and snapshots of the lake that nobody needs."""
        from linernotes.bootstrap.cleaning import clean_home

        return clean_home(self.core, dry_run=dry_run)

    def quarantined(self, *, limit: int, is_open: bool) -> Sequence[QuarantinedRecord]:
        """Records set aside."""
        return self.core.ledger.quarantine.find(is_open=is_open, limit=limit)

    def quarantined_record(self, quarantine_id: UUID) -> QuarantinedRecord:
        """One record set aside."""
        return self.core.ledger.quarantine.get(quarantine_id)

    def retry_quarantined(self, quarantine_id: UUID | None) -> RetryOutcome:
        """Read records set aside again."""
        return retry_quarantined(discogs.retry_tools(self.core), quarantine_id=quarantine_id)

    # Building

    def build(self, *, select: str | None = None) -> BuildOutcome:
        """Bring silver and gold up to date."""
        core = self.core
        return build(
            runs=core.ledger.runs,
            loads=core.ledger.loads,
            consumption=core.ledger.consumption,
            measures=core.ledger.measures,
            builder=core.builder,
            user_builder=core.user_models,
            progress=core.progress,
            code_version=__version__,
            settings=core.settings_recorded,
            select=select,
        )

    def quality(self, *, builds: int) -> Sequence[MeasuredBuild]:
        """How complete and how sure the catalogue was after the last builds, newest first."""
        return self.core.ledger.measures.latest(limit=builds)

    def match(self) -> MatchOutcome:
        """Decide again which records are the same."""
        from linernotes.lake.counts import LakeCounter

        return match(lambda selection: self.build(select=selection), LakeCounter(engine=self.core.engine))

    def make_docs(self, folder: Path | None) -> Path:
        """Make the lineage site, and answer the page to open."""
        return self.core.site.write(folder or self.core.home.docs, self.core.ledger.loads.find())

    def evaluate_links(self, *, share: float, seed: int) -> Sequence[LinkRecovery]:
        """Hide links, and count what the other evidence finds again."""
        return self.core.link_trial.run(share=share, seed=seed)

    @property
    def review(self) -> "Review":
        """What a person is asked and says."""
        from linernotes.bootstrap.review import Review

        return Review(self.core)

    @property
    def match_policies(self) -> "MatchPolicies":
        """How machines match."""
        from linernotes.bootstrap.review import MatchPolicies

        return MatchPolicies(self.core)

    # Publishing

    def stage(self, *, mirror: str | None, licence: str | None = None, dry_run: bool) -> StageOutcome:
        """Make a generation of our own catalogue, or of the file to mirror."""
        from linernotes.bootstrap.publishing import chosen_scope, publishing, remember_staged

        outcome = publish.stage(publishing(self.core, mirror), chosen_scope(self.core, licence), dry_run=dry_run)
        if not dry_run:
            remember_staged(self.core, mirror)
        return outcome

    def refresh_staging(self) -> Refreshed:
        """Build, and stage a generation of our own catalogue; production stays as it is."""
        built = self.build()
        staged = self.stage(mirror=None, dry_run=False) if built.is_green else None
        return Refreshed(built=built, staged=staged)

    def publish_directly(self, *, mirror: str | None, licence: str | None = None, force: bool) -> PromoteOutcome:
        """Stage, validate and promote in one go."""
        from linernotes.bootstrap.publishing import chosen_scope, publishing, remember_staged

        scope = chosen_scope(self.core, licence)
        outcome = publish.publish_directly(publishing(self.core, mirror), scope, force=force)
        remember_staged(self.core, mirror)
        return outcome

    def validate(self) -> ValidateOutcome:
        """Check what is staged."""
        return publish.validate(self._last_staged())

    def repair_staged(self, *, dry_run: bool) -> RepairOutcome:
        """Mend what is staged."""
        return publish.repair(self._last_staged(), dry_run=dry_run)

    def promote(self, *, force: bool = False) -> PromoteOutcome:
        """Put what is staged into production."""
        return publish.promote(self._last_staged(), force=force)

    def backups(self) -> Sequence[Backup]:
        """Former states of production."""
        return publish.list_backups(self._last_staged())

    def roll_back(self, *, to: str | None = None) -> RollbackOutcome:
        """Return production to a former state."""
        return publish.roll_back(self._last_staged(), to=to)

    def _last_staged(self) -> "Publishing":
        from linernotes.bootstrap.publishing import last_staged

        return last_staged(self.core)

    def demo(self) -> DemoOutcome:
        """Take the bundled sample through every step."""
        return run_demo(self)

    # Enriching

    @property
    def enrichment(self) -> "Enrichment":
        """What providers are asked, and what they said."""
        from linernotes.bootstrap.enrichment import Enrichment

        return Enrichment(self.core)

    @property
    def libraries(self) -> "HomeLibraries":
        """Files that providers are answered from."""
        from linernotes.bootstrap.libraries import HomeLibraries

        return HomeLibraries(self.core)

    @property
    def decisions(self) -> "Decisions":
        """Why fields have their values, and what people set."""
        from linernotes.bootstrap.decisions import Decisions

        return Decisions(self.core)

    @property
    def policies(self) -> "Policies":
        """Which observations count."""
        from linernotes.bootstrap.policies import Policies

        return Policies(self.core)

    # Looking

    def status(self) -> Status:
        """What is in the catalogue, and what waits for a person."""
        from linernotes.lake.counts import LakeCounter

        return read_status(ledger=self.core.ledger.status, counter=LakeCounter(engine=self.core.engine))

    def runs(self, *, limit: int, use_case: str | None) -> Sequence[Run]:
        """What was done, newest first."""
        return self.core.ledger.runs.latest(limit=limit, use_case=use_case)

    @contextlib.contextmanager
    def query(self, sql: str, *, at: str | None) -> Iterator["duckdb.DuckDBPyConnection"]:
        """Run one SELECT over bronze, silver and gold."""
        from linernotes.lake.query import LakeReader

        reader = LakeReader(engine=self.core.engine, bronze=self.core.home.bronze)
        with reader.ask(sql, self.core.ledger.loads.find(), snapshot=read_snapshot(at)) as rows:
            yield rows

    def doctor(self) -> tuple[Check, ...]:
        """Check everything that could be wrong."""
        from linernotes.bootstrap.doctor import check_home

        return check_home(self.core)


@contextlib.contextmanager
def open_app(home: Path | None, *, progress: Progress) -> Iterator[App]:
    """The app of a home, for the block."""
    failpoints.arm(os.environ.get("LINER_FAILPOINT", ""))
    root = find_home(chosen=home, environment=os.environ, folder=Path.cwd())
    core = Core(load_settings(root), progress=progress)
    try:
        yield App(core)
    finally:
        core.close()
