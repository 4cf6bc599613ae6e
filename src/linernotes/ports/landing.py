"""Landing: one dump file of a source into bronze, told apart from committing it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from linernotes.ports.loads import LoadFile, LoadKind
from linernotes.ports.progress import Progress
from linernotes.ports.quarantine import QuarantinedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What landing one file brought; its Parquet files stand, but exist for readers only once a load commits them."""

    kind: LoadKind
    """Complete when there was nothing to compare with, else an increment."""
    files: tuple[LoadFile, ...]
    record_count: int
    """Records in the file, landed or not."""
    landed_count: int
    new_count: int = 0
    """Of those landed, the ones that the load before did not have; the others changed."""
    gone_count: int = 0
    era: str | None = None
    is_silent_about: tuple[str, ...] = ()
    report: Mapping[str, object]
    """Drift, clean-up and reconciliation counts, as JSON."""
    quarantined: tuple[QuarantinedRecord, ...] = ()
    """Records set aside; the caller adds them to the quarantine when it commits the load."""


class Lander(Protocol):
    def land(
        self, path: Path, *, entity: str, load_id: UUID, previous_hashes: Sequence[Path], progress: Progress
    ) -> Landed:
        """Write the records of one dump file to bronze: all of them, or those new or changed since the load before.

        Args:
            path: The gzip-compressed dump file.
            entity: `artist`, `label`, `master` or `release`.
            load_id: Names the files and stands in every row.
            previous_hashes: The record hashes that the load before left (table `discogs_<entity>_hash`), in order;
                without any, everything lands.
            progress: Told the compressed bytes done.

        Raises:
            FatalError: The file as a whole cannot be used; nothing is left behind but temporary files.
        """
        ...


class ArrowSchema(Protocol):
    """Names and types of columns (https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html)."""

    def __arrow_c_schema__(self) -> object: ...


class ArrowRows(Protocol):
    """Rows in memory, in Arrow's form."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


class BronzeWriter(Protocol):
    """The files of one load, being written."""

    def declare(self, table: str, schema: ArrowSchema) -> None:
        """Make sure that the load has a file for a table, be it without rows."""
        ...

    def write(self, table: str, rows: ArrowRows) -> None:
        """Add rows, whose first column is `record_id`; the file will be sorted by it, then by the integer columns.

        Raises:
            FatalError: The disk is full, or the file cannot be written.
        """
        ...

    def add_file(self, table: str, fill: Callable[[Path], int]) -> int:
        """Have a table's file written whole by somebody else, and answer how many rows it has.

        Args:
            table: A table that nothing else of this load writes.
            fill: Writes Parquet to the path that it is given, `load_id` and `record_id` as the first columns, sorted
                by record id; answers the number of rows.

        Raises:
            FatalError: The folder cannot be written.
        """
        ...

    def seal(self) -> tuple[LoadFile, ...]:
        """Make the files durable under their final names, and answer what they are.

        Raises:
            FatalError: The disk is full, or a file cannot be written.
        """
        ...


class Bronze(Protocol):
    """Where loads are written."""

    def writer(self, load_id: UUID) -> AbstractContextManager[BronzeWriter]:
        """Begin to write the files of a load; leaving the block without `seal` removes them.

        Raises:
            FatalError: The folder cannot be written.
        """
        ...


class RecordLander(Protocol):
    def land_records(self, bodies: Sequence[bytes], *, entity: str, load_id: UUID, progress: Progress) -> Landed:
        """Write single records to bronze, as if they were a file of their own; those that cannot be read come back.

        Args:
            bodies: The records as received.
            entity: `artist`, `label`, `master` or `release`.
            load_id: Names the files and stands in every row.
            progress: Told the bytes done.
        """
        ...
