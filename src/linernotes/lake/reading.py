"""Which loads matter to a model: those it has not taken in, and those it must be without."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID

from linernotes.ports.loads import Load, LoadKind

_LEFT_OUT = " without"


class Mode(StrEnum):
    FIRST = "first"
    """The model has taken in nothing yet: it is created whole."""
    INCREMENT = "increment"
    """Only the records of new and withdrawn loads are looked at."""
    AGAIN = "again"
    """It is made anew beside what stands, and only what differs is written."""
    NOTHING = "nothing"
    """There is nothing to take in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BronzeTable:
    """One bronze table, as the dbt project declares it."""

    name: str
    source: str
    entity: str
    """The source's entity, whose loads carry the table: `master`."""
    entity_type: str
    """Ours: `release_group`."""
    columns: Mapping[str, str] = field(hash=False)
    """SQL type by column, without load_id and record_id."""

    @property
    def record_table(self) -> str:
        """The table with one row per record of the entity."""
        return f"{self.source}_{self.entity}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflected:
    """Which loads a model's rows are known to reflect."""

    taken: frozenset[UUID] = frozenset()
    """Loads that were active when it was last built; empty before."""
    left_out: frozenset[UUID] = frozenset()
    """Loads that had been discarded by then: nothing in the model comes from them."""

    @classmethod
    def read(cls, key: str, consumed: Mapping[str, frozenset[UUID]]) -> Self:
        """What the ledger says of a model."""
        return cls(taken=consumed.get(key, frozenset()), left_out=consumed.get(f"{key}{_LEFT_OUT}", frozenset()))

    @classmethod
    def now(cls, loads: Sequence[Load]) -> Self:
        """What a model reflects that is up to date with these loads."""
        told = [load for load in loads if _says_something(load)]
        return cls(
            taken=frozenset(load.load_id for load in told if load.discarded_at is None),
            left_out=frozenset(load.load_id for load in told if load.discarded_at is not None),
        )

    def to_consumed(self, key: str) -> Mapping[str, frozenset[UUID]]:
        """What the ledger is to record of a model."""
        return {key: self.taken, f"{key}{_LEFT_OUT}": self.left_out}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """One model, the bronze tables it reads, and what it reflects."""

    model: str
    tables: tuple[BronzeTable, ...]
    reflected: Reflected = Reflected()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The loads that matter to one table of one model, oldest first."""

    table: BronzeTable
    active: tuple[Load, ...]
    new: tuple[Load, ...]
    """Active loads that the model does not reflect."""
    withdrawn: tuple[Load, ...]
    """Discarded loads that may be in the model: a build may have died before it could say so."""

    @property
    def is_whole(self) -> bool:
        """Whether older loads must be searched: something was withdrawn, or something old came late."""
        if self.withdrawn or not self.new:
            return bool(self.withdrawn)
        is_new = [load in self.new for load in self.active]
        return not all(is_new[is_new.index(True) :])


def readings_of(model: ModelInput, loads: Sequence[Load]) -> tuple[Reading, ...]:
    """One reading per table of a model; loads that are silent about a table do not matter to it.

    Args:
        model: The model and what it reflects.
        loads: Every committed load, discarded ones too, oldest first.
    """
    return tuple(_reading(table, model.reflected, loads) for table in model.tables)


def mode_of(model: ModelInput, loads: Sequence[Load]) -> Mode:
    """Whether a model is created, brought up to date, or left alone."""
    if not model.reflected.taken:
        return Mode.FIRST
    readings = readings_of(model, loads)
    return Mode.INCREMENT if any(reading.new or reading.withdrawn for reading in readings) else Mode.NOTHING


def most_rows(model: ModelInput, loads: Sequence[Load], *, new_only: bool) -> int:
    """Rows of the largest of a model's tables, over all active loads or over those that it does not reflect."""
    return max((_row_count(reading, new_only=new_only) for reading in readings_of(model, loads)), default=0)


def largest_table(loads: Sequence[Load]) -> int:
    """Rows of the largest bronze table, over all loads; silver may still hold what was discarded."""
    rows: Counter[str] = Counter()
    for file in (file for load in loads for file in load.files):
        rows[file.table] += file.row_count
    return max(rows.values(), default=0)


def _row_count(reading: Reading, *, new_only: bool) -> int:
    loads = reading.new if new_only and not reading.is_whole else reading.active
    return sum(file.row_count for load in loads for file in load.files if file.table == reading.table.name)


def _reading(table: BronzeTable, reflected: Reflected, loads: Sequence[Load]) -> Reading:
    own = [
        load
        for load in loads
        if (load.source, load.entity) == (table.source, table.entity)
        and table.name not in load.is_silent_about
        and _says_something(load)
    ]
    active = tuple(load for load in own if load.discarded_at is None)
    discarded = [load for load in own if load.discarded_at and load.load_id not in reflected.left_out]
    return Reading(
        table=table,
        active=active,
        new=tuple(load for load in active if load.load_id not in reflected.taken),
        withdrawn=tuple(discarded) if reflected.taken else (),  # what is created whole has nothing to withdraw
    )


def _says_something(load: Load) -> bool:
    """Whether a load differs from the one before; whoever compared and found nothing new changes no model."""
    return load.kind is not LoadKind.INCREMENT or bool(load.landed_count or load.gone_count)
