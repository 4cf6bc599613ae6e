"""The published catalogue of a home: our own SQLite file, or somebody else's that is mirrored."""

import contextlib
import time
from collections.abc import Iterator

import duckdb

from linernotes import __version__
from linernotes.bootstrap.core import Core, now
from linernotes.destinations.sqlite.choice import recall, remember
from linernotes.destinations.sqlite.mirrored_file import Mirror, MirroredFile
from linernotes.destinations.sqlite.own_file import OwnFile
from linernotes.destinations.sqlite.writing import Patience
from linernotes.domain.sizes import parse_size
from linernotes.domain.validation import Policy
from linernotes.ports.destinations import Destination, Scope
from linernotes.usecases.publish_record import Publishing
from linernotes.usecases.scopes import choose_scope


def choose_destination(core: Core, mirror: str | None) -> Publishing:
    """Publish to our own file, or to the one that `mirror` means, from now on."""
    remember(core.home.production, mirror)
    return publishing(core)


def publishing(core: Core) -> Publishing:
    """The destination that was staged last, and what publishing to it needs."""
    publish = core.settings.publish
    return Publishing(
        destination=_destination(core),
        publications=core.ledger.publications,
        runs=core.ledger.runs,
        leases=core.ledger.leases,
        progress=core.progress,
        clock=now,
        new_id=core.ledger.new_id,
        policy=Policy(max_fall=publish.fall_limit),
        size_limit_bytes=parse_size(publish.size_limit),
        keep_backups=publish.keep_backups,
        code_version=__version__,
        settings=core.settings_recorded,
    )


def chosen_scope(core: Core) -> Scope:
    """What the settings say is published."""
    return choose_scope(core.settings.publish.scope, core.settings.publish.filter)


def _destination(core: Core) -> Destination:
    @contextlib.contextmanager
    def lake_at(snapshot_id: int) -> Iterator[duckdb.DuckDBPyConnection]:
        with core.engine.connect(snapshot=snapshot_id) as connection:
            yield connection

    pattern = recall(core.home.production)
    if pattern is None:
        return OwnFile(folder=core.home.production, lake=lake_at, progress=core.progress)
    mirror = Mirror(
        pattern=pattern,
        folder=core.home.production,
        backups=core.home.backups,
        mapping=core.settings.publish.mapping,
    )
    return MirroredFile(mirror, lake=lake_at, progress=core.progress, patience=Patience(sleep=time.sleep))
