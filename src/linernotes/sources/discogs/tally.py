"""What a landing counts: nothing is left out without being told here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from linernotes.sources.discogs.careful import CarefulRecord
from linernotes.sources.discogs.choosing import Choice, Settled
from linernotes.sources.discogs.comparison import Verdict
from linernotes.sources.discogs.errors import DriftError, TooManyBadRecordsError
from linernotes.sources.discogs.reading import BadRecord, ReadRecords

_PLACES_KEPT = 1000
_JUDGED_FROM = 10_000
"""Shares are judged at the end, and before that once so many records have come."""
_ALWAYS_TOLERATED = 100
"""So many bad records or unknown values never stop a landing, whatever their share."""
_BAD_BYTES_LIMIT = 64 << 20
"""Bad records are held in memory until the load is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a landing stops, because the file is not what it should be."""

    drift: float = 0.1
    """Share of all values that may stand in unknown places, beyond the first 100."""
    bad_records: float = 0.01
    """Share of the records that may be bad, beyond the first 100."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Running counts of one landing."""

    source: str
    record_table: str
    limits: Limits
    record_count: int = 0
    value_count: int = 0
    careful_count: int = 0
    gone_count: int = 0
    withheld_count: int = 0
    has_images: bool = False
    removed_raw: int = 0
    removed_references: int = 0
    removed_example: int | None = None
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)
    _bad_bytes: int = 0

    @property
    def landed_count(self) -> int:
        """Records written to bronze: the new and the changed ones that could be read."""
        return self.rows[self.record_table]

    def add(self, choice: Choice, read: ReadRecords, settled: Settled) -> None:
        """Count what became of one chunk, its rows apart.

        Raises:
            DriftError, TooManyBadRecordsError: A limit is passed.
        """
        self.has_images |= choice.has_images
        self.verdicts.update(choice.verdicts)
        self.verdicts.update(settled.verdicts)
        come_to_light = {one.position for one in read.late} | {record.position for record in read.bad}
        self.verdicts.subtract(choice.verdicts[position - choice.first] for position in come_to_light)
        self.record_count += len(choice.keys) - len(come_to_light) + len(read.late) + len(read.bad)
        self.careful_count += len(read.careful) + len(read.late) + len(read.bad)
        for record in (*read.careful, *(one.record for one in settled.landed)):
            self._add_careful(record)
        for bad in sorted((*choice.duplicates, *read.bad, *settled.duplicates), key=lambda record: record.position):
            self._add_bad(bad)
        if self.record_count >= _JUDGED_FROM:
            self.judge()

    def add_rows(self, by_table: Mapping[str, pa.RecordBatch]) -> None:
        """Count rows that are written."""
        for table, rows in by_table.items():
            self.rows[table] += rows.num_rows
            texts = (column for column in rows.columns if pa.types.is_string(column.type))
            self.value_count += sum(len(column) - column.null_count for column in texts)

    def _add_careful(self, record: CarefulRecord) -> None:
        for path in record.unknown:
            self.add_unknown(path, record.record_id)
        if record.removed_raw or record.removed_references:
            self.removed_raw += record.removed_raw
            self.removed_references += record.removed_references
            self.removed_example = self.removed_example or record.record_id

    def _add_bad(self, record: BadRecord) -> None:
        self.bad.append(record)
        self._bad_bytes += len(record.body)
        if self._bad_bytes > _BAD_BYTES_LIMIT:
            raise self._too_many_bad()

    def add_unknown(self, path: str, record_id: int | None) -> None:
        """Count something that stands where no table takes it."""
        place = path if path in self.unknown or len(self.unknown) < _PLACES_KEPT else "elsewhere"
        self.unknown[place] += 1
        if record_id is not None:
            self.examples.setdefault(place, record_id)

    def judge(self) -> None:
        """Stop a landing whose file is not what it should be.

        Raises:
            DriftError, TooManyBadRecordsError: A limit is passed.
        """
        unknown = self.unknown.total()
        if unknown > max(_ALWAYS_TOLERATED, self.limits.drift * (self.value_count + unknown)):
            place, count = self.unknown.most_common(1)[0]
            raise DriftError(
                f"{self.source}: {unknown:,} values of {self.value_count + unknown:,} stand where this version of "
                f"Linernotes reads nothing (most often {place}, {count:,} times); the limit is {self.limits.drift:.0%}"
            )
        if len(self.bad) > max(_ALWAYS_TOLERATED, self.limits.bad_records * self.record_count):
            raise self._too_many_bad()

    def _too_many_bad(self) -> TooManyBadRecordsError:
        last = self.bad[-1]
        return TooManyBadRecordsError(
            f"{self.source}: {len(self.bad):,} of {self.record_count:,} records cannot be read "
            f"(the last: {last.reason}, {last.detail}); the limit is {self.limits.bad_records:.0%}"
        )

    def report(self, *, previous_count: int | None, is_in_order: bool) -> Mapping[str, object]:
        """Everything counted, as JSON."""
        return {
            "records": {
                "in_file": self.record_count,
                "landed": self.landed_count,
                **{verdict.value: self.verdicts[verdict] for verdict in Verdict if verdict is not Verdict.UNIDENTIFIED},
                "quarantined": len(self.bad),
                "read_carefully": self.careful_count,
                "before": previous_count,
                "gone": self.gone_count,
                "missing_but_maybe_unreadable": self.withheld_count,
                "are_in_order": is_in_order,
            },
            "rows": dict(sorted(self.rows.items())),
            "drift": {
                "count": self.unknown.total(),
                "share": self.unknown.total() / max(1, self.value_count + self.unknown.total()),
                "places": [
                    {"place": place, "count": count, "example": self.examples.get(place)}
                    for place, count in sorted(self.unknown.items(), key=lambda item: (-item[1], item[0]))
                ],
            },
            "forbidden_characters": {
                "raw": self.removed_raw,
                "references": self.removed_references,
                "example": self.removed_example,
            },
        }
