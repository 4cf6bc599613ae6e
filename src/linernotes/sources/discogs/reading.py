"""Reading chosen records of one chunk: the plain ones fast, the others carefully, none lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pyarrow as pa

from linernotes.sources.discogs.careful import BadRecordError, CarefulReader, CarefulRecord
from linernotes.sources.discogs.fast import FastReader, FastReadError
from linernotes.sources.discogs.keys import hash_record, key_pattern, start_pattern
from linernotes.sources.discogs.tables import ENTITIES, RECORD_ID, tables

GROUP_BYTES = 4 << 20
"""XML given to xml2arrow at a time."""


class ChosenRecord(NamedTuple):
    """One record to be read; a tuple, for there are many."""

    position: int
    """0-based, within the file."""
    record_id: int | None
    """None if it cannot be told without parsing."""
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRecord:
    """One record, or a part of one, that could not be read."""

    position: int
    record_id: int | None
    reason: str
    detail: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRecord:
    """A good record whose id came to light by parsing: it has not been compared with the load before."""

    position: int
    record: CarefulRecord
    record_hash: int
    body: bytes


@dataclass(slots=True, kw_only=True)
class ReadRecords:
    """What came of reading a chunk."""

    rows: dict[str, pa.RecordBatch] = field(default_factory=dict)
    """Rows by table, sorted by record id and indexes."""
    careful: list[CarefulRecord] = field(default_factory=list)
    """Those of these records that were read carefully."""
    bad: list[BadRecord] = field(default_factory=list)
    late: list[LateRecord] = field(default_factory=list)


class ChunkReader:
    """Reads records of one entity; threads may share it."""

    def __init__(self, entity: str, *, is_careful_only: bool = False) -> None:
        self._careful = CarefulReader(entity)
        self._fast = None if is_careful_only else FastReader(entity)
        self._key = key_pattern(ENTITIES[entity])
        self._start = start_pattern(ENTITIES[entity])
        self._sort_keys = {
            table.name: [(key, "ascending") for key in (RECORD_ID, *table.indexes)] for table in tables(entity)
        }

    def read(self, data: bytes, chosen: Sequence[ChosenRecord]) -> ReadRecords:
        """Read the chosen records of a chunk, which lie in `data` in this order."""
        read = ReadRecords()
        if not chosen:
            return read
        spans = [(record.begin, record.end) for record in chosen]
        plain = self._fast.are_plain(data, spans) if self._fast else [False] * len(chosen)
        groups = [self._read_group(data, group, are_plain, read) for group, are_plain in _groups(chosen, plain)]
        read.rows = self._merge(groups, is_sorted=_are_sorted(chosen))
        return read

    def add_late(self, rows: dict[str, pa.RecordBatch], late: Sequence[LateRecord]) -> dict[str, pa.RecordBatch]:
        """The rows with those of late records among them."""
        return self._merge([rows, self._careful.batches([one.record for one in late])], is_sorted=False)

    def _read_group(
        self, data: bytes, group: Sequence[ChosenRecord], are_plain: Sequence[bool], read: ReadRecords
    ) -> dict[str, pa.RecordBatch]:
        is_fast = [is_plain and one.record_id is not None for one, is_plain in zip(group, are_plain, strict=True)]
        declined = [record for record, is_plain in zip(group, is_fast, strict=True) if not is_plain]
        plain = [record for record, is_plain in zip(group, is_fast, strict=True) if is_plain]
        parts = list(self._read_fast(data, plain, declined))
        careful = [one for record in declined if (one := self._read_carefully(data, record, read))]
        read.careful.extend(careful)
        if len(parts) == 1 and not careful:
            return parts[0]
        return self._merge([*parts, self._careful.batches(careful)], is_sorted=False)

    def _read_fast(
        self, data: bytes, records: Sequence[ChosenRecord], declined: list[ChosenRecord]
    ) -> Iterator[dict[str, pa.RecordBatch]]:
        """Read plain records together; where that fails, halves of them, down to the one that is declined."""
        if not records or not self._fast:
            return
        ids = pa.array([record.record_id for record in records], pa.int64())
        try:
            yield self._fast.read(list(_runs(data, records)), ids)
        except FastReadError:
            if len(records) == 1:
                declined.append(records[0])
                return
            half = len(records) // 2
            yield from self._read_fast(data, records[:half], declined)
            yield from self._read_fast(data, records[half:], declined)

    def _read_carefully(self, data: bytes, chosen: ChosenRecord, read: ReadRecords) -> CarefulRecord | None:
        """Read one record; what is no record as it stands may be several, where an end tag is lost."""
        body = data[chosen.begin : chosen.end]
        try:
            record = self._careful.read(body, expected_id=chosen.record_id)
        except BadRecordError as error:
            starts = [found.start() for found in self._start.finditer(body)]
            parts = [part for begin, end in pairwise([0, *starts, len(body)]) if (part := body[begin:end].strip())]
            if len(parts) == 1:
                read.bad.append(bad_record(chosen.position, chosen.record_id, error, body))
                return None
            self._read_parts(parts, chosen.position, read)
            return None
        if chosen.record_id is None:
            read.late.append(_late(chosen.position, record, body))
            return None
        return record

    def _read_parts(self, parts: Sequence[bytes], position: int, read: ReadRecords) -> None:
        for part in parts:
            try:
                read.late.append(_late(position, self._careful.read(part), part))
            except BadRecordError as error:
                key = self._key.match(part)
                read.bad.append(bad_record(position, int(key["id"]) if key else None, error, part))

    def _merge(self, parts: Sequence[dict[str, pa.RecordBatch]], *, is_sorted: bool) -> dict[str, pa.RecordBatch]:
        """One batch per table, copied, since xml2arrow's buffers are larger than what is in them."""
        merged = {}
        for table, keys in self._sort_keys.items():
            batches = [part[table] for part in parts if table in part]
            if batches:
                rows = pa.concat_batches(batches)
                merged[table] = rows if is_sorted else rows.sort_by(keys)
        return merged


def bad_record(position: int, record_id: int | None, error: BadRecordError, body: bytes) -> BadRecord:
    """A record with what is wrong with it."""
    return BadRecord(
        position=position, record_id=record_id, reason=error.reason, detail=error.detail, body=body.strip()
    )


def _late(position: int, record: CarefulRecord, body: bytes) -> LateRecord:
    return LateRecord(position=position, record=record, record_hash=hash_record(body.strip()), body=body.strip())


def _are_sorted(records: Sequence[ChosenRecord]) -> bool:
    ids = [record.record_id or 0 for record in records]
    return ids == sorted(ids)


def _groups(
    records: Sequence[ChosenRecord], plain: Sequence[bool]
) -> Iterator[tuple[Sequence[ChosenRecord], Sequence[bool]]]:
    """Cut into groups of about GROUP_BYTES."""
    first = size = 0
    for at, record in enumerate(records):
        size += record.end - record.begin
        if size >= GROUP_BYTES or at == len(records) - 1:
            yield records[first : at + 1], plain[first : at + 1]
            first, size = at + 1, 0


def _runs(data: bytes, records: Sequence[ChosenRecord]) -> Iterator[memoryview]:
    """The bytes of the records, those that lie side by side in one piece."""
    view = memoryview(data)
    begin = records[0].begin
    for one, other in pairwise(records):
        if one.end != other.begin:
            yield view[begin : one.end]
            begin = other.begin
    yield view[begin : records[-1].end]
