"""A destination in memory, for tests of use cases: the contract suite holds it to the promises of the real ones.

It publishes artists, albums (releases) and songs (tracks) as names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from uuid import UUID

from linernotes.domain.validation import Check, Measurement, find_impossible_date
from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import (
    Backup,
    Estimate,
    Repair,
    Scope,
    ScopeKind,
    Staged,
    StageRequest,
    Switch,
    TableChange,
)

Row = Mapping[str, object]
RowsAt = Callable[[int, str], Sequence[Row]]
"""Silver rows by snapshot and table."""
Tables = dict[str, dict[str, tuple[object, ...]]]
"""By table and key."""
TABLES = ("artists", "albums", "songs")


@dataclass
class _State:
    tables: Tables = field(default_factory=lambda: {table: {} for table in TABLES})
    publication_id: UUID | None = None


class FakeDestination:
    def __init__(self, rows_at: RowsAt) -> None:
        self._rows_at = rows_at
        self._production = _State()
        self._staged: tuple[Staged, Tables] | None = None
        self._is_repaired = False
        self._backups: list[tuple[Backup, _State]] = []
        self._numbers = count(1)
        self.estimate_bytes = 1000
        self.free_bytes: int | None = 10**12
        self.is_stale = False
        """A test says that production has changed its shape."""
        self.fails_after_promoting = False
        """A test says that the power goes after production was changed."""

    @property
    def name(self) -> str:
        return "memory"

    def production(self) -> Tables:
        """What everybody reads."""
        return self._production.tables

    def estimate(self, request: StageRequest) -> Estimate:
        tables = _make(self._rows_at, request.snapshot_id, request.scope)
        rows = {table: len(rows) for table, rows in tables.items()}
        return Estimate(rows=rows, size_bytes=self.estimate_bytes, free_bytes=self.free_bytes)

    def stage(self, request: StageRequest) -> Staged:
        asked = (request.snapshot_id, request.scope)
        if self._staged and not self._is_repaired and not self.is_stale:
            known = self._staged[0]
            if asked == (known.snapshot_id, known.scope):
                return known
        tables = _make(self._rows_at, request.snapshot_id, request.scope)
        staged = Staged(
            publication_id=request.publication_id,
            snapshot_id=request.snapshot_id,
            scope=request.scope,
            staged_at=request.staged_at,
            location="memory",
            rows={table: len(rows) for table, rows in tables.items()},
        )
        self._staged, self._is_repaired, self.is_stale = (staged, tables), False, False
        return staged

    def staged(self) -> Staged | None:
        return replace(self._staged[0], is_stale=self.is_stale) if self._staged else None

    def measure(self, *, today: date) -> Sequence[Measurement]:
        _, tables = self._needed()
        orphans = _orphans(tables)
        impossible = [
            f"{key}: {row[2]}"
            for key, row in tables["albums"].items()
            if find_impossible_date(str(row[2]), today=today)
        ]
        falls = [
            Measurement(check=Check.FALL, table=table, count=len(before) - len(tables[table]), of=len(before))
            for table, before in self._production.tables.items()
        ]
        return [
            Measurement(check=Check.WITHOUT_ARTIST, table="albums", count=len(orphans), examples=tuple(orphans[:5])),
            Measurement(
                check=Check.IMPOSSIBLE_DATE, table="albums", count=len(impossible), examples=tuple(impossible[:5])
            ),
            *falls,
        ]

    def repair(self, *, dry_run: bool) -> Sequence[Repair]:
        staged, tables = self._needed()
        if self._production.publication_id == staged.publication_id:
            raise WrongUsageError("promoted already")
        orphans = _orphans(tables)
        songs = [key for key in tables["songs"] if key.split("/")[0] in orphans]
        repairs = [Repair(table="albums", key=key, action="removed", reason="nobody is credited") for key in orphans]
        repairs += [Repair(table="songs", key=key, action="removed", reason="belonged to it") for key in songs]
        if not dry_run:
            for repair in repairs:
                del tables[repair.table][repair.key]
            self._is_repaired = bool(repairs)
        return repairs

    def promote(self, *, backed_up_at: datetime) -> Switch:
        staged, tables = self._needed()
        switch = self._change(_State(_copy(tables), staged.publication_id), backed_up_at)
        if self.fails_after_promoting:
            self.fails_after_promoting = False
            raise KeyboardInterrupt
        return switch

    def holds(self) -> UUID | None:
        return self._production.publication_id

    def backups(self) -> Sequence[Backup]:
        newest = list(reversed(self._backups))
        return [replace(backup, is_former=place == 0) for place, (backup, _) in enumerate(newest)]

    def roll_back(self, backup: Backup, *, backed_up_at: datetime) -> Switch:
        states = {known.name: state for known, state in self._backups}
        if backup.name not in states:
            raise WrongUsageError(f"no backup {backup.name}")
        return self._change(states[backup.name], backed_up_at)

    def retain(self, keep: int) -> Sequence[str]:
        spare = [backup.name for backup in self.backups()[max(keep, 1) :]]
        self._backups = [(backup, state) for backup, state in self._backups if backup.name not in spare]
        return spare

    def _change(self, state: _State, at: datetime) -> Switch:
        changes = {table: _compare(state.tables[table], self._production.tables[table]) for table in TABLES}
        is_switched = any(change != TableChange() for change in changes.values())
        if is_switched:
            backup = Backup(
                name=f"backup {next(self._numbers)}",
                made_at=at,
                location="memory",
                size_bytes=1,
                is_former=True,
                publication_id=self._production.publication_id,
            )
            self._backups.append((backup, self._production))
            self._production = _State(_copy(state.tables), state.publication_id)
        former = self._backups[-1][0].name if self._backups else None
        return Switch(
            is_switched=is_switched, changes=changes, location="memory", backup=former, publication_id=self.holds()
        )

    def _needed(self) -> tuple[Staged, Tables]:
        if self._staged is None:
            raise WrongUsageError("nothing is staged")
        return self._staged


def _make(rows_at: RowsAt, snapshot_id: int, scope: Scope) -> Tables:
    if scope.kind in {ScopeKind.COLLECTION, ScopeKind.PLAYS}:
        raise WrongUsageError(f"no {scope.kind.value}")
    countries = {country.lower() for country in scope.countries}
    releases = {
        str(row["record_id"]): row
        for row in rows_at(snapshot_id, "release")
        if not row.get("gone_month") and (not countries or str(row.get("country")).lower() in countries)
    }
    credit_rows = [row for row in rows_at(snapshot_id, "artist_credit") if row["entity_type"] == "release"]
    credited = {str(row["artist_record_id"]) for row in credit_rows if row["record_id"] in releases}
    by_release = {row["record_id"]: row["artist_name"] for row in credit_rows}
    return {
        "artists": {
            str(row["record_id"]): (row["name"],)
            for row in rows_at(snapshot_id, "artist")
            if not row.get("gone_month") and (scope.kind is ScopeKind.ALL or row["record_id"] in credited)
        },
        "albums": {key: (row["title"], by_release.get(key), row.get("released")) for key, row in releases.items()},
        "songs": {
            f"{row['record_id']}/{row['track_number']}": (row["title"],)
            for row in rows_at(snapshot_id, "track")
            if row["record_id"] in releases
        },
    }


def _orphans(tables: Tables) -> list[str]:
    return [key for key, row in tables["albums"].items() if row[1] is None]


def _compare(new: Mapping[str, object], old: Mapping[str, object]) -> TableChange:
    return TableChange(
        added=len(new.keys() - old.keys()),
        changed=sum(new[key] != old[key] for key in new.keys() & old.keys()),
        removed=len(old.keys() - new.keys()),
    )


def _copy(tables: Tables) -> Tables:
    return {table: dict(rows) for table, rows in tables.items()}
