"""Destinations for tests: our own SQLite file, a mirrored one, and one in memory."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linernotes.bootstrap.providers import all_terms
from linernotes.destinations.sqlite.mirrored_file import Mirror, MirroredFile
from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.destinations.sqlite.writing import Patience
from linernotes.domain.uuid7 import to_uuid7
from linernotes.lake.engine import link_extensions
from linernotes.ports.destinations import Destination, Scope, Staged, StageRequest, Switch, TableChange
from tests.fakes.destination import FakeDestination
from tests.fakes.progress import RecordedProgress
from tests.silver_rows import SilverLake

KINDS = ("own", "mirror", "memory")
SITE = """
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE albums (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, artist_id INTEGER REFERENCES artists (id), year INTEGER
);
CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT NOT NULL, album_id INTEGER REFERENCES albums (id));
CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO d1_migrations VALUES (1, '0001_initial.sql');
INSERT INTO _cf_KV VALUES ('version', x'01');
"""
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Case:
    """A destination with the lake it reads, and a way to see what everybody sees."""

    destination: Destination
    lake: SilverLake
    read: Callable[[], Mapping[str, set[str]]]
    """Names of artists, albums and songs in production."""
    artist_table: str

    def __post_init__(self) -> None:
        self._ids = count(1)
        self.now = START

    def request(self, snapshot_id: int = 1, scope: Scope | None = None) -> StageRequest:
        self.now += timedelta(minutes=1)
        return StageRequest(
            publication_id=self.new_id(),
            snapshot_id=snapshot_id,
            scope=scope or Scope(),
            staged_at=self.now,
            terms=all_terms(),
        )

    def new_id(self) -> UUID:
        return to_uuid7(next(self._ids) * 1000)

    def stage(self, snapshot_id: int = 1, scope: Scope | None = None) -> Staged:
        return self.destination.stage(self.request(snapshot_id, scope))

    def promote(self, snapshot_id: int | None = None) -> Switch:
        """Promote what is staged, after staging a snapshot if one is given."""
        if snapshot_id is not None:
            self.stage(snapshot_id)
        self.now += timedelta(minutes=1)
        return self.destination.promote(backed_up_at=self.now)

    def roll_back(self, place: int | None = None) -> Switch:
        """Return to the former state, or to the backup at a place in the list."""
        backups = self.destination.backups()
        former = next(backup for backup in backups if backup.is_former) if place is None else backups[place]
        self.now += timedelta(minutes=1)
        return self.destination.roll_back(former, backed_up_at=self.now)

    def artist_changes(self, switch: Switch) -> TableChange:
        return switch.changes[self.artist_table]


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return link_extensions(tmp_path_factory.mktemp("extensions"))


@pytest.fixture
def silver(extensions: Path) -> SilverLake:
    return SilverLake(extensions)


@pytest.fixture
def own(tmp_path: Path, silver: SilverLake) -> Case:
    folder = tmp_path / "production"
    destination = OwnFile(folder=folder, lake=silver.at, progress=RecordedProgress())
    return Case(destination, silver, lambda: read_names(folder / "catalogue.db"), "artist")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The database of a site, as others made it."""
    return make_site(tmp_path / "site.sqlite")


@pytest.fixture
def mirror(tmp_path: Path, silver: SilverLake, site: Path) -> Case:
    return Case(make_mirror(tmp_path, silver, str(site)), silver, lambda: read_names(site), "artists")


@pytest.fixture
def memory(silver: SilverLake) -> Case:
    destination = FakeDestination(silver.rows)
    return Case(destination, silver, lambda: _names(destination), "artists")


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest) -> Case:
    """A destination of each kind."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Case)
    return found


def make_site(path: Path, schema: str = SITE) -> Path:
    """A production file with a schema."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema)
    return path


def make_mirror(
    home: Path, silver: SilverLake, pattern: str, mapping: Mapping[str, Mapping[str, str]] | None = None
) -> MirroredFile:
    """The destination of a production file; nobody waits in tests."""
    return MirroredFile(
        Mirror(pattern=pattern, folder=home / "production", backups=home / "backups", mapping=mapping or {}),
        lake=silver.at,
        progress=RecordedProgress(),
        patience=Patience(sleep=lambda _: None, attempts=2, lock_seconds=0.05, pause_seconds=0),
    )


def read_names(path: Path) -> Mapping[str, set[str]]:
    """Names of artists, albums and songs of a file; none before it exists."""
    if not path.exists():
        return {"artists": set(), "albums": set(), "songs": set()}
    return {
        "artists": {name for (name,) in query(path, "SELECT name FROM artists")},
        "albums": {title for (title,) in query(path, "SELECT title FROM albums")},
        "songs": {title for (title,) in query(path, "SELECT title FROM songs")},
    }


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on a file."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def execute(path: Path, sql: str) -> None:
    """Change a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def _names(destination: FakeDestination) -> Mapping[str, set[str]]:
    return {table: {str(row[0]) for row in rows.values()} for table, rows in destination.production().items()}
