"""Reading chosen records of one chunk: the plain ones fast, the others carefully, none lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from linernotes.sources.discogs.careful import BadRecordError, CarefulReader, CarefulRecord
from linernotes.sources.discogs.fast import FastReader, FastReadError
from linernotes.sources.discogs.tables import RECORD_ID, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRecord:
    """One record to be read."""

    position: int
    """0-based, within the file."""
    record_id: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRecord:
    """One record that could not be read."""

    position: int
    record_id: int | None
    reason: str
    detail: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class ReadRecords:
    """What came of reading a chunk."""

    batches: dict[str, pa.RecordBatch] = field(default_factory=dict)
    """Rows by table, sorted by record id and indexes."""
    record_count: int = 0
    value_count: int = 0
    careful_count: int = 0
    bad: list[BadRecord] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    """Where something unknown stands, and in which record."""
    removed_raw: int = 0
    removed_references: int = 0
    removed_example: int | None = None


class ChunkReader:
    """Reads records of one entity; threads may share it."""

    def __init__(self, entity: str, *, is_careful_only: bool = False) -> None:
        self._careful = CarefulReader(entity)
        self._fast = None if is_careful_only else FastReader(entity)
        self._sort_keys = {
            table.name: [(key, "ascending") for key in (RECORD_ID, *table.indexes)] for table in tables(entity)
        }

    def read(self, data: bytes, chosen: Sequence[ChosenRecord]) -> ReadRecords:
        """Read the chosen records of a chunk, which lie in `data` in this order."""
        found = ReadRecords()
        parts: list[dict[str, pa.RecordBatch]] = []
        declined = list(chosen)
        if self._fast:
            plain = self._fast.are_plain(data, [(record.begin, record.end) for record in chosen])
            declined = [record for record, is_plain in zip(chosen, plain, strict=True) if not is_plain]
            fast = [record for record, is_plain in zip(chosen, plain, strict=True) if is_plain]
            parts.extend(self._read_fast(self._fast, data, fast, declined))
        parts.append(self._read_carefully(data, declined, found))
        ids = [record.record_id for record in chosen]
        found.batches = self._merge([part for part in parts if part], is_sorted=ids == sorted(ids))
        found.record_count = len(chosen) - len(found.bad)
        found.value_count = sum(_count_values(batch) for batch in found.batches.values())
        return found

    def read_one(self, body: bytes) -> CarefulRecord:
        """Read one record by itself.

        Raises:
            BadRecordError: It cannot be read.
        """
        return self._careful.read(body)

    def _read_fast(
        self, reader: FastReader, data: bytes, records: Sequence[ChosenRecord], declined: list[ChosenRecord]
    ) -> Iterator[dict[str, pa.RecordBatch]]:
        """Read plain records together; where that fails, halves of them, down to the one that is declined."""
        if not records:
            return
        view = memoryview(data)
        ids = pa.array([record.record_id for record in records], pa.int64())
        try:
            yield reader.read([view[record.begin : record.end] for record in records], ids)
        except FastReadError:
            if len(records) == 1:
                declined.append(records[0])
                return
            half = len(records) // 2
            yield from self._read_fast(reader, data, records[:half], declined)
            yield from self._read_fast(reader, data, records[half:], declined)

    def _read_carefully(
        self, data: bytes, records: Sequence[ChosenRecord], found: ReadRecords
    ) -> dict[str, pa.RecordBatch]:
        read = []
        for record in records:
            body = data[record.begin : record.end]
            try:
                one = self._careful.read(body, expected_id=record.record_id)
            except BadRecordError as error:
                found.bad.append(bad_record(record.position, record.record_id, error, body))
                continue
            read.append(one)
            found.unknown.extend((path, one.record_id) for path in one.unknown)
            if one.removed_raw or one.removed_references:
                found.removed_raw += one.removed_raw
                found.removed_references += one.removed_references
                found.removed_example = one.record_id
        found.careful_count = len(records)
        return self._careful.batches(read)

    def _merge(self, parts: Sequence[dict[str, pa.RecordBatch]], *, is_sorted: bool) -> dict[str, pa.RecordBatch]:
        if len(parts) == 1 and is_sorted:
            return parts[0]
        merged = {}
        for table, keys in self._sort_keys.items():
            batches = [part[table] for part in parts if table in part]
            if batches:
                rows = pa.Table.from_batches(batches).combine_chunks().sort_by(keys)
                merged[table] = rows.combine_chunks().to_batches()[0]
        return merged


def bad_record(position: int, record_id: int | None, error: BadRecordError, body: bytes) -> BadRecord:
    """A record with what is wrong with it."""
    return BadRecord(
        position=position, record_id=record_id, reason=error.reason, detail=error.detail, body=body.strip()
    )


def _count_values(batch: pa.RecordBatch) -> int:
    """Values that are there, keys not counted."""
    texts = (column for column in batch.columns if pa.types.is_string(column.type))
    return sum(len(column) - column.null_count for column in texts)
