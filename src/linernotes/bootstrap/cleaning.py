"""Cleaning a home."""

from dataclasses import dataclass
from datetime import timedelta

from linernotes.bootstrap import discogs
from linernotes.bootstrap.core import Core, now
from linernotes.lake.upkeep import Tidied
from linernotes.ports.runs import RunStatus
from linernotes.usecases.housekeeping import CleanOutcome, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What went, or would go."""

    files: CleanOutcome
    lake: Tidied


def clean_home(core: Core, *, dry_run: bool) -> Cleaned:
    """Delete what retention lets go, what killed runs left, and snapshots of the lake that nobody needs."""
    files = clean(discogs.cleaning_tools(core), dry_run=dry_run)
    published = {publication.snapshot_id for publication in core.ledger.status.read().publications}
    green = core.ledger.runs.latest(limit=1, use_case="build", status=RunStatus.SUCCEEDED)
    lake = core.upkeep.tidy(
        older_than=now() - timedelta(days=core.settings.lake.keep_days),
        keep=published | {run.snapshot_id for run in green if run.snapshot_id is not None},
        dry_run=dry_run,
        say=core.progress.say,
    )
    return Cleaned(files=files, lake=lake)
