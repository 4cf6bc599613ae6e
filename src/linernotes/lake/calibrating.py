"""What several said of the same, as far as it can be held against each other, and how two policies decide it."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from linernotes.domain.comparison import Kind
from linernotes.domain.fields import FIELDS
from linernotes.domain.reliability import Cell
from linernotes.errors import WrongUsageError
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.rows import named_rows
from linernotes.lake.snapshots import built_relations
from linernotes.ports.explaining import ComparedField

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
        with self._connect() as connection:
            kept = [name for name, field in FIELDS.items() if field.kind is not Kind.OPEN]
            connection.execute("SET VARIABLE kept = $kept", {"kept": kept})
            found = connection.execute(_read("cells"))
            while rows := found.fetchmany(_AT_ONCE):
                for field, said, truth in rows:
                    yield Cell(field=field, said=[(provider, value) for provider, value in said], truth=truth)

    def compare(self, share: float) -> Sequence[ComparedField]:
        """How fields were decided in a share of the entities and in the rest, by field, the share first.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        with self._connect() as connection:
            connection.execute("SET VARIABLE share = ?", [share])
            return [ComparedField(**row) for row in named_rows(connection.execute(_read("compared")))]

    @contextlib.contextmanager
    def _connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the view `said`."""
        if not self.engine.exists:
            raise WrongUsageError("nothing was decided yet; run `liner build` first")
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            if ("silver", "decision") not in built_relations(connection):
                raise WrongUsageError("that build decided nothing: it was made by an earlier version")
            connection.execute(_read("said"))
            yield connection


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
