"""The published catalogue of a home: our own SQLite file, or somebody else's that is mirrored."""

import contextlib
import time
from collections.abc import Iterator

import duckdb

from linernotes import __version__
from linernotes.bootstrap.core import Core, now
from linernotes.bootstrap.providers import all_terms
from linernotes.destinations.sqlite.choice import recall, remember
from linernotes.destinations.sqlite.mirrored_file import Mirror, MirroredFile
from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.destinations.sqlite.writing import Patience
from linernotes.domain.sizes import parse_size
from linernotes.domain.validation import Policy
from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import Destination, Scope
from linernotes.usecases.publish_record import Publishing
from linernotes.usecases.scopes import choose_scope


def last_staged(core: Core) -> Publishing:
    """The destination that was staged last, and what publishing to it needs."""
    return publishing(core, recall(core.home.production))


def remember_staged(core: Core, mirror: str | None) -> None:
    """Let the commands that follow mean our own file, or the one that `mirror` means."""
    remember(core.home.production, mirror)


def publishing(core: Core, mirror: str | None) -> Publishing:
    """Our own file, or the one that `mirror` means, and what publishing to it needs.

    Raises:
        WrongUsageError: `mirror` means no file or several, or a setting is wrong.
    """
    publish = core.settings.publish
    try:
        size_limit = parse_size(publish.size_limit)
    except ValueError as error:
        raise WrongUsageError(f"[publish] size_limit: {error}") from None
    return Publishing(
        destination=_destination(core, mirror),
        publications=core.ledger.publications,
        runs=core.ledger.runs,
        leases=core.ledger.leases,
        progress=core.progress,
        clock=now,
        new_id=core.ledger.new_id,
        policy=Policy(max_fall=publish.fall_limit),
        size_limit_bytes=size_limit,
        keep_backups=publish.keep_backups,
        code_version=__version__,
        settings=core.settings_recorded,
        terms=all_terms(),
    )


def chosen_scope(core: Core, licence: str | None) -> Scope:
    """What the settings say is published, with another licence where one is given."""
    wanted = core.settings.publish
    return choose_scope(wanted.scope, wanted.filter, licence=licence or wanted.licence)


def _destination(core: Core, pattern: str | None) -> Destination:
    @contextlib.contextmanager
    def lake_at(snapshot_id: int) -> Iterator[duckdb.DuckDBPyConnection]:
        with core.engine.connect(snapshot=snapshot_id) as connection:
            core.engine.spare_threads(connection)
            yield connection

    if pattern is None:
        return OwnFile(folder=core.home.production, lake=lake_at, progress=core.progress)
    mirror = Mirror(
        pattern=pattern,
        folder=core.home.production,
        backups=core.home.backups,
        mapping=core.settings.publish.mapping,
    )
    return MirroredFile(mirror, lake=lake_at, progress=core.progress, patience=Patience(sleep=time.sleep))
