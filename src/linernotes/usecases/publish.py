"""Publish: stage, validate, promote, roll back; the same for every destination."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from linernotes.domain.sizes import format_size
from linernotes.domain.validation import Finding, Severity, has_errors, judge
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.destinations import Backup, Estimate, Scope, Staged, StageRequest, TableChange
from linernotes.ports.runs import RunStatus
from linernotes.usecases.publish_outcomes import (
    PromoteOutcome,
    RepairOutcome,
    RollbackOutcome,
    StageOutcome,
    ValidateOutcome,
)
from linernotes.usecases.publish_record import (
    Publishing,
    alone,
    is_roll_back_unrecorded,
    record_promoted,
    record_roll_back,
    record_staged,
    recorded_alone,
)
from linernotes.usecases.running import OpenRun

BUILDS_SEARCHED = 1_000
"""Builds of a selection record no snapshot, so the newest one that does may be further back."""
DIRECT_WARNING = "written to production without a look at what was staged; the former state is kept"


class _RefusedError(FatalError):
    """Validation found errors."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"validation found {len(findings)} things; liner validate lists them")
        self.findings = findings


def stage(publishing: Publishing, scope: Scope, *, dry_run: bool = False) -> StageOutcome:
    """Make a generation from the newest snapshot that a green build left; production is not touched.

    Raises:
        FatalError: There is no such snapshot, or the catalogue would be too large.
    """
    with recorded_alone(publishing, "stage") as run:
        return _stage(publishing, scope, run, dry_run=dry_run)


def validate(publishing: Publishing) -> ValidateOutcome:
    """Check what is staged."""
    with alone(publishing):
        staged = _needed(publishing)
        findings = _find(publishing)
    return ValidateOutcome(
        destination=publishing.destination.name, rows=staged.rows, findings=findings, is_ok=not has_errors(findings)
    )


def repair(publishing: Publishing, *, dry_run: bool) -> RepairOutcome:
    """Remove orphans and duplicates from what is staged, never from production."""
    with recorded_alone(publishing, "repair") as run:
        repairs = tuple(publishing.destination.repair(dry_run=dry_run))
        run.counters["repairs"] = 0 if dry_run else len(repairs)
    return RepairOutcome(destination=publishing.destination.name, is_dry_run=dry_run, repairs=repairs)


def promote(publishing: Publishing, *, force: bool = False) -> PromoteOutcome:
    """Validate what is staged and put it into production.

    Args:
        force: Promote in spite of errors; recorded with the publication.
    """
    try:
        with recorded_alone(publishing, "promote") as run:
            return _promote(publishing, run, force=force)
    except _RefusedError as refused:
        return _refused(publishing, refused)


def publish_directly(publishing: Publishing, scope: Scope, *, force: bool = False) -> PromoteOutcome:
    """Stage, validate and promote in one go, with nothing to look at in between."""
    publishing.progress.say(DIRECT_WARNING)
    try:
        with recorded_alone(publishing, "publish") as run:
            _stage(publishing, scope, run, dry_run=False)
            return replace(_promote(publishing, run, force=force), warning=DIRECT_WARNING)
    except _RefusedError as refused:
        return replace(_refused(publishing, refused), warning=DIRECT_WARNING)


def list_backups(publishing: Publishing) -> Sequence[Backup]:
    """Former states of production, newest first."""
    with alone(publishing):
        return publishing.destination.backups()


def roll_back(publishing: Publishing, *, to: str | None = None) -> RollbackOutcome:
    """Return to the state before the last change; doing it again undoes it.

    Args:
        to: Another former state: its time, or as much of it as is unique, such as `2026-03-01T12`.

    Raises:
        WrongUsageError: There is no such state, or several.
    """
    with recorded_alone(publishing, "rollback") as run:
        destination = publishing.destination
        if to is None and is_roll_back_unrecorded(publishing):
            record_roll_back(publishing)
            publishing.progress.say("an earlier roll-back had taken effect already, and is recorded now")
            return RollbackOutcome(destination=destination.name, is_rolled_back=False, to="recorded")
        backup = choose_backup(destination.backups(), to)
        switch = destination.roll_back(backup, backed_up_at=publishing.clock())
        record_roll_back(publishing)
        _count(run, switch.changes)
    return RollbackOutcome(
        destination=destination.name,
        is_rolled_back=switch.is_switched,
        to=backup.name,
        changes=switch.changes,
        location=switch.location,
        undo=switch.backup,
    )


def choose_backup(backups: Sequence[Backup], to: str | None) -> Backup:
    """The backup meant by a time or name; the former state where neither is given.

    Raises:
        WrongUsageError: It means none, or several.
    """
    if not backups:
        raise WrongUsageError("there is no former state to return to: nothing was promoted yet")
    if to is None:
        found = [backup for backup in backups if backup.is_former]
    else:
        stamp = _to_stamp(to)
        found = [backup for backup in backups if backup.name == to] or [
            backup for backup in backups if stamp and f"{backup.made_at:%Y%m%d%H%M%S}".startswith(stamp)
        ]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{backup.made_at:%Y-%m-%dT%H:%M:%S}" for backup in backups) or "none"
    wanted = "a former state" if to is None else repr(to)
    raise WrongUsageError(f"{len(found)} backups answer to {wanted}; there are (UTC): {listed}")


def _to_stamp(to: str) -> str:
    """The digits of a time in UTC; a time with an offset is converted."""
    try:
        moment = datetime.fromisoformat(to)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None:
        return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
    return "".join(filter(str.isdigit, to))


def _stage(publishing: Publishing, scope: Scope, run: OpenRun, *, dry_run: bool) -> StageOutcome:
    destination = publishing.destination
    request = StageRequest(
        publication_id=publishing.new_id(),
        snapshot_id=_find_snapshot(publishing),
        scope=scope,
        staged_at=publishing.clock(),
        terms=publishing.terms,
    )
    before, estimate = destination.staged(), None
    if dry_run or before is None or (before.snapshot_id, before.scope) != (request.snapshot_id, request.scope):
        estimate = destination.estimate(request)
        _check_size(estimate, publishing.size_limit_bytes)
    if dry_run:
        return StageOutcome(destination=destination.name, staged=None, estimate=estimate)
    staged = destination.stage(request)
    is_unchanged = before is not None and before.publication_id == staged.publication_id
    record_staged(publishing, staged, run)
    if not is_unchanged:
        run.counters["rows"] = sum(staged.rows.values())
    return StageOutcome(destination=destination.name, staged=staged, estimate=estimate, is_unchanged=is_unchanged)


def _promote(publishing: Publishing, run: OpenRun, *, force: bool) -> PromoteOutcome:
    destination, staged = publishing.destination, _needed(publishing)
    if staged.is_stale:
        publishing.progress.say(f"{destination.name} has changed its shape since it was staged: staging again")
        staged = _stage(publishing, staged.scope, run, dry_run=False).staged or staged
    findings = _find(publishing)
    is_forced = has_errors(findings)
    run.counters["errors"] = sum(finding.severity is Severity.ERROR for finding in findings)
    if is_forced and not force:
        raise _RefusedError(findings)
    switch = destination.promote(backed_up_at=publishing.clock())
    if destination.holds() == staged.publication_id:
        # nothing switched, and not recorded yet: a crash came between the two, and what changed is not known any more
        changes = switch.changes if switch.is_switched else {}
        record_promoted(publishing, staged, run, changes, is_forced=is_forced)
    _count(run, switch.changes)
    return PromoteOutcome(
        destination=destination.name,
        is_promoted=switch.is_switched,
        is_forced=is_forced,
        findings=findings,
        changes=switch.changes,
        location=switch.location,
        backup=switch.backup,
        removed_backups=tuple(destination.retain(publishing.keep_backups)),
    )


def _refused(publishing: Publishing, refused: _RefusedError) -> PromoteOutcome:
    return PromoteOutcome(
        destination=publishing.destination.name, is_promoted=False, is_refused=True, findings=refused.findings
    )


def _needed(publishing: Publishing) -> Staged:
    staged = publishing.destination.staged()
    if staged is None:
        raise WrongUsageError(f"nothing is staged for {publishing.destination.name}; run liner stage")
    return staged


def _find(publishing: Publishing) -> tuple[Finding, ...]:
    return judge(publishing.destination.measure(today=publishing.clock().date()), publishing.policy)


def _find_snapshot(publishing: Publishing) -> int:
    """The snapshot of the newest green build: anything newer may be half of something."""
    builds = publishing.runs.latest(limit=BUILDS_SEARCHED, use_case="build", status=RunStatus.SUCCEEDED)
    found = next((build.snapshot_id for build in builds if build.snapshot_id is not None), None)
    if found is None:
        raise FatalError("there is no green build to publish; run liner build")
    return found


def _check_size(estimate: Estimate, limit_bytes: int) -> None:
    """Refuse before anything is written.

    Raises:
        FatalError: It is over the limit, or over the free space.
    """
    size = format_size(estimate.size_bytes)
    if estimate.size_bytes > limit_bytes:
        limit = format_size(limit_bytes)
        raise FatalError(
            f"about {size} would be staged, the limit is {limit}: narrow the scope or set [publish] size_limit"
        )
    if estimate.free_bytes is not None and estimate.size_bytes > estimate.free_bytes:
        free = format_size(estimate.free_bytes)
        raise FatalError(f"about {size} would be staged, {free} are free: free space or narrow the scope")


def _count(run: OpenRun, changes: Mapping[str, TableChange]) -> None:
    run.counters["added"] = sum(change.added for change in changes.values())
    run.counters["changed"] = sum(change.changed for change in changes.values())
    run.counters["removed"] = sum(change.removed for change in changes.values())
