"""Status: what is in the catalogue, what came in last, and what waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from linernotes.ports.counting import CatalogueCounter
from linernotes.ports.runs import Run, RunStatus
from linernotes.ports.status import LedgerStatus, StatusReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One look at everything."""

    catalogue: Mapping[str, int]
    """Rows by entity type, without records that their source no longer has."""
    ledger: LedgerStatus
    remarks: tuple[str, ...]
    """What a person should know or do, one line each."""


def read_status(*, ledger: StatusReader, counter: CatalogueCounter) -> Status:
    """The state of ledger and lake."""
    known = ledger.read()
    return Status(catalogue=counter.count(), ledger=known, remarks=tuple(_remarks(known)))


def _remarks(known: LedgerStatus) -> list[str]:
    remarks = []
    if not known.loads:
        remarks.append("nothing pulled yet: `liner pull discogs`, or `liner demo` for a sample")
    waiting = sum(group.record_count for group in known.quarantine)
    if waiting:
        remarks.append(f"{waiting:,} records wait in quarantine: `liner quarantine list`")
    remarks += [_failure(run) for run in known.runs if run.status in (RunStatus.FAILED, RunStatus.INTERRUPTED)]
    return remarks


def _failure(run: Run) -> str:
    reason = f": {run.error}" if run.error else ""
    return f"the last {run.use_case} was {run.status.value}{reason}; the same command takes it up again"
