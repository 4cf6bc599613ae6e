"""Keeping the lake small: old snapshots go, small files are merged, files that nothing needs are deleted."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import duckdb

from linernotes.lake.engine import Engine
from linernotes.lake.snapshots import current_snapshot

SMALL_BYTES = 32_000_000
"""Increments leave files far below this; those of a first load are above it, and merging them would gain nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What upkeep did, or would do."""

    is_dry_run: bool
    expired: tuple[int, ...]
    """Snapshots that can no longer be asked for."""
    merged_count: int
    """Small files that were replaced by larger ones; not counted in a dry run."""
    deleted: tuple[str, ...]
    """Files that went. What expires today is deleted after DuckLake's default age, when no reader can still need it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeUpkeep:
    """Tidies a home's lake, as its only writer."""

    engine: Engine
    lock: Callable[[Callable[[str], None]], AbstractContextManager[None]]
    """Takes the writer lock; is given where to say that it waits."""

    def tidy(
        self, *, older_than: datetime, keep: Collection[int] = (), dry_run: bool = False, say: Callable[[str], None]
    ) -> Tidied:
        """Let snapshots go, and the files that only they needed.

        Args:
            older_than: Snapshots committed before this moment go; the newest one always stays.
            keep: Snapshots that stay whatever their age: those that are, or may still be, published.
            dry_run: Only tell what would go.
            say: Told if another process writes the lake.

        Raises:
            TransientError: Another process is writing the lake, and the wait is over.
        """
        if not self.engine.exists:
            return Tidied(is_dry_run=dry_run, expired=(), merged_count=0, deleted=())
        with self.lock(say), self.engine.connect(read_only=False) as connection:
            expired = _find_expired(connection, older_than, keep)
            merged_count = 0
            if not dry_run:
                _expire(connection, expired)
                merged_count = _merge_small_files(connection)
            return Tidied(
                is_dry_run=dry_run,
                expired=expired,
                merged_count=merged_count,
                deleted=_delete_files(connection, dry_run=dry_run),
            )


def _find_expired(
    connection: duckdb.DuckDBPyConnection, older_than: datetime, keep: Collection[int]
) -> tuple[int, ...]:
    found = connection.execute(
        "SELECT snapshot_id FROM lake.snapshots() WHERE snapshot_time < ? ORDER BY snapshot_id", [older_than]
    ).fetchall()
    kept = {*keep, current_snapshot(connection)}
    return tuple(snapshot_id for (snapshot_id,) in found if snapshot_id not in kept)


def _expire(connection: duckdb.DuckDBPyConnection, snapshot_ids: Collection[int]) -> None:
    if snapshot_ids:
        listed = ", ".join(str(int(snapshot_id)) for snapshot_id in snapshot_ids)
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{listed}])")


def _merge_small_files(connection: duckdb.DuckDBPyConnection) -> int:
    merged = connection.execute(
        f"SELECT files_processed FROM ducklake_merge_adjacent_files('lake', max_file_size => {SMALL_BYTES})"
    ).fetchall()
    return sum(count for (count,) in merged)


def _delete_files(connection: duckdb.DuckDBPyConnection, *, dry_run: bool) -> tuple[str, ...]:
    """Files of expired snapshots, and files that a killed writer left, both past DuckLake's default age."""
    deleted: list[str] = []
    for function in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
        rows = connection.execute(f"SELECT path FROM {function}('lake', dry_run => {dry_run})").fetchall()
        deleted += [path for (path,) in rows]
    return tuple(sorted(deleted))
