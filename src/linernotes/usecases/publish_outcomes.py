"""What publishing tells: for people and, as plain data, for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linernotes.domain.validation import Finding
from linernotes.ports.destinations import Estimate, Repair, Staged, TableChange


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutcome:
    """What is staged now."""

    destination: str
    staged: Staged | None
    """None for a dry run."""
    estimate: Estimate | None
    """None where the same was staged before."""
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateOutcome:
    """What speaks against promoting what is staged."""

    destination: str
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    is_ok: bool

    @property
    def exit_status(self) -> int:
        """1 where there are errors."""
        return 0 if self.is_ok else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOutcome:
    """What a repair changed in what is staged, or would change."""

    destination: str
    is_dry_run: bool
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoteOutcome:
    """What became of a promotion."""

    destination: str
    is_promoted: bool
    """False where it was refused, or production said the same already."""
    is_refused: bool = False
    is_forced: bool = False
    """Promoted although validation found errors."""
    findings: tuple[Finding, ...] = ()
    changes: Mapping[str, TableChange] = field(default_factory=dict)
    location: str = ""
    backup: str | None = None
    removed_backups: tuple[str, ...] = ()
    warning: str = ""

    @property
    def exit_status(self) -> int:
        """1 where it was refused."""
        return 1 if self.is_refused else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackOutcome:
    """What became of a roll-back."""

    destination: str
    is_rolled_back: bool
    """False where production said the same already, or an earlier roll-back had only to be noted."""
    to: str
    changes: Mapping[str, TableChange] = field(default_factory=dict)
    location: str = ""
    undo: str | None = None
    """The backup that brings back what was there before."""
