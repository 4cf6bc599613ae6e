"""Matching: what proposes pairs of records, and data sets on which a matcher is measured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from linernotes.domain.repair import Columns


class Blocking(Protocol):
    def candidates(self, texts: Sequence[str], sources: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield pairs of records of different sources that may be one thing, in order, the smaller place first.

        Args:
            texts: What is compared of each record, as a text key without spaces.
            sources: The source of each record.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetShape:
    """Which columns of a file mean what."""

    path: Path
    source_column: str
    """Tells which source a record is of."""
    truth_column: str
    """Tells which thing a record is; for scoring only."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Name in the file by field, where it is not the field's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Records of several sources, with the truth about them."""

    columns: Mapping[str, Columns]
    """Values by source and field, in file order."""
    truth: Mapping[str, Sequence[str]]
    """What each record is, by source."""
    order: tuple[str, ...]
    """Fields as they stand beside each other in the file, those included that only tell where others belong."""


class Datasets(Protocol):
    def read(self, shape: DatasetShape) -> Dataset:
        """Read a file of labelled records.

        Raises:
            WrongUsageError: The file is not there, or lacks a column.
            FatalError: It cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinkRecovery:
    """How many of the links between two sources that were hidden the other evidence found again."""

    entity_type: str
    links: int
    """Links whose records are both there."""
    hidden: int
    found: int
    """Matched with what the link said."""
    wrong: int
    """Matched with something that no link says."""
    ambiguous: int
    """Left for a person to decide."""
    proposed: int
    """Compared at all: what no way of blocking proposes can be found by nothing."""
    proposed_by: Mapping[str, int]
    """Hidden links that each way of blocking proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCount:
    """How the records of two sources were matched."""

    entity_type: str
    matched: int
    """Pairs."""
    linked: int
    """Of these, pairs that people linked."""
    ambiguous: int
    """Pairs that a person must decide."""
    alone: Mapping[str, int]
    """Records by source that are in no pair."""
