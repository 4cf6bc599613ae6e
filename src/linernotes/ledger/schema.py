"""The ledger's schema version: found, checked, brought up and down."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect

from linernotes.errors import FatalError, TransientError
from linernotes.ledger.engine import Store
from linernotes.ledger.enrichment_tables import ENRICHMENT
from linernotes.ledger.failures import translated
from linernotes.ledger.place import Place
from linernotes.ledger.tables import METADATA

HEAD = "0008"
"""The newest revision in `migrations/versions`; stands here so that opening a current ledger need not load Alembic."""

VERSION_TABLE = "ledger_version"
_TABLES = {*METADATA.tables, *(table.name for table in ENRICHMENT)}
_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_KEY = 0x6C69_6E65_7231  # "liner1": any number, as long as nobody else in the database takes it


def bring_up(store: Store) -> None:
    """Make the tables of a new ledger, or migrate an older one; two processes that start at once do it once.

    Raises:
        FatalError: The ledger is of a newer version, or the database holds something else.
        TransientError: Another process is migrating it and does not come to an end.
    """
    with store.reading() as connection:
        version = read_version(connection, store.place)
        is_ready = not store.place.is_sqlite or connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    if version == HEAD and is_ready:
        return
    with _one_at_a_time(store.place):
        _switch_to_wal(store)
        migrate(store, "head")


def migrate(store: Store, revision: str) -> None:
    """Bring a ledger to a revision, up (`head`) or down (`base` drops everything), in one transaction."""
    from alembic import command  # noqa: PLC0415 - 100 ms and 12 MB that only a change of version needs
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _migrating(store) as connection:
        read_version(connection, store.place)
        config.attributes["connection"] = connection
        if revision == "head":
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)


def read_version(connection: Connection, place: Place) -> str | None:
    """The revision that a ledger is at; None for a new one.

    Raises:
        FatalError: The ledger is of a newer version, or the database holds something else.
    """
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        # A team's database may hold other things, a file may not
        foreign = tables if place.is_sqlite else tables & _TABLES
        if foreign:
            raise FatalError(f"{place} is no ledger: it holds {', '.join(sorted(foreign)[:3])}; choose another place")
        return None
    version = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()  # noqa: S608 - a constant
    if version is not None and version > HEAD:
        raise FatalError(
            f"the ledger {place} is of a newer version ({version}) than Linernotes {place.code_version} knows "
            f"({HEAD}); install the newer Linernotes"
        )
    return version


@contextmanager
def _migrating(store: Store) -> Iterator[Connection]:
    """A write transaction in which tables may be made anew."""
    with translated(store.place), store.engine.connect() as connection:
        if store.place.is_sqlite:
            connection.execution_options(ledger_begin="")
            # Else dropping the old form of a table deletes the rows that refer to it; has no effect in a transaction.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_KEY})")
        yield connection
        if store.place.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise FatalError(f"migrating the ledger {store.place} would lose references; nothing was changed")
        connection.commit()
        connection.detach()  # closed, not used again: its foreign keys are off


def _switch_to_wal(store: Store) -> None:
    if not store.place.is_sqlite:
        return
    with translated(store.place), store.engine.connect() as connection:
        connection.execution_options(ledger_begin="")
        mode = connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar()
    if mode != "wal":
        raise FatalError(f"the disk of the ledger {store.place} does not do SQLite's WAL; put the home on a local disk")


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    """Hold the operating system's lock for changing the version; on PostgreSQL the server has one."""
    if not place.is_sqlite:
        yield
        return
    from filelock import FileLock, Timeout  # noqa: PLC0415 - 50 ms that only a change of version needs

    lock = place.path.parent / "locks" / f"{place.path.stem}.lock"
    try:
        lock.parent.mkdir(exist_ok=True)
        with FileLock(lock, timeout=place.wait_seconds):
            yield
    except Timeout as error:
        raise TransientError(
            f"another process has been migrating the ledger {place} for {place.wait_seconds:g} s; try again later"
        ) from error
    except OSError as error:
        raise FatalError(
            f"cannot write {lock.parent} ({error.strerror}); make the home writable, or choose another --home"
        ) from error
