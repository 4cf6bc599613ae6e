"""Connections and transactions: the only place that begins, commits and rolls back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from linernotes import failpoints
from linernotes.ledger.failures import translated
from linernotes.ledger.place import Place


class Store:
    """A ledger's database: read transactions that see one state, and write transactions that wait for each other."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with translated(place):
            self.engine = _sqlite_engine(place) if place.is_sqlite else _postgres_engine(place)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger and changes nothing."""
        with translated(self.place), self.engine.connect() as connection:
            if not self.place.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed when the block ends well.

        SQLite takes its lock at the start: a read lock that is raised later fails when two do so at once.
        """
        with translated(self.place):
            with self.engine.connect() as connection:
                connection.execution_options(ledger_begin="IMMEDIATE")
                with connection.begin():
                    yield connection
                    failpoints.hit("ledger.commit.before")
            failpoints.hit("ledger.commit.after")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _sqlite_engine(place: Place) -> Engine:
    engine = create_engine(
        place.url,
        connect_args={"timeout": place.wait_seconds, "isolation_level": None},
        hide_parameters=True,
        json_serializer=_to_json,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # FULL: in WAL mode anything less may lose the newest commits in a power cut
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("ledger_begin", "DEFERRED")
        if mode:
            connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _postgres_engine(place: Place) -> Engine:
    settings = f"-c lock_timeout={int(place.wait_seconds * 1000)}"
    given = place.url.query.get("options")
    return create_engine(
        place.url,
        connect_args={
            "options": f"{given} {settings}" if given else settings,
            "connect_timeout": place.url.query.get("connect_timeout", "10"),
            "application_name": place.url.query.get("application_name", "linernotes"),
        },
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=_to_json,
    )


def _to_json(value: object) -> str:
    return json.dumps(value, default=_plain)


def _plain(value: object) -> object:
    """What stands in JSON for a value that JSON does not know; secrets print themselves as stars."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
