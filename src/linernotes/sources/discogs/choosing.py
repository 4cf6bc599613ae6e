"""Choosing: which records of a chunk have to be read, told from their bytes alone."""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pyarrow as pa

from linernotes.ports.landing import BronzeWriter
from linernotes.sources.discogs.careful import BadRecordError
from linernotes.sources.discogs.comparison import Comparison, Key, Verdict
from linernotes.sources.discogs.keys import hash_record, key_pattern
from linernotes.sources.discogs.reading import BadRecord, ChosenRecord, ChunkReader, bad_record
from linernotes.sources.discogs.records import Chunk
from linernotes.sources.discogs.tables import Entity
from linernotes.sources.discogs.tally import Tally

HASH_SCHEMA = pa.schema(
    [pa.field("record_id", pa.int64(), nullable=False), pa.field("record_hash", pa.uint64(), nullable=False)]
)
GONE_SCHEMA = pa.schema([pa.field("record_id", pa.int64(), nullable=False)])
_TO_READ = frozenset({Verdict.NEW, Verdict.CHANGED})
_MISSING_WRITTEN_AT_ONCE = 65_536


class Chooser:
    """Compares the records of one dump with the load before, and keeps their hashes for the load after."""

    def __init__(
        self, entity: Entity, *, comparison: Comparison, reader: ChunkReader, tally: Tally, writer: BronzeWriter
    ) -> None:
        self._hash_table = f"{entity.table}_hash"
        self._gone_table = f"{entity.table}_gone"
        self._key_pattern = key_pattern(entity)
        self._start_tag = re.compile(rf"<{entity.name}[\s/>]".encode())
        self._comparison = comparison
        self._reader = reader
        self._tally = tally
        self._writer = writer
        writer.declare(self._hash_table, HASH_SCHEMA)

    def choose(self, chunk: Chunk) -> list[ChosenRecord]:
        """The records of a chunk that are new or changed, in order."""
        spans = list(self._spans(chunk)) if chunk.odd else chunk.spans
        first = self._tally.record_count
        self._tally.record_count += len(spans)
        self._tally.start_tag_count += chunk.start_tag_count
        keys = self._keys(chunk.data, spans, first)
        verdicts = self._comparison.compare(keys)
        self._tally.verdicts.update(verdicts)
        self._keep_hashes(keys, verdicts)
        chosen = []
        for at, (key, verdict) in enumerate(zip(keys, verdicts, strict=True)):
            begin, end = spans[at]
            if key and verdict in _TO_READ:
                chosen.append(ChosenRecord(position=first + at, record_id=key[0], begin=begin, end=end))
            elif key and verdict is Verdict.DUPLICATE:
                body = chunk.data[begin:end]
                error = BadRecordError("duplicate_record", f"the file has a record {key[0]} before this one")
                self._tally.add_bad(bad_record(first + at, key[0], error, body))
        return chosen

    def note_bad(self, records: Sequence[BadRecord]) -> None:
        """Take notice of records that could not be read after all: they may hide what followed them."""
        for record in records:
            if record.record_id is not None:
                self._comparison.doubt(record.record_id)

    def write_missing(self) -> None:
        """Write which records are gone; one that may only be unreadable is kept among the hashes instead."""
        gone: list[int] = []
        kept: list[Key] = []
        for record_id, record_hash, is_certain in self._comparison.missing():
            if is_certain:
                gone.append(record_id)
                if len(gone) == _MISSING_WRITTEN_AT_ONCE:
                    self._write_gone(gone)
                    gone = []
            else:
                kept.append((record_id, record_hash))
        if gone:
            self._write_gone(gone)
        if kept:
            self._tally.withheld_count += len(kept)
            self._write_hashes(kept)

    def _spans(self, chunk: Chunk) -> Iterator[tuple[int, int]]:
        for at, (begin, end) in enumerate(chunk.spans):
            if at in chunk.odd:
                yield from self._parts(chunk.data, begin, end)
            else:
                yield begin, end

    def _parts(self, data: bytes, begin: int, end: int) -> list[tuple[int, int]]:
        """Cut bytes with no start tag, or several, where records seem to begin, unless they are one good record."""
        try:
            self._reader.read_one(data[begin:end])
        except BadRecordError:
            starts = [found.start() for found in self._start_tag.finditer(data, begin, end)]
            bounds = [begin, *starts, end]
            return [(a, b) for a, b in pairwise(bounds) if data[a:b].strip()]
        return [(begin, end)]

    def _keys(self, data: bytes, spans: Sequence[tuple[int, int]], first: int) -> list[Key | None]:
        view = memoryview(data)
        match = self._key_pattern.match
        has_images = False
        keys: list[Key | None] = []
        for begin, end in spans:
            if found := match(data, begin, end):
                keys.append((int(found["id"]), hash_record(view[found.start("tag") : end])))
                has_images = has_images or found["images"] is not None
            else:
                keys.append(self._careful_key(data[begin:end], first + len(keys)))
        self._tally.has_images |= has_images
        return keys

    def _careful_key(self, body: bytes, position: int) -> Key | None:
        try:
            record = self._reader.read_one(body)
        except BadRecordError as error:
            self._tally.add_bad(bad_record(position, None, error, body))
            return None
        return record.record_id, hash_record(body.strip())

    def _keep_hashes(self, keys: Sequence[Key | None], verdicts: Sequence[Verdict]) -> None:
        if Verdict.DUPLICATE in verdicts:
            pairs = zip(keys, verdicts, strict=True)
            keys = [key for key, verdict in pairs if verdict is not Verdict.DUPLICATE]
        self._write_hashes([key for key in keys if key])

    def _write_hashes(self, keys: Sequence[Key]) -> None:
        ids, hashes = array("q", [key[0] for key in keys]), array("Q", [key[1] for key in keys])
        columns = [_column(pa.int64(), ids), _column(pa.uint64(), hashes)]
        self._writer.write(self._hash_table, pa.RecordBatch.from_arrays(columns, schema=HASH_SCHEMA))

    def _write_gone(self, record_ids: Sequence[int]) -> None:
        self._tally.gone_count += len(record_ids)
        column = _column(pa.int64(), array("q", record_ids))
        self._writer.write(self._gone_table, pa.RecordBatch.from_arrays([column], schema=GONE_SCHEMA))


def _column(kind: pa.DataType, numbers: "array[int]") -> pa.Array:
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
