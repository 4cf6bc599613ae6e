"""What a pull would do: which dump, which files, and what becomes of each."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linernotes.domain.dumps import CHECKSUM, ENTITIES, Choice, ListedDump, choose_dump
from linernotes.errors import FatalError, LinernotesError, TransientError, WrongUsageError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import DumpIndex
from linernotes.ports.loads import Load, Loads
from linernotes.usecases.chain import Chain, read_chain

STILL_WRITTEN = timedelta(days=45)
"""A dump that is not whole this long after its date never will be."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


class PullAction(StrEnum):
    LAND = "land"
    """Read the file into bronze."""
    REPLACE = "replace"
    """Read the file again; the load it replaces is withdrawn."""
    CHECK = "check"
    """It is loaded already: only compare checksums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """What the user asks for."""

    year_month: str | None = None
    """`YYYY-MM`; None for the newest complete dump."""
    only: tuple[str, ...] = ()
    """Entities, singular or plural; empty for all."""
    keep_files: bool = False
    reprocess: bool = False
    """Read again what is loaded already, from the files kept, fetching what is not kept."""
    rewind: bool = False
    """Withdraw newer loads where an older month is asked for."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file and what becomes of it."""

    file: DumpFile
    action: PullAction
    present: tuple[Load, ...] = ()
    """Active loads of the same version."""
    newer: tuple[Load, ...] = ()
    """Active loads of later versions."""

    @property
    def is_work(self) -> bool:
        return self.action is not PullAction.CHECK


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenDump:
    """The dump that will be pulled."""

    dumped_on: date
    files: tuple[DumpFile, ...]
    """All its files, with their published checksums."""
    wanted: tuple[DumpFile, ...]
    """Those asked for, in the order they are loaded."""
    notes: tuple[str, ...] = ()

    @property
    def year_month(self) -> str:
        """`YYYY-MM`."""
        return f"{self.dumped_on:%Y-%m}"


def choose(request: PullRequest, index: DumpIndex, *, today: date) -> ChosenDump:
    """Find the dump that fits the request, with its published checksums.

    Raises:
        WrongUsageError: No such month or entity.
        TransientError: The dump is still being written, or the index did not answer.
    """
    wanted = _entities(request.only)
    year = _year(request.year_month)
    needs_checksum = index.publishes_checksums
    choice = choose_dump(
        index.discover(year=year), wanted=wanted, needs_checksum=needs_checksum, year_month=request.year_month
    )
    if choice.dump is None:
        raise _nothing_to_choose(request, choice, today=today, is_published=needs_checksum)
    files = _files(choice.dump, index.fetch_checksums(choice.dump))
    chosen = tuple(file for entity in ENTITIES for file in files if file.entity == entity and entity in wanted)
    passed_over = [_passed_over(dump, missing) for dump, missing in choice.passed_over]
    return ChosenDump(
        dumped_on=choice.dump.dumped_on,
        files=files,
        wanted=chosen,
        notes=(*passed_over, *_unverified(choice.dump, chosen)),
    )


def plan_files(chosen: ChosenDump, request: PullRequest, loads: Loads, *, source: str) -> tuple[PlannedFile, ...]:
    """What becomes of each file wanted, as the ledger stands now.

    Raises:
        WrongUsageError: A newer version is loaded already and the request does not say `rewind`.
    """
    planned = []
    for file in chosen.wanted:
        chain = read_chain(loads, source=source, entity=file.entity)
        planned.append(plan_file(file, chain, chosen.dumped_on, request))
    return tuple(planned)


def plan_file(file: DumpFile, chain: Chain, version: date, request: PullRequest) -> PlannedFile:
    """What becomes of one file, given the loads of its entity.

    Raises:
        WrongUsageError: A newer version is loaded already and the request does not say `rewind`.
    """
    present, newer = chain.at(version), chain.after(version)
    if present and not request.reprocess:
        return PlannedFile(file=file, action=PullAction.CHECK, present=present, newer=newer)
    if newer and not present and not request.rewind:
        raise WrongUsageError(
            f"{file.entity}s of {newer[-1].version} are loaded, and {version} is older: each load builds on the one "
            f"before it; --rewind withdraws the newer ones (they stay in bronze) and loads {version}"
        )
    action = PullAction.REPLACE if present else PullAction.LAND
    return PlannedFile(file=file, action=action, present=present, newer=newer)


def _entities(only: Collection[str]) -> tuple[str, ...]:
    known = {name: entity for entity in ENTITIES for name in (entity, f"{entity}s")}
    for name in only:
        if name not in known:
            raise WrongUsageError(f"no entity {name!r}; there are labels, artists, masters, releases")
    asked = {known[name] for name in only}
    return tuple(entity for entity in ENTITIES if entity in asked or not asked)


def _year(year_month: str | None) -> int | None:
    if year_month is None:
        return None
    if not _MONTH.fullmatch(year_month):
        raise WrongUsageError(f"no month {year_month!r}; write it as 2026-03")
    return int(year_month[:4])


def _files(dump: ListedDump, checksums: Mapping[str, str]) -> tuple[DumpFile, ...]:
    return tuple(
        DumpFile(
            entity=file.entity,
            name=file.name,
            url=file.url,
            size_bytes=file.size_bytes,
            sha256=checksums.get(file.name),
        )
        for file in dump.files
        if file.entity != CHECKSUM
    )


def _nothing_to_choose(request: PullRequest, choice: Choice, *, today: date, is_published: bool) -> LinernotesError:
    month = request.year_month
    if not choice.passed_over:
        return WrongUsageError(f"no dump of {month} is listed" if month else "no dump is listed")
    dump, missing = choice.passed_over[0]
    what = f"the dump of {dump.dumped_on} is not complete: {_lacks(missing)}"
    if not is_published:
        rest = ",".join(f"{entity}s" for entity in ENTITIES if dump.find(entity))
        return WrongUsageError(f"{what}; to load what is there: --month {dump.year_month} --only {rest}")
    if today - dump.dumped_on < STILL_WRITTEN:
        return TransientError(f"{what}; it is still being written, try again later")
    return FatalError(f"{what}, and will not be completed any more; take another --month")


def _passed_over(dump: ListedDump, missing: tuple[str, ...]) -> str:
    return f"the dump of {dump.dumped_on} is not complete ({_lacks(missing)}); an older one is taken"


def _unverified(dump: ListedDump, wanted: Collection[DumpFile]) -> list[str]:
    names = [file.name for file in wanted if file.sha256 is None]
    if not names:
        return []
    what = f"the dump of {dump.dumped_on}" if len(names) == len(wanted) else ", ".join(names)
    return [f"there are no published checksums for {what}: unverified"]


def _lacks(missing: Collection[str]) -> str:
    names = ["the checksum file" if entity == CHECKSUM else f"{entity}s" for entity in missing]
    return f"{', '.join(names)} missing"
