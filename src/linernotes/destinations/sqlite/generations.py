"""The generations of our own catalogue: which one is in force, which one was before, and moving from one to the other.

    production/catalogue.db                             leads to the generation in force
    production/catalogue-20260301T120000Z-1a2b3c4d.db   a generation; it never changes: the former ones are the backups
    production/switch.json                              the last move of the pointer, noted before it is made

The pointer alone says what is in force. The note tells the former generation, and whether the move was made is seen
by the pointer; so a crash between the two leaves both answers right. Before the first promotion nothing is in force,
which is a state like any other: a roll-back returns to it, and from it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from linernotes import failpoints
from linernotes.destinations.sqlite.connections import opened
from linernotes.destinations.sqlite.files import Link, point, point_nowhere, write_json
from linernotes.ports.destinations import Backup

NOTHING = "nothing"
"""The name of the state in which no generation is in force."""
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
        """The generation that was in force before the present state; None where nothing was.

        Where no note tells, it is the next older one.
        """
        current = self.current()
        is_known, name = self._noted_before(current)
        if is_known:
            return self.folder / name if name and (self.folder / name).exists() else None
        older = (path for path in self.found() if current is not None and path.name < current.name)
        return next(older, None)

    def nothing(self) -> Backup | None:
        """The state before the first promotion, where a roll-back goes there.

        Its time is a second before that of the oldest generation, so that no time means both.
        """
        current = self.current()
        if current is None or self._noted_before(current) != (True, None):
            return None
        return Backup(
            name=NOTHING,
            made_at=_made_at(self.found()[-1]) - timedelta(seconds=1),
            location=str(self.pointer),
            size_bytes=0,
            is_former=True,
        )

    def switch(self, target: Path | None, failpoint: str) -> None:
        """Let the pointer lead to another generation, or let there be none in force."""
        current, former = self.current(), self.former()
        note = {
            "from": current.name if current else None,
            "to": target.name if target else None,
            "before": former.name if former else None,
        }
        write_json(self._note, note, f"{failpoint}.note")
        if target is None:
            point_nowhere(self.pointer, f"{failpoint}.pointer")
        else:
            point(self.pointer, target, f"{failpoint}.pointer", make_link=self.make_link)

    def remove(self, names: Sequence[str]) -> None:
        """Remove generations."""
        for name in names:
            failpoints.hit("retain.unlink.before")
            (self.folder / name).unlink(missing_ok=True)
            failpoints.hit("retain.unlink.after")

    def as_backup(self, path: Path, former: Path | None) -> Backup:
        """A generation as something to return to."""
        return Backup(
            name=path.name,
            made_at=_made_at(path),
            location=str(path),
            size_bytes=path.stat().st_size,
            is_former=path == former,
            publication_id=read_header(path).publication_id,
        )

    def _noted_before(self, current: Path | None) -> tuple[bool, str | None]:
        """Whether the note tells what was in force before the present state, and the name of that."""
        note = self._read_note()
        here = current.name if current else None
        if not note or here not in (note.get("from"), note.get("to")):
            return False, None
        return True, note.get("from") if note.get("to") == here else note.get("before")

    def _read_note(self) -> dict[str, str | None]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


def _made_at(generation: Path) -> datetime:
    match = _NAME.fullmatch(generation.name)
    assert match, "only generations are listed"
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
