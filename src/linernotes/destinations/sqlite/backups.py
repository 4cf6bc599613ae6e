"""Copies of somebody else's file, taken before it is changed, and which publication each of them holds.

backups/music-1a2b3c4d/music-20260301T120000Z.db    the state before a change; the newest is where a roll-back goes
backups/music-1a2b3c4d/held.json                    publications by backup, the one in production, a change under way
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from linernotes import failpoints
from linernotes.destinations.sqlite.connections import opened, translated
from linernotes.destinations.sqlite.files import put, sync, write_json
from linernotes.ports.destinations import Backup

_NAME = re.compile(r"(?P<stem>.*)-(?P<at>\d{8}T\d{6})Z(?:-(?P<number>\d+))?\.db")


def copy_file(source: Path, target: Path, *, wait_seconds: float) -> None:
    """A consistent copy of a file that others may be writing, with what stands in its -wal, but without one of its own.

    Raises:
        TransientError: The file is locked for longer than `wait_seconds`.
    """
    target.unlink(missing_ok=True)
    with opened(source, "rw", wait_seconds=wait_seconds) as connection:
        connection.execute("BEGIN")  # a read lock first: the copying itself would wait for ever
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    sync(target)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of production that was begun."""

    backup: Path
    becomes: UUID | None
    """The publication that production holds after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """The backups of one file."""

    folder: Path
    stem: str

    def begin(self, source: Path, *, at: datetime, becomes: UUID | None, wait_seconds: float) -> None:
        """Copy a file as it is now, and note that it is about to change."""
        with translated(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / "unfinished.new"
            copy_file(source, unfinished, wait_seconds=wait_seconds)
            target = self._free_path(at)
            held = self._read_held()
            held["backups"][target.name] = held["production"]
            held["change"] = {"backup": target.name, "becomes": str(becomes) if becomes else None}
            self._write_held(held)
            put(unfinished, target, "backup.rename")

    def begun(self) -> Change | None:
        """The change that was begun and neither concluded nor abandoned."""
        change = self._read_held()["change"]
        return Change(self.folder / change["backup"], _to_uuid(change["becomes"])) if change else None

    def conclude(self, holds: UUID | None) -> None:
        """Note what production holds now; nothing is under way."""
        held = self._read_held()
        told = str(holds) if holds else None
        if (held["production"], held["change"]) != (told, None):
            with translated(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                self._write_held({**held, "production": told, "change": None})

    def abandon(self) -> None:
        """Remove the backup of a change that did not take place."""
        change = self.begun()
        if change:
            self.conclude(self.holds())
            self.remove([change.backup.name])

    def holds(self) -> UUID | None:
        """The publication that production holds, where that is known."""
        return _to_uuid(self._read_held()["production"])

    def found(self) -> Sequence[Backup]:
        """Every backup, newest first."""
        files = self.folder.glob("*.db") if self.folder.is_dir() else ()
        named = [
            (path, match) for path in files if (match := _NAME.fullmatch(path.name)) and match["stem"] == self.stem
        ]
        newest = sorted(named, key=lambda each: (each[1]["at"], int(each[1]["number"] or 1)), reverse=True)
        held = self._read_held()["backups"]
        return [
            Backup(
                name=path.name,
                made_at=datetime.strptime(match["at"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC),
                location=str(path),
                size_bytes=path.stat().st_size,
                is_former=place == 0,
                publication_id=_to_uuid(held.get(path.name)),
            )
            for place, (path, match) in enumerate(newest)
        ]

    def remove(self, names: Sequence[str]) -> None:
        """Remove backups."""
        with translated(self.folder):
            for name in names:
                failpoints.hit("retain.unlink.before")
                (self.folder / name).unlink(missing_ok=True)
                failpoints.hit("retain.unlink.after")
            held = self._read_held()
            held["backups"] = {name: publication for name, publication in held["backups"].items() if name not in names}
            self._write_held(held)

    def _free_path(self, at: datetime) -> Path:
        """A name of its own, also for the second backup within a second."""
        stamp = f"{self.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
        number = 1
        while (path := self.folder / (f"{stamp}-{number}.db" if number > 1 else f"{stamp}.db")).exists():
            number += 1
        return path

    def _read_held(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"production": None, "backups": {}, "change": None}
        try:
            return {**empty, **json.loads((self.folder / "held.json").read_text(encoding="utf-8"))}
        except (FileNotFoundError, ValueError, TypeError):
            return empty

    def _write_held(self, held: dict[str, Any]) -> None:
        write_json(self.folder / "held.json", held, "backup.record")


def _to_uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
