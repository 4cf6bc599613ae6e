"""Tracks with hardly any text, told by their numbers: is it chance that length, number, year and language agree?"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log
from typing import TypeVar

from linernotes.domain.facts import TrackFacts
from linernotes.domain.similarity import LANGUAGE_CODE, SAME_LENGTH_S

Value = TypeVar("Value", int, str)

SHORT_TEXT = 6
"""Letters and digits below which the text says nothing."""
_CONTRADICTION = 3.0
"""What a different year or language takes off: sources err in them."""
_LEAST_SCORE = -3.0


class Chance:
    """How often numbers agree by chance among some records."""

    def __init__(self, records: Sequence[TrackFacts]) -> None:
        self._records = records
        self._numbers = Counter(record.number for record in records if record.number)
        self._years = Counter(record.year for record in records if record.year)
        self._languages = Counter(record.language[:LANGUAGE_CODE] for record in records if record.language)
        self._lengths = sorted(record.length_s for record in records if record.length_s)
        self._timed: dict[int, list[int]] = defaultdict(list)
        self._untimed: dict[int, list[int]] = defaultdict(list)
        for at in sorted(range(len(records)), key=self._length_at):
            record = records[at]
            if record.number:
                (self._timed if record.length_s else self._untimed)[record.number].append(at)

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Each short record with the records of other sources that have its number and length, and the score."""
        for at, record in enumerate(self._records):
            if record.number and sum(map(str.isalnum, record.text)) < SHORT_TEXT:
                for other_at in self._as_likely(record, record.number):
                    other = self._records[other_at]
                    if other.source != record.source and (score := self._score(record, other)) > _LEAST_SCORE:
                        yield min(at, other_at), max(at, other_at), score

    def _as_likely(self, record: TrackFacts, number: int) -> Iterator[int]:
        """Places of the records that may score enough: a record's equal would, so many need not be looked at."""
        timed, untimed = self._timed[number], self._untimed[number]
        if self._score_without_length(record, record) > _LEAST_SCORE:
            yield from untimed
            if not record.length_s:
                yield from timed
        if record.length_s and self._score(record, record) > _LEAST_SCORE:
            first = bisect_left(timed, record.length_s - SAME_LENGTH_S, key=self._length_at)
            last = bisect_right(timed, record.length_s + SAME_LENGTH_S, key=self._length_at)
            yield from timed[first:last]

    def _length_at(self, at: int) -> float:
        return self._records[at].length_s or 0.0

    def _score(self, one: TrackFacts, other: TrackFacts) -> float:
        """Log-odds that two records of the same number are one track, rather than any two of so many."""
        score = self._score_without_length(one, other)
        if one.length_s and other.length_s:
            if abs(one.length_s - other.length_s) >= SAME_LENGTH_S:
                return _LEAST_SCORE
            score += log(len(self._lengths) / self._as_long_as(one.length_s))
        return score

    def _score_without_length(self, one: TrackFacts, other: TrackFacts) -> float:
        score = _surprise(one.number, other.number, self._numbers) - log(len(self._records))
        score += _surprise(one.year, other.year, self._years)
        return score + _surprise(one.language[:LANGUAGE_CODE], other.language[:LANGUAGE_CODE], self._languages)

    def _as_long_as(self, length_s: float) -> int:
        first = bisect_left(self._lengths, length_s - SAME_LENGTH_S)
        return bisect_right(self._lengths, length_s + SAME_LENGTH_S) - first


def _surprise(one: Value | None, other: Value | None, seen: Counter[Value]) -> float:
    """What agreement on a value says: the more, the rarer it is. Unknown values say nothing."""
    if not one or not other:
        return 0.0
    return log(seen.total() / seen[one]) if one == other else -_CONTRADICTION
