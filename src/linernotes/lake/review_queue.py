"""The review queue: what the matches of the lake leave open, with what a person has to know to decide it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.domain.judgements import FIELD
from linernotes.domain.policy import Policy
from linernotes.errors import WrongUsageError
from linernotes.lake.contested import contested_fields
from linernotes.lake.counts import MATCHED
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.rows import named_rows
from linernotes.lake.snapshots import built_relations
from linernotes.ports.review import Candidate, ReviewItem

_EVERYTHING = 2**62
_SQL = Path(__file__).parent / "review"
"""`queue.sql`, and for each entity type what a person is told of its records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeReviewQueue:
    """Reads what is ambiguous from silver."""

    engine: Engine
    policy: Policy | None = None
    """Says how sure providers are that contradict each other; without one fields are not looked at."""

    def items(
        self, *, entity_types: Collection[str], limit: int | None = None, item_id: UUID | None = None
    ) -> Sequence[ReviewItem]:
        """What waits for a person, that on which most hangs first, type by type.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            raise WrongUsageError("there is nothing to review yet; run `liner build` first")
        asked = {"most": _EVERYTHING if limit is None else limit, "item_id": str(item_id) if item_id else None}
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            built = built_relations(connection)
            there = [kind for kind in MATCHED if kind in entity_types and ("silver", f"{kind}_match") in built]
            found = [item for kind in there for item in _items(connection, kind, asked)]
            if FIELD in entity_types and self.policy and ("silver", "decision") in built:
                found += contested_fields(connection, self.policy, asked)
            return found


def _items(
    connection: duckdb.DuckDBPyConnection, entity_type: str, asked: Mapping[str, object]
) -> Iterator[ReviewItem]:
    connection.execute(_read(entity_type))
    pairs = f"FROM lake.silver.{entity_type}_match WHERE band = 'ambiguous'"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW pair AS {pairs}")
    found = connection.execute(_read("queue"), asked)
    for item_id, candidates in groupby(named_rows(found), key=lambda row: UUID(str(row["entity_id"]))):
        yield _item(item_id, entity_type, list(candidates))


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _item(item_id: UUID, entity_type: str, rows: Sequence[Mapping[str, Any]]) -> ReviewItem:
    first = rows[0]
    return ReviewItem(
        item_id=item_id,
        entity_type=entity_type,
        **{name: first[name] for name in ("version", "source", "source_id", "name", "detail", "downstream")},
        candidates=tuple(
            Candidate(
                other_source=row["other_source"],
                other_source_id=row["other_source_id"],
                name=row["other_name"],
                detail=row["other_detail"],
                basis=row["basis"],
                score=row["score"],
                pattern=row["pattern"],
            )
            for row in rows
        ),
    )
