"""What a landing counts: nothing is left out without being told here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from linernotes.sources.discogs.comparison import Verdict
from linernotes.sources.discogs.errors import DriftError, TooManyBadRecordsError
from linernotes.sources.discogs.reading import BadRecord, ReadRecords

_PLACES_KEPT = 1000
_JUDGED_FROM = 10_000
"""Shares are judged at the end, and before that once so many records have come."""
_ALWAYS_TOLERATED = 100
"""So many bad records never stop a landing, whatever their share."""
_BAD_BYTES_LIMIT = 64 << 20
"""Bad records are held in memory until the load is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a landing stops, because the file is not what it should be."""

    drift: float = 0.1
    """Share of all values that may stand in unknown places."""
    bad_records: float = 0.01
    """Share of the records that may be bad, beyond the first 100."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Running counts of one landing."""

    source: str
    limits: Limits
    record_count: int = 0
    start_tag_count: int = 0
    value_count: int = 0
    careful_count: int = 0
    landed_count: int = 0
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

    def add_bad(self, record: BadRecord) -> None:
        """Count a record that is set aside.

        Raises:
            TooManyBadRecordsError: There are more than can be kept.
        """
        self.bad.append(record)
        self._bad_bytes += len(record.body)
        if self._bad_bytes > _BAD_BYTES_LIMIT:
            raise self._too_many_bad()

    def add(self, read: ReadRecords) -> None:
        """Count what was read.

        Raises:
            DriftError, TooManyBadRecordsError: A limit is passed.
        """
        self.landed_count += read.record_count
        self.value_count += read.value_count
        self.careful_count += read.careful_count
        self.removed_raw += read.removed_raw
        self.removed_references += read.removed_references
        self.removed_example = self.removed_example or read.removed_example
        for record in read.bad:
            self.add_bad(record)
        for path, record_id in read.unknown:
            self.add_unknown(path, record_id)
        for table, batch in read.batches.items():
            self.rows[table] += batch.num_rows
        if self.record_count >= _JUDGED_FROM:
            self.judge()

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
        if unknown > self.limits.drift * (self.value_count + unknown):
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
                "start_tags": self.start_tag_count,
                "landed": self.landed_count,
                **{verdict.value: self.verdicts[verdict] for verdict in Verdict},
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
                    for place, count in self.unknown.most_common()
                ],
            },
            "forbidden_characters": {
                "raw": self.removed_raw,
                "references": self.removed_references,
                "example": self.removed_example,
            },
        }
