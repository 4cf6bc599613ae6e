"""Probes of the machine, the home and the lake."""

import os
import platform
import shutil
import sqlite3
import sys
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from linernotes.lake.engine import EXTENSIONS, Engine
from linernotes.lake.snapshots import current_snapshot
from linernotes.ports.health import Check

ROOM_BYTES = 2_000_000_000
"""A collection fits in far less; a whole Discogs month wants fifty times as much and is checked before it starts."""
OLDEST_PYTHON = (3, 11)


def check_versions() -> Check:
    """Python, DuckDB and SQLite; SQLite must have full-text search."""
    with sqlite3.connect(":memory:") as connection:
        has_fts = connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0] == 1
    found = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"
    is_ok = sys.version_info >= OLDEST_PYTHON and has_fts
    return Check(
        name="versions",
        is_ok=is_ok,
        found=found,
        advice="" if is_ok else "use Python 3.11 or newer, with SQLite's FTS5",
    )


def check_extensions(engine: Engine) -> Check:
    """Every extension loads, signature and all."""
    try:
        with duckdb.connect(":memory:", config=engine.new_config()) as connection:
            for name in EXTENSIONS:
                connection.execute(f"LOAD {name}")
    except duckdb.Error as error:
        advice = "install the packages of requirements.lock again"
        return Check(name="extensions", is_ok=False, found=str(error).splitlines()[0], advice=advice)
    return Check(name="extensions", is_ok=True, found=", ".join(EXTENSIONS))


def check_disk(home: Path) -> Check:
    """Room on the disk of the home."""
    free = shutil.disk_usage(_nearest(home)).free
    is_ok = free >= ROOM_BYTES
    advice = "" if is_ok else "free some room, or choose another --home"
    return Check(name="disk", is_ok=is_ok, found=f"{free / 1e9:,.1f} GB free at {home}", advice=advice)


def check_permissions(home: Path) -> Check:
    """The home can be written, or be created."""
    nearest = _nearest(home)
    is_ok = os.access(nearest, os.W_OK | os.X_OK)
    found = f"{nearest} is {'writable' if is_ok else 'read-only'}"
    return Check(
        name="permissions",
        is_ok=is_ok,
        found=found,
        advice="" if is_ok else "make it writable, or choose another --home",
    )


def check_lock(path: Path) -> Check:
    """Whether anybody writes the lake now; that is no fault."""
    if not path.exists():
        return Check(name="writer lock", is_ok=True, found="never taken")
    try:
        with FileLock(path).acquire(timeout=0):
            return Check(name="writer lock", is_ok=True, found="free")
    except Timeout:
        return Check(name="writer lock", is_ok=True, found="another liner is writing the lake")
    except OSError as error:
        return Check(name="writer lock", is_ok=False, found=str(error), advice=f"make {path} writable")


def check_lake(engine: Engine) -> Check:
    """The lake opens and its snapshots can be read."""
    if not engine.exists:
        return Check(name="lake", is_ok=True, found="none yet; `liner build` creates it")
    with engine.connect() as connection:
        return Check(name="lake", is_ok=True, found=f"snapshot {current_snapshot(connection)}")


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(candidate for candidate in (path, *path.parents) if candidate.exists())
