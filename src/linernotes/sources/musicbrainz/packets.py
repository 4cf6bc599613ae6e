"""Replication packets: the changes of an hour, row by row, with which a dump becomes a newer one.

A packet is an archive like a dump, of one table that counts: each line of `pending_data` is a row of some table, as it
was and as it became, in JSON. Of every row that packets touch, the last state replaces what the dump has.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from linernotes import failpoints
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.progress import Progress
from linernotes.sources.musicbrainz.archive import open_archive
from linernotes.sources.musicbrainz.copy_text import ARROW_TYPES, CopyReader, Stream
from linernotes.sources.musicbrainz.extracts import columns_read
from linernotes.sources.musicbrainz.schema import COLUMNS, keys_of, type_of
from linernotes.sources.musicbrainz.server import literal
from linernotes.sources.musicbrainz.stamp import TABLE_PREFIX, Stamp, read_stamp

PACKET_NAME = re.compile(r"replication-([0-9]{1,15})-v2\.tar(?:\.bz2|\.zst)?")
_CHANGES = f"{TABLE_PREFIX}pending_data"
_CHANGE_COLUMNS = ("seqid", "tablename", "op", "xid", "olddata", "newdata", "oldctid", "trgdepth")
_KEPT = ("seqid", "tablename", "olddata", "newdata")
_SCHEMA = "musicbrainz."
_ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet that is there."""

    path: Path
    sequence: int

    def stamp(self) -> Stamp:
        """What it says of itself.

        Raises:
            FatalError: It is no packet, of another schema, or another one than its name says.
        """
        stamp = read_stamp(self.path, kind="replication packet", name="replication-…-v2.tar.bz2")
        if stamp.sequence != self.sequence:
            raise FatalError(f"{self.path.name} says that it is packet {stamp.sequence}; download it again")
        return stamp


class Feed(Protocol):
    """Where newer packets are."""

    def fetch(self, folder: Path, *, after: int, progress: Progress) -> None:
        """Bring those that follow into a folder, in order, until there is none yet.

        Raises:
            FatalError: It refuses.
            TransientError: It does not answer.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """A folder of packets."""

    folder: Path
    feed: Feed | None = None
    """Where newer ones come from."""

    def continuing(self, dump: Stamp, progress: Progress) -> Sequence[Packet]:
        """The packets that go on from a dump, in order; those that the feed has and the folder not are fetched.

        Raises:
            WrongUsageError: The dump does not say with which packet to go on.
            FatalError: The folder cannot be read, one is missing in between, or the feed refuses.
            TransientError: The feed does not answer.
        """
        if dump.sequence is None:
            raise WrongUsageError("this dump does not tell its REPLICATION_SEQUENCE, so no packet can go on from it")
        if self.feed is not None:
            with _storage_errors(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
            newest = max([dump.sequence, *(packet.sequence for packet in self._find(after=dump.sequence))])
            self.feed.fetch(self.folder, after=newest, progress=progress)
        return self._find(after=dump.sequence)

    def _find(self, *, after: int) -> Sequence[Packet]:
        try:
            named = [(PACKET_NAME.fullmatch(path.name), path) for path in self.folder.iterdir()]
        except OSError as error:
            raise FatalError(f"cannot read {self.folder}: {error.strerror}") from error
        found = sorted((int(name[1]), path) for name, path in named if name)
        packets = [Packet(path, sequence) for sequence, path in found if sequence > after]
        for expected, packet in enumerate(packets, after + 1):
            if packet.sequence != expected:
                raise FatalError(
                    f"replication-{expected}-v2.tar.bz2 is missing in {self.folder}, where {packet.path.name} is:"
                    f" packets go on from that of the dump, {after}, without a gap"
                )
        return packets


class Changes:
    """What packets change in the tables that we read, in a folder; packets that were read are not read again."""

    def __init__(self, packets: Sequence[Packet], folder: Path) -> None:
        """Name the packets, in order, and the folder where their changes and no others go."""
        self._packets = packets
        self._folder = folder

    def read(self, connection: duckdb.DuckDBPyConnection, progress: Progress) -> Mapping[str, Path]:
        """By table, a file of the last state of every row that changed: the columns we read, and `is_gone`.

        Raises:
            FatalError: A packet is damaged or none, or the disk is full.
        """
        fresh = self._folder.with_suffix(".tmp")
        with _storage_errors(self._folder):
            if not self._folder.exists():
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir(parents=True)
                for table in self._split(fresh, progress):
                    _keep_last(table, fresh, connection)
                failpoints.hit("packets.rename.before")
                fresh.rename(self._folder)
                failpoints.hit("packets.rename.after")
        return {path.stem: path for path in sorted(self._folder.glob("*.parquet"))}

    def _split(self, folder: Path, progress: Progress) -> Sequence[str]:
        """Write the changes of each table into files of its own, and answer which tables have any."""
        writers: dict[str, _Writer] = {}
        try:
            with progress.task("replication packets", total=len(self._packets), unit="packets") as task:
                for packet in self._packets:
                    packet.stamp()
                    for table, change in _read_changes(packet):
                        if table not in writers:
                            writers[table] = _Writer(table, folder)
                        writers[table].add(change)
                    task.advance()
        finally:
            for writer in writers.values():
                writer.close()
        return sorted(writers)


class _Writer:
    """The changes of one table, on their way into a file."""

    def __init__(self, table: str, folder: Path) -> None:
        self._table = table
        fields = [(name, ARROW_TYPES[type_of(name)]) for name in columns_read(table)]
        self._schema = pa.schema([*fields, ("packet", pa.int64()), ("seqid", pa.int64()), ("is_gone", pa.bool_())])
        self._file = pq.ParquetWriter(_all_changes(table, folder), self._schema, compression="zstd")
        self._rows: list[Mapping[str, Any]] = []

    def add(self, change: Mapping[str, Any]) -> None:
        self._rows.append(change)
        if len(self._rows) >= _ROWS_AT_A_TIME:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        try:
            rows = pa.Table.from_pylist(self._rows, schema=self._schema)
        except (pa.ArrowException, TypeError) as error:
            packets = f"{self._rows[0]['packet']} to {self._rows[-1]['packet']}"
            raise FatalError(
                f"packets {packets}: a change of {self._table} cannot be read ({error}); download them again"
            ) from error
        self._file.write_table(rows)
        self._rows.clear()


@contextmanager
def _storage_errors(folder: Path) -> Iterator[None]:
    """Tell what the disk refuses as one clear line."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FatalError(f"cannot write {folder} ({reason}); free space and pull again") from error


def _read_changes(packet: Packet) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Table and row of every change in tables that we read; of a row that became another, both."""
    is_found = False
    with open_archive(packet.path, threads=1) as members:
        for name, content in members:
            if name == _CHANGES:
                is_found = True
                yield from _parse(packet, content)
    if not is_found:
        raise FatalError(
            f"{packet.path.name} has no {_CHANGES}, so it is no replication packet of version 2; take"
            f" replication-{packet.sequence}-v2.tar.bz2"
        )


def _parse(packet: Packet, content: Stream) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = CopyReader(_CHANGE_COLUMNS, kept=_KEPT, type_of=lambda _: "VARCHAR")
    for rows in reader.read(content):
        for bad in rows.bad:
            raise FatalError(f"{packet.path.name} row {bad.number}: {bad.reason}; download it again")
        for seqid, name, *states in zip(*(rows.table[column].to_pylist() for column in _KEPT), strict=True):
            table = name.replace('"', "").removeprefix(_SCHEMA)
            if table in COLUMNS and name.startswith(_SCHEMA):
                yield from ((table, state) for state in _states(packet, table, seqid, *states))


def _states(
    packet: Packet, table: str, seqid: str, before: str | None, after: str | None
) -> Iterator[Mapping[str, Any]]:
    """The row that was, as gone, and the row that is; where both have the same key, the second counts."""
    try:
        for state, is_gone in ((before, True), (after, False)):
            if state is not None:
                row = json.loads(state)
                values = {column: row[column] for column in columns_read(table)}
                yield {**values, "packet": packet.sequence, "seqid": int(seqid), "is_gone": is_gone}
    except (ValueError, KeyError, TypeError) as error:
        raise FatalError(
            f"{packet.path.name}: change {seqid} of {table} cannot be read ({error!r}); download it again"
        ) from error


def _keep_last(table: str, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Of every row keep the last state."""
    source, target = _all_changes(table, folder), folder / f"{table}.parquet"
    columns, keys = ", ".join(columns_read(table)), ", ".join(keys_of(table))
    connection.execute(f"""
        COPY (
            SELECT {columns}, is_gone FROM read_parquet({literal(str(source))})
            QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY packet DESC, seqid DESC, is_gone) = 1
        ) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)
    """)
    source.unlink()


def _all_changes(table: str, folder: Path) -> Path:
    return folder / f"{table}.changes"
