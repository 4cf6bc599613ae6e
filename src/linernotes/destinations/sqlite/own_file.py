"""Our own catalogue: staged beside, promoted by moving a pointer. `generations.py` tells how the folder is laid out.

Nothing is copied and nothing is changed in place, so a crash leaves the former generation in force. Readers open
`catalogue.db` and open it again when it leads elsewhere; who holds a former generation open may go on reading it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from linernotes.destinations.sqlite.catalogue import make_catalogue
from linernotes.destinations.sqlite.comparison import compare
from linernotes.destinations.sqlite.connections import translated
from linernotes.destinations.sqlite.estimate import estimate_bytes, free_bytes
from linernotes.destinations.sqlite.files import Link, make_symbolic_link, put
from linernotes.destinations.sqlite.generations import NOTHING, Generations, read_header
from linernotes.destinations.sqlite.inspection import measure_catalogue
from linernotes.destinations.sqlite.lake_scope import LakeAt, count_rows
from linernotes.destinations.sqlite.repair import repair_catalogue
from linernotes.destinations.sqlite.staged_record import StagedRecord, file_name, mark, read_record, write_record
from linernotes.destinations.sqlite.tables import TABLES, shape
from linernotes.domain.validation import Measurement
from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import Backup, Estimate, Repair, Staged, StageRequest, Switch, TableChange
from linernotes.ports.progress import Progress

_READ_ONLY = 0o444


class OwnFile:
    """The destination `sqlite`."""

    def __init__(
        self,
        *,
        folder: Path,
        lake: LakeAt,
        progress: Progress,
        make_link: Link = make_symbolic_link,
        free: Callable[[Path], int | None] = free_bytes,
    ) -> None:
        self._generations = Generations(folder=folder, make_link=make_link)
        self._folder = folder
        self._staging = folder / "staging"
        self._record_path = self._staging / "catalogue.json"
        self._lake = lake
        self._progress = progress
        self._free = free

    @property
    def name(self) -> str:
        """As publications are recorded under."""
        return "sqlite"

    def estimate(self, request: StageRequest) -> Estimate:
        """Count what would be staged; `estimate.py` tells how good it is."""
        rows = count_rows(self._lake, request)
        return Estimate(rows=rows, size_bytes=estimate_bytes(rows), free_bytes=self._free(self._folder))

    def stage(self, request: StageRequest) -> Staged:
        """Make a generation in the staging folder."""
        record = self._record()
        if record is not None and record.answers(request, shape()) and self._find(record):
            self._sweep(record)
            return self._told(record)
        fresh = StagedRecord(
            publication_id=request.publication_id,
            snapshot_id=request.snapshot_id,
            scope=request.scope,
            staged_at=request.staged_at,
            file_name=file_name("catalogue", request.staged_at, request.publication_id),
            shape=shape(),
        )
        with translated(self._staging):
            self._staging.mkdir(parents=True, exist_ok=True)
            self._sweep(record)
            self._forget(record)
            unfinished = self._staging / "unfinished.db"
            made = make_catalogue(unfinished, request, lake=self._lake, progress=self._progress)
            fresh = replace(fresh, withheld=made.withheld)
            put(unfinished, self._staging / fresh.file_name, "stage.rename")
            write_record(self._record_path, fresh, "stage.record")
            self._sweep(fresh)
        return self._told(fresh)

    def staged(self) -> Staged | None:
        """What was staged last, promoted or not."""
        record = self._record()
        return self._told(record) if record and self._find(record) else None

    def measure(self, *, today: date) -> Sequence[Measurement]:
        """Every check of what is staged, and how it compares with production."""
        _, path = self._needed()
        current = self._generations.current()
        production = read_header(current).rows if current and current != path else {}
        return measure_catalogue(path, today=today, rows=read_header(path).rows, production=production)

    def repair(self, *, dry_run: bool) -> Sequence[Repair]:
        """Mend what is staged; `repair.py` tells by which rules."""
        record, path = self._needed()
        if path.parent != self._staging:
            raise WrongUsageError(f"{path.name} is in production already and never changes; run liner stage")
        repairs = repair_catalogue(path, dry_run=dry_run)
        if repairs and not dry_run:
            mark(self._record_path, record, "repair.record", is_repaired=True)
        return repairs

    def promote(self, *, backed_up_at: datetime) -> Switch:
        """Let the pointer lead to what is staged."""
        record, path = self._needed()
        target, current = self._folder / record.file_name, self._generations.current()
        if current == target:
            return self._switched({table: TableChange() for table in TABLES}, is_switched=False)
        changes = compare(path, current)
        if current and not _is_different(changes) and read_header(path).shape == read_header(current).shape:
            return self._switched(changes, is_switched=False)
        with translated(self._folder):
            if path != target:
                path.chmod(_READ_ONLY)
                put(path, target, "promote.rename")
            self._generations.switch(target, "promote")
            mark(self._record_path, record, "promote.record", is_promoted=True)
        return self._switched(changes, is_switched=True)

    def holds(self) -> UUID | None:
        """The publication in production."""
        current = self._generations.current()
        return read_header(current).publication_id if current else None

    def backups(self) -> Sequence[Backup]:
        """Former generations, newest first, and the state before the first of them."""
        record, former = self._record(), self._generations.former()
        waiting = self._folder / record.file_name if record and not record.is_promoted else None
        hidden = {self._generations.current(), waiting}
        shown = [path for path in self._generations.found() if path not in hidden]
        nothing = self._generations.nothing()
        return [*(self._generations.as_backup(path, former) for path in shown), *([nothing] if nothing else [])]

    def roll_back(self, backup: Backup, *, backed_up_at: datetime) -> Switch:
        """Let the pointer lead to a former generation, or nowhere, as before the first promotion."""
        target = None if backup.name == NOTHING else self._folder / backup.name
        current = self._generations.current()
        if target is not None and target not in self._generations.found():
            raise WrongUsageError(f"no generation {backup.name}; liner backups lists them")
        changes = compare(target, current)
        with translated(self._folder):
            self._generations.switch(target, "rollback")
        return self._switched(changes, is_switched=current != target)

    def retain(self, keep: int) -> Sequence[str]:
        """Remove all but the newest `keep` former generations; the one to roll back to stays in any case."""
        spare = [backup.name for backup in self.backups()[keep:] if not backup.is_former]
        with translated(self._folder):
            self._generations.remove(spare)
        return spare

    def _record(self) -> StagedRecord | None:
        """The record of what is staged; a promotion that a crash kept from being noted is noted now."""
        record = read_record(self._record_path)
        current = self._generations.current()
        if record and not record.is_promoted and current == self._folder / record.file_name:
            return mark(self._record_path, record, "promote.record", is_promoted=True)
        return record

    def _needed(self) -> tuple[StagedRecord, Path]:
        record = self._record()
        path = self._find(record) if record else None
        if record is None or path is None:
            raise WrongUsageError("nothing is staged for sqlite; run liner stage")
        return record, path

    def _find(self, record: StagedRecord) -> Path | None:
        """In the staging folder; in production after the rename of a promotion."""
        places = (self._staging / record.file_name, self._folder / record.file_name)
        return next((place for place in places if place.is_file()), None)

    def _sweep(self, record: StagedRecord | None) -> None:
        """Remove what crashed or superseded stagings left."""
        kept = {self._record_path.name, record.file_name if record else ""}
        with translated(self._staging):
            for path in self._staging.iterdir():
                if path.name not in kept:
                    path.unlink()

    def _forget(self, record: StagedRecord | None) -> None:
        """Remove a generation whose promotion crashed before the pointer moved: it was never in force."""
        if record and not record.is_promoted:
            (self._folder / record.file_name).unlink(missing_ok=True)

    def _switched(self, changes: Mapping[str, TableChange], *, is_switched: bool) -> Switch:
        former = self._generations.former() or self._generations.nothing()
        return Switch(
            is_switched=is_switched,
            changes=changes,
            location=str(self._generations.pointer),
            backup=former.name if former else None,
            publication_id=self.holds(),
        )

    def _told(self, record: StagedRecord) -> Staged:
        path = self._find(record)
        assert path is not None, "asked for only when it exists"
        return Staged(
            publication_id=record.publication_id,
            snapshot_id=record.snapshot_id,
            scope=record.scope,
            staged_at=record.staged_at,
            location=str(path),
            rows=read_header(path).rows,
            withheld=record.withheld,
        )


def _is_different(changes: Mapping[str, TableChange]) -> bool:
    return any(change != TableChange() for change in changes.values())
