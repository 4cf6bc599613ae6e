"""Monthly dumps: which one to take, how its work may proceed, and which of its files may go."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ENTITIES = ("label", "artist", "master", "release")
"""What a dump holds, in the order it is loaded: nothing comes before what it refers to."""

CHECKSUM = "checksum"
"""Stands for the entity of a file that holds the checksums of the others."""

MASTERS_SINCE = date(2011, 11, 10)
"""The first dump with a masters file; without one, an earlier dump is complete all the same."""


class DumpState(StrEnum):
    NOT_STARTED = "not_started"
    DOWNLOADING = "downloading"
    READY_FOR_PROCESSING = "ready_for_processing"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


_NEXT_STATES: Mapping[DumpState, frozenset[DumpState]] = {
    DumpState.NOT_STARTED: frozenset({DumpState.DOWNLOADING}),
    DumpState.DOWNLOADING: frozenset({DumpState.READY_FOR_PROCESSING, DumpState.FAILED}),
    # back to downloading: the files were lost or changed while nobody worked on them
    DumpState.READY_FOR_PROCESSING: frozenset({DumpState.PROCESSING, DumpState.DOWNLOADING, DumpState.FAILED}),
    DumpState.PROCESSING: frozenset({DumpState.COMPLETED, DumpState.FAILED}),
    # out of completed: an entity that is still missing, or --reprocess
    DumpState.COMPLETED: frozenset({DumpState.DOWNLOADING}),
    DumpState.FAILED: frozenset({DumpState.DOWNLOADING}),
}


def is_allowed(before: DumpState | None, after: DumpState) -> bool:
    """Whether a dump may go from one state to another; None is a dump not recorded yet.

    Staying in a state is always allowed: progress is saved that way.
    """
    if before is None:
        return after is DumpState.NOT_STARTED
    return after is before or after in _NEXT_STATES[before]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One file as an index lists it."""

    entity: str
    """One of `ENTITIES`, or `checksum`."""
    name: str
    url: str
    size_bytes: int | None = None
    """Rounded where the index rounds; None where it does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDump:
    """The files of one date, as an index lists them."""

    dumped_on: date
    files: tuple[ListedFile, ...]

    @property
    def year_month(self) -> str:
        """`YYYY-MM`."""
        return f"{self.dumped_on:%Y-%m}"

    def find(self, entity: str) -> ListedFile | None:
        """The file of an entity, or None."""
        return next((file for file in self.files if file.entity == entity), None)


def group_by_date(files: Iterable[tuple[date, ListedFile]]) -> list[ListedDump]:
    """Dumps, newest first, from files in any order; of two files of one entity and date the first counts."""
    dumps: dict[date, dict[str, ListedFile]] = {}
    for dumped_on, file in files:
        dumps.setdefault(dumped_on, {}).setdefault(file.entity, file)
    return [
        ListedDump(dumped_on=dumped_on, files=tuple(sorted(dumps[dumped_on].values(), key=lambda file: file.name)))
        for dumped_on in sorted(dumps, reverse=True)
    ]


def missing_parts(dump: ListedDump, *, wanted: Collection[str], needs_checksum: bool) -> tuple[str, ...]:
    """What a dump still lacks to be complete for the entities wanted.

    Masters do not count as missing before there were any, unless nothing else is wanted. Where checksums
    are published, a dump without its checksum file is still being written.
    """
    needed = [entity for entity in ENTITIES if entity in wanted]
    if dump.dumped_on < MASTERS_SINCE and needed != ["master"]:
        needed = [entity for entity in needed if entity != "master"]
    if needs_checksum:
        needed.append(CHECKSUM)
    return tuple(entity for entity in needed if dump.find(entity) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which dump was chosen, and which newer ones were passed over because parts of them are missing."""

    dump: ListedDump | None
    passed_over: tuple[tuple[ListedDump, tuple[str, ...]], ...] = ()


def choose_dump(
    dumps: Iterable[ListedDump], *, wanted: Collection[str], needs_checksum: bool, year_month: str | None = None
) -> Choice:
    """The newest complete dump of a month, or of all when no month is given.

    One dump is the files of one date: two dates that only together hold all files (2011-02, 2019-10)
    are two incomplete dumps.

    Args:
        dumps: Newest first; read only as far as needed.
        wanted: Entities that must be there.
        needs_checksum: Whether a dump without its checksum file counts as incomplete.
        year_month: `YYYY-MM`.
    """
    passed_over: list[tuple[ListedDump, tuple[str, ...]]] = []
    for dump in dumps:
        if year_month is not None and dump.year_month < year_month:
            break
        if year_month not in (None, dump.year_month):
            continue
        missing = missing_parts(dump, wanted=wanted, needs_checksum=needs_checksum)
        if not missing:
            return Choice(dump=dump, passed_over=tuple(passed_over))
        passed_over.append((dump, missing))
    return Choice(dump=None, passed_over=tuple(passed_over))


class RetentionRule(StrEnum):
    MONTHS = "months"
    """Keep the files of the newest `keep_months` months that are completed."""
    ALL = "all"
    """Keep every whole file."""
    DEBUG = "debug"
    """Keep everything, parts of files too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long downloaded files are kept."""

    rule: RetentionRule
    keep_months: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file among the downloads."""

    dumped_on: date
    path: str
    """Relative to the downloads folder, with forward slashes."""
    size_bytes: int
    is_partial: bool
    """A download that has not come to its end, or what is remembered of it."""


def files_to_delete(
    files: Iterable[StoredFile], *, states: Mapping[date, DumpState], retention: Retention
) -> Sequence[StoredFile]:
    """The downloaded files that retention lets go, oldest first.

    A dump that is being worked on, waits for work, or is not in the ledger keeps all its files. A failed dump
    keeps them for its next attempt, until `keep_months` newer months are completed.
    """
    if retention.rule is RetentionRule.DEBUG:
        return []
    completed = sorted({_month(day) for day, state in states.items() if state is DumpState.COMPLETED}, reverse=True)
    kept = completed if retention.rule is RetentionRule.ALL else completed[: retention.keep_months]

    def may_go(file: StoredFile) -> bool:
        state = states.get(file.dumped_on)
        if state is DumpState.COMPLETED:
            return file.is_partial or _month(file.dumped_on) not in kept
        if state is not DumpState.FAILED or retention.rule is RetentionRule.ALL:
            return False
        newer = [month for month in completed if month > _month(file.dumped_on)]
        return len(newer) >= max(retention.keep_months, 1)

    return sorted((file for file in files if may_go(file)), key=lambda file: (file.dumped_on, file.path))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
