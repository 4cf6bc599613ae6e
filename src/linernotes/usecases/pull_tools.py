"""What a pull is given: every port it touches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from linernotes.domain.dumps import Retention
from linernotes.ports.bronze import BronzeFiles
from linernotes.ports.dumps import Dumps
from linernotes.ports.fetching import Downloads, DumpIndex, Fetcher
from linernotes.ports.landing import Lander
from linernotes.ports.leases import Leases
from linernotes.ports.loads import Loads
from linernotes.ports.progress import Progress
from linernotes.ports.runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class PullTools:
    """Everything a pull touches."""

    index: DumpIndex
    fetcher: Fetcher
    lander: Lander
    dumps: Dumps
    loads: Loads
    runs: Runs
    leases: Leases
    downloads: Downloads
    retention: Retention
    bronze_files: BronzeFiles
    bronze: Path
    """Root of the bronze folder."""
    progress: Progress
    new_id: Callable[[], UUID]
    """Makes UUIDv7."""
    now: Callable[[], datetime]
    code_version: str
    settings: Mapping[str, object]
    """Recorded with the run."""
    wait_seconds: float = 600
    """How long to wait for another process that pulls the same."""
    source: str = "discogs"


def dump_lease(source: str, year_month: str) -> str:
    """The lease on the files and the tracking of one month."""
    return f"dump:{source}:{year_month}"


def loads_lease(source: str) -> str:
    """The lease on a source's chains of loads: nobody else adds to them or takes from them meanwhile."""
    return f"loads:{source}"
