"""Choosing: which records of a dump have to be read, told from their bytes alone, and what is kept for next month."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from linernotes.ports.landing import BronzeWriter
from linernotes.sources.discogs.careful import BadRecordError
from linernotes.sources.discogs.comparison import Comparison, Key, Verdict
from linernotes.sources.discogs.keys import hash_record, key_pattern
from linernotes.sources.discogs.reading import BadRecord, ChosenRecord, LateRecord, ReadRecords, bad_record
from linernotes.sources.discogs.records import Chunk
from linernotes.sources.discogs.tables import Entity

HASH_SCHEMA = pa.schema(
    [pa.field("record_id", pa.int64(), nullable=False), pa.field("record_hash", pa.uint64(), nullable=False)]
)
GONE_SCHEMA = pa.schema([pa.field("record_id", pa.int64(), nullable=False)])
NOT_LANDED = 0
"""Hash of a record that is there but could not be read: no bytes are like it, so it is read again next time."""
_TO_READ = frozenset({Verdict.NEW, Verdict.CHANGED})
_GONE_WRITTEN_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was told of the records of one chunk."""

    first: int
    """Position of the first record within the file."""
    keys: Sequence[Key | None]
    verdicts: Sequence[Verdict]
    chosen: Sequence[ChosenRecord]
    """Records that must be read."""
    duplicates: Sequence[BadRecord]
    has_images: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of the records that came to light while reading."""

    landed: Sequence[LateRecord]
    """New or changed."""
    verdicts: Sequence[Verdict]
    duplicates: Sequence[BadRecord]


class Chooser:
    """Compares the records of one dump with the load before, and keeps their hashes for the load after."""

    def __init__(self, entity: Entity, *, comparison: Comparison, writer: BronzeWriter) -> None:
        self._hash_table = f"{entity.table}_hash"
        self._gone_table = f"{entity.table}_gone"
        self._key_pattern = key_pattern(entity)
        self._comparison = comparison
        self._writer = writer
        self._next_position = 0
        self._last_settled = -1
        writer.declare(self._hash_table, HASH_SCHEMA)

    def choose(self, chunk: Chunk) -> Choice:
        """Tell which records of the next chunk are new or changed, or cannot be told."""
        first = self._next_position
        self._next_position += len(chunk.spans)
        keys, has_images = self._keys(chunk)
        verdicts = self._comparison.compare(keys)
        chosen, duplicates = [], []
        for at, (key, verdict) in enumerate(zip(keys, verdicts, strict=True)):
            begin, end = chunk.spans[at]
            if key is None:
                chosen.append(ChosenRecord(first + at, None, begin, end))
            elif verdict in _TO_READ:
                chosen.append(ChosenRecord(first + at, key[0], begin, end))
            elif verdict is Verdict.DUPLICATE:
                duplicates.append(_duplicate(first + at, key[0], chunk.data[begin:end]))
        return Choice(
            first=first, keys=keys, verdicts=verdicts, chosen=chosen, duplicates=duplicates, has_images=has_images
        )

    def settle(self, choice: Choice, read: ReadRecords) -> Settled:
        """Judge what came to light in reading a chunk, and write its hashes; chunks are settled in file order."""
        verdicts = [self._comparison.compare_late((one.record.record_id, one.record_hash)) for one in read.late]
        judged = list(zip(read.late, verdicts, strict=True))
        not_landed = {record.record_id for record in read.bad}
        hashes = [
            (key[0], NOT_LANDED if key[0] in not_landed else key[1])
            for key, verdict in zip(choice.keys, choice.verdicts, strict=True)
            if key and verdict is not Verdict.DUPLICATE
        ]
        late = [(one.record.record_id, one.record_hash) for one, verdict in judged if verdict is not Verdict.DUPLICATE]
        self._write_hashes(sorted(hashes + late) if late else hashes)
        self._doubt(choice, read)
        return Settled(
            landed=[one for one, verdict in judged if verdict in _TO_READ],
            verdicts=verdicts,
            duplicates=[
                _duplicate(one.position, one.record.record_id, one.body)
                for one, verdict in judged
                if verdict is Verdict.DUPLICATE
            ],
        )

    def write_missing(self) -> tuple[int, int]:
        """Write which records are gone; answer how many, and how many are missing but may only be unreadable.

        The latter are kept among the hashes.
        """
        gone: list[int] = []
        kept: list[Key] = []
        gone_count = 0
        for record_id, record_hash, is_certain in self._comparison.missing():
            if not is_certain:
                kept.append((record_id, record_hash))
                continue
            gone.append(record_id)
            gone_count += 1
            if len(gone) == _GONE_WRITTEN_AT_ONCE:
                self._write_gone(gone)
                gone = []
        self._write_gone(gone)
        self._write_hashes(kept)
        return gone_count, len(kept)

    def _keys(self, chunk: Chunk) -> tuple[list[Key | None], bool]:
        view = memoryview(chunk.data)
        match = self._key_pattern.match
        data, has_images = chunk.data, False
        keys: list[Key | None] = []
        for begin, end in chunk.spans:
            if found := match(data, begin, end):
                keys.append((int(found["id"]), hash_record(view[found.start("tag") : end])))
                has_images = has_images or found["images"] is not None
            else:
                keys.append(None)
        return keys, has_images

    def _doubt(self, choice: Choice, read: ReadRecords) -> None:
        """Remember after which ids something could not be read: an id missing there may have been in it."""
        bad = {record.position - choice.first for record in read.bad}
        late = {one.position - choice.first: one.record.record_id for one in read.late}
        for at, key in enumerate(choice.keys) if bad else ():
            self._last_settled = key[0] if key else self._last_settled
            if at in bad:
                self._comparison.doubt(self._last_settled)
            self._last_settled = late.get(at, self._last_settled)
        self._last_settled = next((key[0] for key in reversed(choice.keys) if key), self._last_settled)

    def _write_hashes(self, keys: Sequence[Key]) -> None:
        ids, hashes = array("q", [key[0] for key in keys]), array("Q", [key[1] for key in keys])
        columns = [_column(pa.int64(), ids), _column(pa.uint64(), hashes)]
        self._writer.write(self._hash_table, pa.RecordBatch.from_arrays(columns, schema=HASH_SCHEMA))

    def _write_gone(self, record_ids: Sequence[int]) -> None:
        if record_ids:
            column = _column(pa.int64(), array("q", record_ids))
            self._writer.write(self._gone_table, pa.RecordBatch.from_arrays([column], schema=GONE_SCHEMA))


def _duplicate(position: int, record_id: int, body: bytes) -> BadRecord:
    error = BadRecordError("duplicate_record", f"the file has a record {record_id} before this one")
    return bad_record(position, record_id, error, body)


def _column(kind: pa.DataType, numbers: "array[int]") -> pa.Array:
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])
