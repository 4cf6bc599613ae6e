"""The state of the ledger in one read."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from linernotes.domain.dumps import DumpState
from linernotes.ledger.engine import Store
from linernotes.ledger.publications import to_publication
from linernotes.ledger.runs import RUN_COLUMNS, to_run
from linernotes.ledger.schema import HEAD
from linernotes.ledger.tables import dump, lease, load, publication, quarantine, run, watermark
from linernotes.ports.publications import Publication, PublicationStatus
from linernotes.ports.runs import Run
from linernotes.ports.status import LeaseHolder, LedgerStatus, LoadSummary, QuarantineSummary
from linernotes.ports.watermarks import Watermark


class LedgerStatusReader:
    """What `liner status` shows of the ledger."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def read(self) -> LedgerStatus:
        """The state of everything the ledger records."""
        with self._store.reading() as connection:
            return LedgerStatus(
                version=HEAD,
                runs=_read_runs(connection),
                loads=_read_loads(connection),
                dumps=_read_dumps(connection),
                quarantine=_read_quarantine(connection),
                publications=_read_publications(connection),
                watermarks=_read_watermarks(connection),
                leases=_read_leases(connection, self._clock()),
            )


def _read_runs(connection: Connection) -> list[Run]:
    age = func.row_number().over(partition_by=run.c.use_case, order_by=run.c.run_id.desc()).label("age")
    newest = select(run.c.run_id, age).subquery()
    query = select(*RUN_COLUMNS).join(newest, (newest.c.run_id == run.c.run_id) & (newest.c.age == 1))
    return [to_run(row) for row in connection.execute(query.order_by(run.c.run_id.desc())).mappings()]


def _read_loads(connection: Connection) -> list[LoadSummary]:
    group = [load.c.source, load.c.entity]
    ranked = (
        select(
            *group,
            load.c.version,
            load.c.record_count,
            load.c.committed_at,
            func.count().over(partition_by=group).label("load_count"),
            func.sum(load.c.landed_count).over(partition_by=group).label("landed_count"),
            func.row_number()
            .over(partition_by=group, order_by=[load.c.version.desc(), load.c.load_id.desc()])
            .label("age"),
        )
        .where(load.c.discarded_at.is_(None))
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "age"]
    query = select(*columns).where(ranked.c.age == 1).order_by(ranked.c.source, ranked.c.entity)
    return [
        LoadSummary(**{**row, "landed_count": int(row["landed_count"])}) for row in connection.execute(query).mappings()
    ]


def _read_dumps(connection: Connection) -> dict[DumpState, int]:
    query = select(dump.c.state, func.count().label("dump_count")).group_by(dump.c.state).order_by(dump.c.state)
    return {DumpState(row["state"]): row["dump_count"] for row in connection.execute(query).mappings()}


def _read_quarantine(connection: Connection) -> list[QuarantineSummary]:
    group = [quarantine.c.source, quarantine.c.entity, quarantine.c.reason]
    query = (
        select(*group, func.count().label("record_count"))
        .where(quarantine.c.resolved_at.is_(None))
        .group_by(*group)
        .order_by(*group)
    )
    return [QuarantineSummary(**row) for row in connection.execute(query).mappings()]


def _read_publications(connection: Connection) -> list[Publication]:
    age = func.row_number().over(
        partition_by=publication.c.destination,
        order_by=[publication.c.promoted_at.desc().nulls_last(), publication.c.publication_id.desc()],
    )
    newest = (
        select(publication.c.publication_id, age.label("age"))
        .where(publication.c.status == PublicationStatus.PROMOTED)
        .subquery()
    )
    query = (
        select(publication)
        .join(newest, newest.c.publication_id == publication.c.publication_id)
        .where(newest.c.age == 1)
        .order_by(publication.c.destination)
    )
    return [to_publication(row) for row in connection.execute(query).mappings()]


def _read_watermarks(connection: Connection) -> list[Watermark]:
    query = select(watermark).order_by(watermark.c.source, watermark.c.entity)
    return [Watermark(**row) for row in connection.execute(query).mappings()]


def _read_leases(connection: Connection, now: datetime) -> list[LeaseHolder]:
    names = ("name", "run_id", "host", "pid", "acquired_at", "expires_at")
    query = select(*(lease.c[name] for name in names)).where(lease.c.expires_at > now).order_by(lease.c.name)
    return [LeaseHolder(**row) for row in connection.execute(query).mappings()]
