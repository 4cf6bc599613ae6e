"""The chain of loads: each increment holds what changed since the load before it, so only its end may move.

The active loads of one entity of a source, by version, are a chain. An increment was computed against the
load before it and says nothing of records that did not change since then. Hence two rules:

- A load is added at the end. A version older than the newest one is refused; who asks for it (`rewind`) has
  the newer loads withdrawn first, so it becomes the end.
- A load is withdrawn from the end. One that later increments build on is refused; who asks for it has those
  withdrawn with it, newest first.

One exception is harmless: loading the very same file again in the middle (`--reprocess`), because the increments
after it were computed against the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linernotes.ports.loads import Load, LoadKind, Loads


@dataclass(frozen=True, slots=True)
class Chain:
    """The active loads of one entity of a source, oldest first."""

    loads: tuple[Load, ...]

    def before(self, version: date) -> Load | None:
        """The load that an increment of this version is computed against; None for the first."""
        older = [load for load in self.loads if load.version < version]
        return older[-1] if older else None

    def at(self, version: date) -> tuple[Load, ...]:
        """The loads of this version: none, one, or two after a crash while one replaced the other."""
        return tuple(load for load in self.loads if load.version == version)

    def after(self, version: date) -> tuple[Load, ...]:
        """The loads newer than this version, oldest first."""
        return tuple(load for load in self.loads if load.version > version)

    def dependants(self, load_id: UUID) -> tuple[Load, ...]:
        """The increments that build on a load, oldest first: those after it, up to the next complete load."""
        found = []
        for load in self._following(load_id):
            if load.kind is LoadKind.COMPLETE:
                break
            found.append(load)
        return tuple(found)

    def _following(self, load_id: UUID) -> Sequence[Load]:
        """The loads after one, unless another load of the same version, computed against the same, stands in for it."""
        place = next((place for place, load in enumerate(self.loads) if load.load_id == load_id), None)
        if place is None:  # a supplement: nothing builds on it
            return ()
        load = self.loads[place]
        others = [other for other in self.at(load.version) if other.load_id != load_id]
        return () if any(_base_of(other) == _base_of(load) for other in others) else self.loads[place + 1 :]


def _base_of(load: Load) -> object:
    """The id of the load that this one was compared with, as text; None for the first."""
    previous = load.report.get("previous_load")
    return previous["load_id"] if isinstance(previous, dict) else None


def read_chain(loads: Loads, *, source: str, entity: str) -> Chain:
    """The chain as the ledger has it now; supplements hang on their load, additions on none; neither is a link."""
    active = loads.find(source=source, is_active=True)
    loose = (LoadKind.SUPPLEMENT, LoadKind.ADDITION)
    return Chain(tuple(load for load in active if load.entity == entity and load.kind not in loose))


def hash_files_of(load: Load | None) -> tuple[str, ...]:
    """The files of record hashes that the next increment is compared with, in order, relative to the bronze folder."""
    if load is None:
        return ()
    table = f"{load.source}_{load.entity}_hash"
    return tuple(file.path for file in load.files if file.table == table)


def withdraw(loads: Loads, load: Load) -> tuple[Load, ...]:
    """Discard a load and the supplements that hang on it; answer what was discarded, the load last."""
    hanging = [
        other
        for other in loads.find(source=load.source, is_active=True)
        if other.kind is LoadKind.SUPPLEMENT and (other.entity, other.version) == (load.entity, load.version)
    ]
    supplements = [] if load.kind is LoadKind.SUPPLEMENT else hanging
    return tuple(loads.discard(found.load_id) for found in (*supplements, load))
