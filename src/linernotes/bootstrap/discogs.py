"""Discogs dumps of a home: from an index or a folder, into bronze."""

import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from linernotes import __version__
from linernotes.bootstrap.core import Core, now
from linernotes.domain.dumps import Retention, RetentionRule
from linernotes.lake.bronze_files import BronzeFolder
from linernotes.ports.fetching import DumpIndex, Fetcher
from linernotes.usecases.discard import DiscardTools
from linernotes.usecases.housekeeping import CleaningTools
from linernotes.usecases.pull_tools import PullTools
from linernotes.usecases.retry_quarantine import RetryTools

if TYPE_CHECKING:  # the parsers take 60 MB, and most commands parse nothing
    from linernotes.sources.discogs.downloads import DiscogsDownloads
    from linernotes.sources.discogs.landing import DiscogsLander


@contextlib.contextmanager
def pull_tools(core: Core, origin: str | None) -> Iterator[PullTools]:
    """What a pull touches.

    Args:
        core: The home.
        origin: A folder with dump files, or the address of an index; None for the one in the settings.
    """
    with _origin(core, origin) as (index, fetcher):
        yield PullTools(
            index=index,
            fetcher=fetcher,
            lander=lander(core),
            dumps=core.ledger.dumps,
            loads=core.ledger.loads,
            runs=core.ledger.runs,
            leases=core.ledger.leases,
            downloads=_downloads(core),
            retention=_retention(core),
            bronze_files=BronzeFolder(core.home.bronze),
            bronze=core.home.bronze,
            progress=core.progress,
            new_id=core.ledger.new_id,
            now=now,
            code_version=__version__,
            settings=core.settings_recorded,
        )


def lander(core: Core) -> "DiscogsLander":
    """Reads dump files into bronze."""
    from linernotes.lake.bronze import BronzeTables
    from linernotes.sources.discogs.landing import DiscogsLander, LandingSettings
    from linernotes.sources.discogs.tally import Limits

    discogs = core.settings.discogs
    return DiscogsLander(
        BronzeTables(core.home.bronze),
        now=now,
        settings=LandingSettings(
            threads=discogs.parse_threads,
            chunk_bytes=discogs.chunk_bytes,
            limits=Limits(drift=discogs.drift_limit),
        ),
    )


def retry_tools(core: Core) -> RetryTools:
    """What reading records in quarantine again touches."""
    from linernotes.sources.discogs.single_records import SingleRecordLander

    return RetryTools(
        lander=SingleRecordLander(lander(core), scratch=core.home.downloads),
        quarantine=core.ledger.quarantine,
        loads=core.ledger.loads,
        runs=core.ledger.runs,
        leases=core.ledger.leases,
        progress=core.progress,
        new_id=core.ledger.new_id,
        code_version=__version__,
        settings=core.settings_recorded,
    )


def discard_tools(core: Core) -> DiscardTools:
    """What withdrawing a load touches."""
    return DiscardTools(
        loads=core.ledger.loads,
        runs=core.ledger.runs,
        leases=core.ledger.leases,
        code_version=__version__,
        settings=core.settings_recorded,
        say=core.progress.say,
    )


def cleaning_tools(core: Core) -> CleaningTools:
    """What cleaning touches."""
    return CleaningTools(
        downloads=_downloads(core),
        bronze_files=BronzeFolder(core.home.bronze),
        dumps=core.ledger.dumps,
        loads=core.ledger.loads,
        leases=core.ledger.leases,
        runs=core.ledger.runs,
        code_version=__version__,
        settings=core.settings_recorded,
        retention=_retention(core),
    )


@contextlib.contextmanager
def _origin(core: Core, origin: str | None) -> Iterator[tuple[DumpIndex, Fetcher]]:
    from linernotes.sources.discogs.discover import WebIndex
    from linernotes.sources.discogs.download import WebFetcher
    from linernotes.sources.discogs.folder import FolderDumps
    from linernotes.wire.retrying import Retries
    from linernotes.wire.web import Web, make_client

    if origin is not None and "://" not in origin:
        folder = FolderDumps(Path(origin))
        yield folder, folder
        return
    discogs = core.settings.discogs
    base_url = origin or discogs.base_url
    retries = Retries(attempts=discogs.attempts, sleep=time.sleep, jitter=random.random, say=core.progress.say)
    with make_client(
        user_agent=f"{discogs.user_agent}/{__version__}",
        connect_seconds=discogs.connect_timeout_seconds,
        read_seconds=discogs.read_timeout_seconds,
    ) as client:
        web = Web(client, base_url=base_url, other_hosts=discogs.other_hosts, now=now, settings="discogs.base_url")
        fetcher = WebFetcher(web, folder=core.home.downloads / "discogs", retries=retries)
        yield WebIndex(web, base_url=base_url, retries=retries), fetcher


def _downloads(core: Core) -> "DiscogsDownloads":
    from linernotes.sources.discogs.downloads import DiscogsDownloads

    return DiscogsDownloads(core.home.downloads / "discogs")


def _retention(core: Core) -> Retention:
    discogs = core.settings.discogs
    return Retention(rule=RetentionRule(discogs.retention), keep_months=discogs.keep_months)
