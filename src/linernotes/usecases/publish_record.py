"""A destination with the ledger beside it: who works on it, and what is known to be where.

The destination and the ledger cannot commit together. The destination is changed first; what a crash kept from being
recorded is recorded by the next command, from what the destination says it holds.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from linernotes.domain.validation import Policy
from linernotes.ports.destinations import Destination, Staged, TableChange
from linernotes.ports.leases import Leases
from linernotes.ports.progress import Progress
from linernotes.ports.providers import Terms
from linernotes.ports.publications import Publication, Publications, PublicationStatus
from linernotes.ports.runs import Runs
from linernotes.usecases.running import OpenRun, recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """A destination, and what publishing to it needs."""

    destination: Destination
    publications: Publications
    runs: Runs
    leases: Leases
    progress: Progress
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    policy: Policy
    size_limit_bytes: int
    keep_backups: int
    wait_seconds: float = 600
    """For another process that publishes to the same destination."""
    code_version: str
    settings: Mapping[str, object]
    terms: Mapping[str, Terms] = field(default_factory=dict)
    """On what terms values are taken, by source or provider."""


@contextmanager
def recorded_alone(publishing: Publishing, use_case: str) -> Iterator[OpenRun]:
    """Be the only one who publishes to the destination, and record the block as a run."""
    settings = {**publishing.settings, "destination": publishing.destination.name}
    with (
        alone(publishing),
        recorded(publishing.runs, use_case, code_version=publishing.code_version, settings=settings) as run,
    ):
        yield run


@contextmanager
def alone(publishing: Publishing) -> Iterator[None]:
    """Be the only one who publishes to the destination."""
    name = f"publish:{publishing.destination.name}"
    with publishing.leases.hold(name, wait_seconds=publishing.wait_seconds, on_wait=publishing.progress.say):
        yield


def record_staged(publishing: Publishing, staged: Staged, run: OpenRun) -> None:
    """Record what was staged, unless it is known: a crash may have come between staging and recording."""
    known = publishing.publications.find(destination=publishing.destination.name)
    if staged.publication_id not in {publication.publication_id for publication in known}:
        publishing.publications.save(_publication(publishing, staged, run))


def record_promoted(
    publishing: Publishing, staged: Staged, run: OpenRun, changes: Mapping[str, TableChange], *, is_forced: bool
) -> None:
    """Record that production holds what was staged; once for each time it gets there."""
    newest = find_promoted(publishing)
    if newest and newest.publication_id == staged.publication_id:
        return
    counts = {
        table: {"added": change.added, "changed": change.changed, "removed": change.removed}
        for table, change in changes.items()
    }
    publishing.publications.save(
        replace(
            _publication(publishing, staged, run),
            status=PublicationStatus.PROMOTED,
            promoted_at=publishing.clock(),
            is_forced=is_forced,
            counts=counts,
        )
    )


def record_roll_back(publishing: Publishing) -> None:
    """Record that production returned to what it holds now."""
    holder, left = find_held(publishing), find_promoted(publishing)
    if left and (holder is None or left.publication_id != holder.publication_id):
        publishing.publications.save(replace(left, status=PublicationStatus.ROLLED_BACK))
    if holder:
        now = publishing.clock()
        publishing.publications.save(replace(holder, status=PublicationStatus.PROMOTED, promoted_at=now))


def is_roll_back_unrecorded(publishing: Publishing) -> bool:
    """Whether production went back to an earlier publication without the ledger hearing of it."""
    held, promoted = publishing.destination.holds(), find_promoted(publishing)
    if promoted is None or held == promoted.publication_id:
        return False
    holder = find_held(publishing)
    return held is None or (holder is not None and holder.status is not PublicationStatus.STAGED)


def find_held(publishing: Publishing) -> Publication | None:
    """What the ledger knows of the publication in production."""
    held = publishing.destination.holds()
    known = publishing.publications.find(destination=publishing.destination.name)
    return next((publication for publication in known if publication.publication_id == held), None)


def find_promoted(publishing: Publishing) -> Publication | None:
    """The publication that the ledger takes to be in production."""
    name = publishing.destination.name
    promoted = publishing.publications.find(destination=name, status=PublicationStatus.PROMOTED)
    return max(promoted, key=lambda each: (each.promoted_at or each.staged_at, each.publication_id), default=None)


def _publication(publishing: Publishing, staged: Staged, run: OpenRun) -> Publication:
    return Publication(
        publication_id=staged.publication_id,
        destination=publishing.destination.name,
        status=PublicationStatus.STAGED,
        snapshot_id=staged.snapshot_id,
        scope=staged.scope.text,
        location=staged.location,
        counts={},
        run_id=run.run_id,
        staged_at=staged.staged_at,
    )
