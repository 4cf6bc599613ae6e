"""Somebody else's SQLite file, such as the database of a site: staged as a copy, promoted by changing rows in place.

The file stays the file it is, so a connection that was opened before sees the new rows at its next transaction, in
rollback-journal and in WAL mode. All rows change in one transaction: nobody sees a mix. `writing.py` tells what readers
have to expect meanwhile. Tables and columns that we do not fill are never touched.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from linernotes.destinations.sqlite.backups import Backups, Change, copy_file
from linernotes.destinations.sqlite.catalogue import make_catalogue
from linernotes.destinations.sqlite.choice import find_file
from linernotes.destinations.sqlite.connections import attach, opened, translated
from linernotes.destinations.sqlite.estimate import estimate_bytes, free_bytes
from linernotes.destinations.sqlite.files import put, sync
from linernotes.destinations.sqlite.lake_scope import LakeAt, count_rows
from linernotes.destinations.sqlite.mirror_inspection import count_table, measure_mirror, refused_measurements
from linernotes.destinations.sqlite.mirror_repair import repair_mirror
from linernotes.destinations.sqlite.mirror_tables import Mapped, fingerprint, read_tables
from linernotes.destinations.sqlite.staged_record import StagedRecord, file_name, mark, read_record, write_record
from linernotes.destinations.sqlite.tables import shape
from linernotes.destinations.sqlite.writing import Filled, Patience, fill_copy, find_changes, write_rows
from linernotes.domain.validation import Measurement
from linernotes.errors import LinernotesError, WrongUsageError
from linernotes.ports.destinations import Backup, Estimate, Repair, Staged, StageRequest, Switch, TableChange
from linernotes.ports.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Which file is mirrored, and how."""

    pattern: str
    """Its path, or a pattern that means exactly one file."""
    folder: Path
    """`production/` of the home: what is staged lies below it."""
    backups: Path
    """`backups/` of the home."""
    mapping: Mapped = field(default_factory=dict)


class MirroredFile:
    """The destination `sqlite:<path>`."""

    def __init__(
        self,
        mirror: Mirror,
        *,
        lake: LakeAt,
        progress: Progress,
        patience: Patience,
        free: Callable[[Path], int | None] = free_bytes,
    ) -> None:
        """Find the file.

        Raises:
            WrongUsageError: The pattern means no file, or several.
        """
        self._production = find_file(mirror.pattern)
        own = f"{self._production.stem}-{sha256(str(self._production).encode()).hexdigest()[:8]}"
        self._staging = mirror.folder / "mirror" / own
        self._record_path = self._staging / "staged.json"
        self._backups = Backups(folder=mirror.backups / own, stem=self._production.stem)
        self._mapping = mirror.mapping
        self._lake = lake
        self._progress = progress
        self._patience = patience
        self._free = free

    @property
    def name(self) -> str:
        """As publications are recorded under."""
        return f"sqlite:{self._production}"

    def estimate(self, request: StageRequest) -> Estimate:
        """Count what would be staged: our catalogue, from which the rows are taken, and a copy of the file."""
        rows = count_rows(self._lake, request)
        size = estimate_bytes(rows) + 2 * self._production.stat().st_size
        return Estimate(rows=rows, size_bytes=size, free_bytes=self._free(self._staging))

    def stage(self, request: StageRequest) -> Staged:
        """Make a copy of the production file with our rows in it."""
        schema, current_shape = self._schema(), self._shape()
        record = read_record(self._record_path)
        if record and record.answers(request, current_shape) and self._path(record).is_file():
            self._sweep(record)
            return self._told(record)
        fresh = StagedRecord(
            publication_id=request.publication_id,
            snapshot_id=request.snapshot_id,
            scope=request.scope,
            staged_at=request.staged_at,
            file_name=file_name(self._production.stem, request.staged_at, request.publication_id),
            shape=current_shape,
        )
        with translated(self._staging):
            self._staging.mkdir(parents=True, exist_ok=True)
            self._sweep(record)
            filled, withheld = self._fill(self._path(fresh), request)
            details = {"schema": schema, "mapping": self._mapping_hash(), "refused": filled.refused}
            write_record(self._record_path, replace(fresh, withheld=withheld, details=details), "stage.record")
            self._sweep(fresh)
        return self._told(self._needed())

    def staged(self) -> Staged | None:
        """What was staged last; stale where the tables or the mapping are others now."""
        record = read_record(self._record_path)
        return self._told(record) if record and self._path(record).is_file() else None

    def measure(self, *, today: date) -> Sequence[Measurement]:
        """Every check of the staged copy, and how it compares with production."""
        record = self._needed()
        with opened(self._path(record)) as connection:
            attach(connection, self._production, "production")
            tables = read_tables(connection, self._mapping)
            found = measure_mirror(connection, tables, today=today, production="production")
        return [*found, *refused_measurements(record.details.get("refused", {}))]

    def repair(self, *, dry_run: bool) -> Sequence[Repair]:
        """Mend the staged copy; `mirror_repair.py` tells by which rules."""
        record = self._needed()
        with opened(self._path(record), "rw") as connection:
            connection.execute("BEGIN IMMEDIATE")
            tables = read_tables(connection, self._mapping)
            repairs = repair_mirror(connection, tables)
            connection.execute("ROLLBACK" if dry_run else "COMMIT")
        refused = [
            Repair(table=table, key=example, action="removed", reason=f"a rule of {table} does not admit it; left out")
            for table, (_, examples) in record.details.get("refused", {}).items()
            for example in examples
        ]
        if not dry_run and (repairs or refused):
            details = {**record.details, "refused": {}}
            mark(self._record_path, record, "repair.record", is_repaired=True, details=details)
        return [*repairs, *refused]

    def promote(self, *, backed_up_at: datetime) -> Switch:
        """Change the rows of production that differ, after a backup."""
        record = self._needed()
        if self._is_stale(record):
            raise WrongUsageError(f"the tables of {self._production} changed after staging; run liner stage")
        switch = self._change(self._path(record), at=backed_up_at, step="promote", becomes=record.publication_id)
        mark(self._record_path, record, "promote.record", is_promoted=True)
        return switch

    def holds(self) -> UUID | None:
        """The publication in production; a change that a crash kept from being noted is noted now."""
        change = self._backups.begun()
        if change and self._is_made(change):
            self._backups.conclude(change.becomes)
        elif change:
            self._backups.abandon()
        return self._backups.holds()

    def backups(self) -> Sequence[Backup]:
        """Copies that were taken before changes, newest first."""
        self.holds()
        return self._backups.found()

    def roll_back(self, backup: Backup, *, backed_up_at: datetime) -> Switch:
        """Change the rows of production back to what a backup says, after a backup of the present."""
        path = Path(backup.location)
        if not path.is_file():
            raise WrongUsageError(f"no backup {backup.name}; liner backups lists them")
        return self._change(path, at=backed_up_at, step="rollback", becomes=backup.publication_id)

    def retain(self, keep: int) -> Sequence[str]:
        """Remove all but the newest `keep` backups; the newest is where a roll-back goes."""
        spare = [backup.name for backup in self._backups.found()[max(keep, 1) :]]
        if spare:
            self._backups.remove(spare)
        return spare

    def _change(self, source: Path, *, at: datetime, step: str, becomes: UUID | None) -> Switch:
        """Let production say what a file says, if it does not already."""
        self.holds()
        changes = find_changes(self._production, source, self._mapping, patience=self._patience)
        if _is_different(changes):
            self._backups.begin(self._production, at=at, becomes=becomes, wait_seconds=self._patience.reading_seconds)
            try:
                changes = write_rows(
                    self._production, source, self._mapping, failpoint=f"{step}.commit", patience=self._patience
                )
            except LinernotesError:
                self._backups.abandon()
                raise
        self._backups.conclude(becomes)
        former = next(iter(self._backups.found()), None)
        return Switch(
            is_switched=_is_different(changes),
            changes=changes,
            location=str(self._production),
            backup=former.name if former else None,
            publication_id=becomes,
        )

    def _is_made(self, change: Change) -> bool:
        """Whether production differs from the copy that was taken just before."""
        return change.backup.exists() and _is_different(
            find_changes(self._production, change.backup, self._mapping, patience=self._patience)
        )

    def _fill(self, target: Path, request: StageRequest) -> tuple[Filled, Mapping[str, int]]:
        """Make the staged copy; what is only needed for that goes again."""
        catalogue, copy, rows = (self._staging / f"{name}.new" for name in ("catalogue", "copy", "rows"))
        made = make_catalogue(catalogue, request, lake=self._lake, progress=self._progress, is_searchable=False)
        copy_file(self._production, copy, wait_seconds=self._patience.reading_seconds)
        filled = fill_copy(copy, catalogue, rows, self._mapping)
        sync(copy)
        put(copy, target, "stage.rename")
        return filled, made.withheld

    def _needed(self) -> StagedRecord:
        record = read_record(self._record_path)
        if record is None or not self._path(record).is_file():
            raise WrongUsageError(f"nothing is staged for {self._production}; run liner stage --mirror")
        return record

    def _path(self, record: StagedRecord) -> Path:
        return self._staging / record.file_name

    def _sweep(self, record: StagedRecord | None) -> None:
        """Remove what crashed or superseded stagings left."""
        kept = {self._record_path.name, record.file_name if record else ""}
        with translated(self._staging):
            for path in self._staging.iterdir():
                if path.name not in kept:
                    path.unlink()

    def _schema(self) -> str:
        with opened(self._production, wait_seconds=self._patience.reading_seconds) as connection:
            return fingerprint(connection)

    def _shape(self) -> str:
        """Changes when staging again would give another file: our SQL, the mapping, the file and its -wal."""
        files = (self._production, self._production.with_name(self._production.name + "-wal"))
        stamps = [(path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.exists()]
        return f"{shape()} {self._mapping_hash()} {stamps}"

    def _mapping_hash(self) -> str:
        plain = {table: dict(columns) for table, columns in self._mapping.items()}
        return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]

    def _is_stale(self, record: StagedRecord) -> bool:
        return (record.details.get("schema"), record.details.get("mapping")) != (self._schema(), self._mapping_hash())

    def _told(self, record: StagedRecord) -> Staged:
        with opened(self._path(record)) as connection:
            rows = {table.name: count_table(connection, table) for table in read_tables(connection, self._mapping)}
        return Staged(
            publication_id=record.publication_id,
            snapshot_id=record.snapshot_id,
            scope=record.scope,
            staged_at=record.staged_at,
            location=str(self._path(record)),
            rows=rows,
            withheld=record.withheld,
            is_stale=self._is_stale(record),
        )


def _is_different(changes: Mapping[str, TableChange]) -> bool:
    return any(change != TableChange() for change in changes.values())
