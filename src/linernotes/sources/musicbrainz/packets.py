"""Replication packets: the changes of an hour, row by row, with which a dump becomes a newer one.

A packet is an archive like a dump, of one table that counts: each line of `pending_data` is a row of some table, as it
was and as it became, in JSON. Of every row that packets touch, the last state replaces what the dump has.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linernotes import failpoints
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.progress import Progress
from linernotes.sources.musicbrainz.copy_text import CopyReader
from linernotes.sources.musicbrainz.disk import storage_errors
from linernotes.sources.musicbrainz.extracts import columns_read
from linernotes.sources.musicbrainz.schema import COLUMNS, keys_of, type_of
from linernotes.sources.musicbrainz.server import literal
from linernotes.sources.musicbrainz.stamp import TABLE_PREFIX, Stamp, read_stamp
from linernotes.wire.archive import open_archive

PACKET_NAME = re.compile(r"replication-([0-9]{1,15})-v2\.tar(?:\.bz2|\.zst)?")
_CHANGES = f"{TABLE_PREFIX}pending_data"
_CHANGE_COLUMNS = ("seqid", "tablename", "op", "xid", "olddata", "newdata", "oldctid", "trgdepth")
_KEPT = ("seqid", "tablename", "olddata", "newdata")
_SCHEMA = "musicbrainz."


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
            with storage_errors(self.folder):
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
        with storage_errors(self._folder):
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
        """Write the changes of each table that we read into a file of its own, and answer which have any."""
        with (
            ExitStack() as stack,
            progress.task("replication packets", total=len(self._packets), unit="packets") as task,
        ):
            files: dict[str, pq.ParquetWriter] = {}
            for packet in self._packets:
                packet.stamp()
                for table, changes in _read_changes(packet):
                    if table not in files:
                        writer = pq.ParquetWriter(_all_changes(table, folder), changes.schema, compression="zstd")
                        files[table] = stack.enter_context(writer)
                    files[table].write_table(changes)
                task.advance()
        return sorted(files)


def _read_changes(packet: Packet) -> Iterator[tuple[str, pa.Table]]:
    """Tables that we read, with some of their changes: `packet`, `seqid`, `olddata` and `newdata`."""
    is_found = False
    with open_archive(packet.path, threads=1) as members:
        for name, content in members:
            if name == _CHANGES:
                is_found = True
                for rows in CopyReader(_CHANGE_COLUMNS, kept=_KEPT, type_of=_type_of).read(content):
                    for bad in rows.bad:
                        raise FatalError(f"{packet.path.name} row {bad.number}: {bad.reason}; download it again")
                    yield from _by_table(packet, rows.table)
    if not is_found:
        raise FatalError(
            f"{packet.path.name} has no {_CHANGES}, so it is no replication packet of version 2; take"
            f" replication-{packet.sequence}-v2.tar.bz2"
        )


def _by_table(packet: Packet, changes: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    names = changes["tablename"]
    numbered = changes.drop(["tablename"]).append_column("packet", pa.array([packet.sequence] * len(names), pa.int64()))
    for name in pc.unique(names).to_pylist():
        table = name.replace('"', "").removeprefix(_SCHEMA)
        if table in COLUMNS and name.startswith(_SCHEMA):
            yield table, numbered.filter(pc.equal(names, name))


def _keep_last(table: str, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Of every row keep the last state; one that became another, with another key, is gone under the first.

    Raises:
        FatalError: A row is not one of this table, or the disk is full.
    """
    source, target = _all_changes(table, folder), folder / f"{table}.parquet"
    columns, keys = columns_read(table), ", ".join(keys_of(table))
    kinds = json.dumps({column: type_of(column) for column in columns})
    states = " UNION ALL ".join(
        f"SELECT packet, seqid, {state}::JSON AS state, {is_gone} AS is_gone FROM read_parquet({literal(str(source))})"
        f" WHERE {state} IS NOT NULL"
        for state, is_gone in (("olddata", True), ("newdata", False))
    )
    try:
        strange = connection.execute(f"""
            SELECT packet, seqid FROM ({states})
            WHERE NOT list_has_all(json_keys(state), {list(columns)}) ORDER BY ALL LIMIT 1
        """).fetchone()
        if strange is not None:
            raise FatalError(f"packet {strange[0]}: change {strange[1]} of {table} is no row of it; download it again")
        connection.execute(f"""
            COPY (
                SELECT {", ".join(columns)}, is_gone
                FROM (SELECT packet, seqid, is_gone, unnest(from_json_strict(state, {literal(kinds)})) FROM ({states}))
                QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY packet DESC, seqid DESC, is_gone) = 1
            ) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)
        """)
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        packets = pc.min_max(pq.read_table(source, columns=["packet"])["packet"])
        raise FatalError(
            f"packets {packets['min']} to {packets['max']}: a change of {table} cannot be read"
            f" ({str(error).splitlines()[0]}); download them again"
        ) from error
    except duckdb.Error as error:
        raise FatalError(f"cannot read the changes of {table}: {str(error).splitlines()[0]}") from error
    source.unlink()


def _all_changes(table: str, folder: Path) -> Path:
    return folder / f"{table}.changes"


def _type_of(column: str) -> str:
    return "BIGINT" if column == "seqid" else "VARCHAR"
