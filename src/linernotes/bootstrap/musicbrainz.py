"""MusicBrainz of a home: from dumps and databases, into bronze."""

import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from linernotes import __version__
from linernotes.bootstrap.core import Core, now
from linernotes.lake.bronze import BronzeTables
from linernotes.lake.bronze_files import BronzeFolder
from linernotes.ports.snapshots import Selection, SnapshotSource
from linernotes.usecases.pull_snapshot import SnapshotTools

if TYPE_CHECKING:
    import duckdb

    from linernotes.sources.musicbrainz.packets import Feed
    from linernotes.wire.retrying import Retries

MEMORY_LIMIT = "40MB"
"""What the engine of a pull counts: sorting takes 35 MB more, and the process 100 MB beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpFiles:
    """The archives of one dump, and what goes on from there."""

    archives: tuple[Path, ...]
    packets: Path | None = None
    """A folder of replication packets; newer ones are fetched into it where the settings have a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A server."""

    dsn: str
    """Can hold a password."""
    schema: str


@contextlib.contextmanager
def pull_tools(
    core: Core, origin: DumpFiles | Database, selection: Selection, *, dry_run: bool
) -> Iterator[SnapshotTools]:
    """What a pull touches; a dry one fetches nothing."""
    from linernotes.sources.musicbrainz.landing import SOURCE

    with contextlib.ExitStack() as stack:
        if isinstance(origin, Database):
            source = _database(core, origin, selection)
        else:
            feed = stack.enter_context(_feed(core)) if origin.packets and not dry_run else None
            source = _dump(core, origin, selection, feed)
        yield SnapshotTools(
            origin=source,
            loads=core.ledger.loads,
            runs=core.ledger.runs,
            leases=core.ledger.leases,
            bronze_files=BronzeFolder(core.home.bronze),
            bronze=core.home.bronze,
            progress=core.progress,
            new_id=core.ledger.new_id,
            code_version=__version__,
            settings=core.settings_recorded,
            source=SOURCE,
        )


@contextlib.contextmanager
def _feed(core: Core) -> Iterator["Feed | None"]:
    from linernotes.sources.musicbrainz.feed import LiveDataFeed
    from linernotes.wire.web import Web, make_client

    settings = core.settings.musicbrainz
    if settings.token is None:
        yield None
        return
    with make_client(user_agent=f"linernotes/{__version__}", connect_seconds=15, read_seconds=60) as client:
        yield LiveDataFeed(
            web=Web(client, base_url=settings.packets_url, now=now, settings="musicbrainz.token and packets_url"),
            base_url=settings.packets_url,
            token=settings.token,
            retries=_retries(core),
        )


def _dump(core: Core, dump: DumpFiles, selection: Selection, feed: "Feed | None") -> SnapshotSource:
    from linernotes.sources.musicbrainz.dump_source import DumpSource
    from linernotes.sources.musicbrainz.packets import Packets

    return DumpSource(
        archives=dump.archives,
        packets=Packets(folder=dump.packets, feed=feed) if dump.packets else None,
        folder=core.home.downloads / "musicbrainz",
        bronze=BronzeTables(core.home.bronze),
        connect=_connect,
        selection=selection,
        now=now,
        threads=core.settings.musicbrainz.decode_threads,
    )


def _database(core: Core, database: Database, selection: Selection) -> SnapshotSource:
    from linernotes.sources.musicbrainz.database import DatabaseAddress
    from linernotes.sources.musicbrainz.database_source import DatabaseSource

    is_cursor = core.settings.musicbrainz.reader == "cursor"
    return DatabaseSource(
        address=DatabaseAddress(dsn=database.dsn, schema=database.schema),
        folder=core.home.downloads / "musicbrainz",
        bronze=BronzeTables(core.home.bronze),
        connect=_connect if is_cursor else partial(_connect, extensions=core.home.extensions),
        with_cursor=is_cursor,
        selection=selection,
        retries=_retries(core),
    )


def _retries(core: Core) -> "Retries":
    from linernotes.wire.retrying import Retries

    return Retries(
        attempts=core.settings.musicbrainz.attempts, sleep=time.sleep, jitter=random.random, say=core.progress.say
    )


@contextlib.contextmanager
def _connect(spill: Path, *, extensions: Path | None = None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """An engine of its own in bounded memory, without the lake."""
    import duckdb

    from linernotes.lake.engine import link_extensions

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "block_allocator_memory": MEMORY_LIMIT,
        "threads": "1",
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if extensions is not None:
        config["extension_directory"] = str(link_extensions(extensions))
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
