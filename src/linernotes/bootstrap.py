"""The one place where adapters meet use cases. Every adapter is listed here by hand."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import duckdb

from linernotes import __version__, failpoints
from linernotes.errors import WrongUsageError
from linernotes.home import Home
from linernotes.lake import health
from linernotes.lake.builder import DbtBuilder
from linernotes.lake.counts import LakeCounter
from linernotes.lake.engine import Engine, link_extensions
from linernotes.lake.lock import writer_lock
from linernotes.lake.query import LakeReader
from linernotes.ledger.opening import Ledger, open_ledger
from linernotes.ports.health import Check
from linernotes.ports.progress import Progress
from linernotes.ports.runs import Run
from linernotes.settings import Settings, find_home, load_settings
from linernotes.usecases import build as building
from linernotes.usecases.doctor import examine
from linernotes.usecases.status import Status, read_status


class App:
    """A home and everything that can be done with it; each method is one command."""

    def __init__(self, settings: Settings, *, progress: Progress) -> None:
        self.settings = settings
        self.home = Home(settings.home)
        self.progress = progress
        self._open = contextlib.ExitStack()

    @cached_property
    def ledger(self) -> Ledger:
        """The open ledger, made or migrated at first use."""
        url = self.settings.ledger.url
        if url is None:
            self.home.root.mkdir(parents=True, exist_ok=True)
        address = url.get_secret_value() if url else f"sqlite:///{self.home.ledger}"
        return self._open.enter_context(open_ledger(address, clock=_now, code_version=__version__))

    @cached_property
    def engine(self) -> Engine:
        """How to open the lake."""
        lake = self.settings.lake
        return Engine(
            folder=self.home.lake,
            extensions=link_extensions(self.home.extensions),
            catalog=lake.catalog.get_secret_value() if lake.catalog else None,
            memory_limit=lake.memory_limit,
            threads=lake.threads,
        )

    def close(self) -> None:
        """Close what was opened."""
        self._open.close()

    # Looking

    def status(self) -> Status:
        """What is in the catalogue, and what waits for a person."""
        return read_status(ledger=self.ledger.status, counter=LakeCounter(engine=self.engine))

    def runs(self, *, limit: int, use_case: str | None) -> Sequence[Run]:
        """What was done, newest first."""
        return self.ledger.runs.latest(limit=limit, use_case=use_case)

    @contextlib.contextmanager
    def query(self, sql: str, *, at: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run one SELECT over bronze, silver and gold."""
        reader = LakeReader(engine=self.engine, bronze=self.home.bronze)
        with reader.ask(sql, self.ledger.loads.find(), snapshot=_snapshot(at)) as rows:
            yield rows

    def doctor(self) -> tuple[Check, ...]:
        """Check everything that could be wrong."""
        return examine(
            {
                "versions": health.check_versions,
                "permissions": partial(health.check_permissions, self.home.root),
                "disk": partial(health.check_disk, self.home.root),
                "extensions": lambda: health.check_extensions(self.engine),
                "ledger": lambda: Check(
                    name="ledger", is_ok=True, found=f"{self.ledger.place}, schema {self.ledger.status.read().version}"
                ),
                "writer lock": partial(health.check_lock, self._lake_lock),
                "lake": lambda: health.check_lake(self.engine),
            }
        )

    # Building

    def build(self, *, select: str | None = None, force: bool = False) -> building.BuildOutcome:
        """Bring silver and gold up to date."""
        return building.build(
            runs=self.ledger.runs,
            loads=self.ledger.loads,
            consumption=self.ledger.consumption,
            builder=self.builder,
            progress=self.progress,
            code_version=__version__,
            settings=self.snapshot_of_settings(),
            select=select,
            force=force,
        )

    @property
    def builder(self) -> DbtBuilder:
        """dbt on this home's lake."""
        return DbtBuilder(
            engine=self.engine,
            bronze=self.home.bronze,
            logs=self.home.logs,
            target=self.home.lake / "dbt",
            lock=self._write_lake,
        )

    def snapshot_of_settings(self) -> Mapping[str, object]:
        """The settings as a run records them: no secrets."""
        return self.settings.model_dump(mode="json")

    @property
    def _lake_lock(self) -> Path:
        return self.home.locks / "lake.lock"

    def _write_lake(self, say: Callable[[str], None]) -> contextlib.AbstractContextManager[None]:
        if self.settings.lake.catalog:
            return contextlib.nullcontext()  # PostgreSQL keeps writers apart
        return writer_lock(self._lake_lock, wait_seconds=self.settings.lake.lock_wait_seconds, say=say)


@contextlib.contextmanager
def open_app(home: Path | None, *, progress: Progress) -> Iterator[App]:
    """The app of a home, for the block."""
    failpoints.arm(os.environ.get("LINER_FAILPOINT", ""))
    root = find_home(chosen=home, environment=os.environ, folder=Path.cwd())
    app = App(load_settings(root), progress=progress)
    try:
        yield app
    finally:
        app.close()


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _snapshot(at: str | None) -> int | datetime | None:
    """A snapshot number or a time.

    Raises:
        WrongUsageError: It is neither.
    """
    if at is None or at.isdigit():
        return int(at) if at else None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise WrongUsageError(f"--at {at} is no snapshot number and no ISO time, such as 2026-01-31T12:00") from None
    return moment if moment.tzinfo else moment.astimezone()
