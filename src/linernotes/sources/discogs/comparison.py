"""Which records of a dump are new, changed or gone, told from record hashes alone."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from linernotes.errors import FatalError

Key: TypeAlias = tuple[int, int]
"""Id and hash of a record."""

_HELD_IN_ORDER = 1
_HELD_OUT_OF_ORDER = 24
_SPARSE = 8
_PAGE = 4096
_NO_ID_IS_LARGER = 1 << 63


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    """The dump had a record of this id already."""
    UNIDENTIFIED = "unidentified"
    """Its id cannot be told without parsing."""


class Comparison:
    """The records of one dump, as they come, against the hashes of the load before.

    While the dump is in order of ids, each row group of hashes is read once and one is held at a time. A dump that is
    not is compared as well: up to _HELD_OUT_OF_ORDER (48 MB) are held then, and read again as often as needed. One bit
    per id tells which have come (6 MB for 40 million).
    """

    def __init__(self, previous: Sequence[Path]) -> None:
        self._previous = _Hashes(previous) if previous else None
        self._seen = _Seen()
        self._last = -1
        self._doubts: set[int] = set()
        self.is_in_order = True

    @property
    def previous_count(self) -> int | None:
        """Records of the load before; None without one."""
        return self._previous.count if self._previous else None

    def compare(self, keys: Sequence[Key | None]) -> list[Verdict]:
        """Take the next records of the dump; None stands for one whose id cannot be told yet."""
        known: Mapping[int, int] = {}
        if self._previous:
            hold = _HELD_IN_ORDER if self.is_in_order else _HELD_OUT_OF_ORDER
            known = self._previous.find(sorted(key[0] for key in keys if key), hold=hold)
        return [self._compare(key, known) for key in keys]

    def compare_late(self, key: Key) -> Verdict:
        """Take a record that came to light after those that follow it."""
        known = self._previous.find([key[0]], hold=_HELD_OUT_OF_ORDER) if self._previous else {}
        return self._judge(key, known)

    def doubt(self, after: int) -> None:
        """Say that a record following this id cannot be read, so that an id missing there may be its id."""
        self._doubts.add(after)

    def missing(self) -> Iterator[tuple[int, int, bool]]:
        """Id and hash of the records before that have not come, by id, and whether they are gone for certain."""
        doubtful = [(after, self._seen.following(after)) for after in sorted(self._doubts)]
        for record_id, record_hash in self._previous.all() if self._previous else ():
            if record_id not in self._seen:
                yield record_id, record_hash, not self._is_doubtful(record_id, doubtful)

    def _compare(self, key: Key | None, known: Mapping[int, int]) -> Verdict:
        if key is None:
            return Verdict.UNIDENTIFIED
        if key[0] < self._last:
            self.is_in_order = False
        self._last = key[0]
        return self._judge(key, known)

    def _judge(self, key: Key, known: Mapping[int, int]) -> Verdict:
        record_id, record_hash = key
        if not self._seen.add(record_id):
            return Verdict.DUPLICATE
        before = known.get(record_id)
        if before is None:
            return Verdict.NEW
        return Verdict.UNCHANGED if before == record_hash else Verdict.CHANGED

    def _is_doubtful(self, record_id: int, doubtful: Sequence[tuple[int, int]]) -> bool:
        if not self.is_in_order:
            return bool(doubtful)
        at = bisect_left(doubtful, (record_id, 0)) - 1
        return at >= 0 and record_id < doubtful[at][1]


class _Hashes:
    """Files of record ids and hashes, sorted by id, read by row group."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._groups = [group for path in paths for group in _row_groups(path)]
        self._lasts = [group.last_id for group in self._groups]
        self.count = sum(group.row_count for group in self._groups)
        self._cached: OrderedDict[int, tuple[memoryview, memoryview]] = OrderedDict()

    def find(self, record_ids: Sequence[int], *, hold: int) -> dict[int, int]:
        """Hashes by id for ids given in order, holding up to `hold` row groups; there may be others between them."""
        found: dict[int, int] = {}
        begin = 0
        while begin < len(record_ids):
            group = bisect_left(self._lasts, record_ids[begin])
            if group == len(self._lasts):
                break
            end = bisect_right(record_ids, self._lasts[group], begin)
            ids, hashes = self._group(group, hold)
            first, last = bisect_left(ids, record_ids[begin]), bisect_right(ids, record_ids[end - 1])
            if last - first <= _SPARSE * (end - begin):
                found.update(zip(ids[first:last].tolist(), hashes[first:last].tolist(), strict=True))
            else:
                for record_id in record_ids[begin:end]:
                    at = bisect_left(ids, record_id, first, last)
                    if at < last and ids[at] == record_id:
                        found[record_id] = hashes[at]
            begin = end
        return found

    def all(self) -> Iterator[Key]:
        """Every id and hash, by id."""
        for group in range(len(self._lasts)):
            ids, hashes = self._read(group)
            yield from zip(ids.tolist(), hashes.tolist(), strict=True)

    def _group(self, group: int, hold: int) -> tuple[memoryview, memoryview]:
        if group not in self._cached:
            self._cached[group] = self._read(group)
            while len(self._cached) > hold:
                self._cached.popitem(last=False)
        self._cached.move_to_end(group)
        return self._cached[group]

    def _read(self, group: int) -> tuple[memoryview, memoryview]:
        file, at = self._groups[group].file, self._groups[group].at
        columns = file.read_row_group(at, columns=["record_id", "record_hash"]).combine_chunks()
        ids, hashes = columns["record_id"].chunk(0), columns["record_hash"].chunk(0)
        return _numbers(ids, "q"), _numbers(hashes, "Q")


class _RowGroup(NamedTuple):
    file: pq.ParquetFile
    at: int
    last_id: int
    row_count: int


def _row_groups(path: Path) -> Iterator[_RowGroup]:
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise FatalError(f"cannot read the record hashes of the load before, {path}: {error}") from error
    column = file.metadata.schema.names.index("record_id")
    for at in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(at)
        yield _RowGroup(file, at, group.column(column).statistics.max, group.num_rows)


def _numbers(values: pa.Array, code: Literal["q", "Q"]) -> memoryview:
    numbers: memoryview = memoryview(values.buffers()[1]).cast("B").cast(code)
    return numbers[values.offset : values.offset + len(values)]


class _Seen:
    """A set of ids, one bit each."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def __contains__(self, record_id: int) -> bool:
        page = self._pages.get(record_id // _PAGE)
        return page is not None and bool(page[record_id % _PAGE >> 3] >> (record_id & 7) & 1)

    def add(self, record_id: int) -> bool:
        """Add an id; answer whether it is new."""
        page = self._pages.get(record_id // _PAGE)
        if page is None:
            page = self._pages[record_id // _PAGE] = bytearray(_PAGE // 8)
        at, bit = record_id % _PAGE >> 3, 1 << (record_id & 7)
        if page[at] & bit:
            return False
        page[at] |= bit
        return True

    def following(self, record_id: int) -> int:
        """The next larger id, or one that no id reaches."""
        for page_number in sorted(number for number in self._pages if number >= record_id // _PAGE):
            begin = page_number * _PAGE
            for candidate in range(max(begin, record_id + 1), begin + _PAGE):
                if candidate in self:
                    return candidate
        return _NO_ID_IS_LARGER
