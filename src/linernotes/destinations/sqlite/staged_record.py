"""What was staged last, as a small file beside it. A staged file that no record names does not exist."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from linernotes.destinations.sqlite.files import write_json
from linernotes.ports.destinations import Scope, ScopeKind, StageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRecord:
    """One staged file."""

    publication_id: UUID
    snapshot_id: int
    scope: Scope
    staged_at: datetime
    file_name: str
    shape: str
    """Changes when the same request would give another file."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Rows that were left out for their licence, by table."""
    is_promoted: bool = False
    is_repaired: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the destination wants to remember, as JSON."""

    def answers(self, request: StageRequest, shape: str) -> bool:
        """Whether staging again would give the same file."""
        asked = (request.snapshot_id, request.scope, shape)
        return not self.is_repaired and asked == (self.snapshot_id, self.scope, self.shape)


def read_record(path: Path) -> StagedRecord | None:
    """The record, None where there is none or it cannot be understood: then it is staged again."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        scope = content["scope"]
        lists = {name: tuple(value) for name, value in scope.items() if isinstance(value, list)}
        return StagedRecord(
            **{
                **content,
                "publication_id": UUID(content["publication_id"]),
                "staged_at": datetime.fromisoformat(content["staged_at"]),
                "scope": Scope(**{**scope, **lists, "kind": ScopeKind(scope["kind"])}),
            }
        )
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_record(path: Path, record: StagedRecord, failpoint: str) -> None:
    """Replace the record."""
    content = asdict(record)
    content["publication_id"] = str(record.publication_id)
    content["staged_at"] = record.staged_at.isoformat()
    write_json(path, content, failpoint)


def mark(path: Path, record: StagedRecord, failpoint: str, **changes: Any) -> StagedRecord:
    """Replace the record by one with some fields changed, if that makes a difference."""
    marked = replace(record, **changes)
    if marked != record:
        write_record(path, marked, failpoint)
    return marked


def file_name(stem: str, at: datetime, publication_id: UUID, suffix: str = ".db") -> str:
    """`catalogue-20260301T120000Z-1a2b3c4d.db`: a stem, a UTC time and the end of an id."""
    return f"{stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{publication_id.hex[-8:]}{suffix}"
