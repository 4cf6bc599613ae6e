"""The generations of our own catalogue: which one is in force, which one was before, and moving from one to the other.

    production/catalogue.db                             leads to the generation in force
    production/catalogue-20260301T120000Z-1a2b3c4d.db   a generation; it never changes: the former ones are the backups
    production/switch.json                              the last move of the pointer, noted before it is made

The pointer alone says what is in force. The note tells the former generation, and whether the move was made is seen
by the pointer; so a crash between the two leaves both answers right.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from linernotes import failpoints
from linernotes.destinations.sqlite.connections import opened
from linernotes.destinations.sqlite.files import Link, point, write_json
from linernotes.ports.destinations import Backup

_NAME = re.compile(r"catalogue-(\d{8}T\d{6})Z-[0-9a-f]{8}\.db")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a catalogue file says about itself."""

    publication_id: UUID
    snapshot_id: int
    shape: str
    rows: Mapping[str, int]
    is_repaired: bool


def read_header(path: Path) -> Header:
    """The header of a catalogue file."""
    with opened(path) as connection:
        row = connection.execute("SELECT id, snapshot_id, shape, counts, is_repaired FROM publication").fetchone()
    return Header(
        publication_id=UUID(row[0]), snapshot_id=row[1], shape=row[2], rows=json.loads(row[3]), is_repaired=bool(row[4])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Generations:
    """The production folder."""

    folder: Path
    make_link: Link

    @property
    def pointer(self) -> Path:
        """What readers open."""
        return self.folder / "catalogue.db"

    @property
    def _note(self) -> Path:
        return self.folder / "switch.json"

    def found(self) -> Sequence[Path]:
        """Every generation, newest first."""
        files = self.folder.glob("catalogue-*.db") if self.folder.is_dir() else ()
        return sorted((path for path in files if _NAME.fullmatch(path.name)), reverse=True)

    def current(self) -> Path | None:
        """The generation in force; None before the first."""
        if not self.pointer.exists():
            return None
        return next((path for path in self.found() if path.samefile(self.pointer)), None)

    def former(self) -> Path | None:
        """The generation that was in force before the current one; the next older one if nothing is known."""
        current = self.current()
        if current is None:
            return None
        note = self._read_note()
        known = note.get("from") if note.get("to") == current.name else note.get("before")
        if note and current.name in {note.get("from"), note.get("to")} and known:
            return self.folder / known if (self.folder / known).exists() else None
        return next((path for path in self.found() if path.name < current.name), None)

    def switch(self, target: Path, failpoint: str) -> None:
        """Let the pointer lead to another generation."""
        current, former = self.current(), self.former()
        note = {
            "from": current.name if current else None,
            "to": target.name,
            "before": former.name if former else None,
        }
        write_json(self._note, note, f"{failpoint}.note")
        point(self.pointer, target, f"{failpoint}.pointer", make_link=self.make_link)

    def remove(self, names: Sequence[str]) -> None:
        """Remove generations."""
        for name in names:
            failpoints.hit("retain.unlink.before")
            (self.folder / name).unlink(missing_ok=True)
            failpoints.hit("retain.unlink.after")

    def as_backup(self, path: Path, former: Path | None) -> Backup:
        """A generation as something to return to."""
        match = _NAME.fullmatch(path.name)
        assert match, "only generations are listed"
        return Backup(
            name=path.name,
            made_at=datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC),
            location=str(path),
            size_bytes=path.stat().st_size,
            is_former=path == former,
            publication_id=read_header(path).publication_id,
        )

    def _read_note(self) -> dict[str, str | None]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}
