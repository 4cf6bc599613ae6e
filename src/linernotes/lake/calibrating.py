"""What several said of the same, as far as it can be held against each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from linernotes.domain.comparison import Kind
from linernotes.domain.fields import FIELDS
from linernotes.domain.reliability import Cell
from linernotes.errors import WrongUsageError
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.snapshots import built_relations

_SQL = Path(__file__).parent / "explain"
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeCells:
    """Reads silver."""

    engine: Engine

    def cells(self) -> Iterator[Cell]:
        """Fields of which several spoke, in any order.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            raise WrongUsageError("nothing was decided yet; run `liner build` first")
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            if ("silver", "decision") not in built_relations(connection):
                raise WrongUsageError("that build decided nothing: it was made by an earlier version")
            kept = [name for name, field in FIELDS.items() if field.kind is not Kind.OPEN]
            connection.execute("SET VARIABLE kept = $kept", {"kept": kept})
            connection.execute((_SQL / "said.sql").read_text(encoding="utf-8"))
            found = connection.execute((_SQL / "cells.sql").read_text(encoding="utf-8"))
            while rows := found.fetchmany(_AT_ONCE):
                for field, said, truth in rows:
                    yield Cell(field=field, said=[(provider, value) for provider, value in said], truth=truth)
