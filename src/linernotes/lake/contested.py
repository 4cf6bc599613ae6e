"""Fields of which providers contradict each other, as a person is asked about them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.domain.deciding import Observed, weigh
from linernotes.domain.policy import Policy
from linernotes.domain.waterfall import Observation
from linernotes.lake.rows import named_rows
from linernotes.ports.review import CATALOGUE, Candidate, ReviewItem

_FOLDER = Path(__file__).parent
_COUNTS = "counts now"


def contested_fields(
    connection: duckdb.DuckDBPyConnection, policy: Policy, asked: Mapping[str, object]
) -> Iterator[ReviewItem]:
    """What waits for a person, that of which most was said first.

    Args:
        connection: The lake is attached.
        policy: Says how sure each provider is.
        asked: `most` items at most, and `item_id`, None for all.
    """
    for views in ("entities", "said"):
        connection.execute((_FOLDER / "explain" / f"{views}.sql").read_text(encoding="utf-8"))
    found = connection.execute((_FOLDER / "review" / "field.sql").read_text(encoding="utf-8"), asked)
    for item_id, rows in groupby(named_rows(found), key=lambda row: UUID(str(row["item_id"]))):
        yield _item(item_id, list(rows), policy)


def _item(item_id: UUID, rows: Sequence[Mapping[str, Any]], policy: Policy) -> ReviewItem:
    first = rows[0]
    said = [Observed(**{name: row[name] for name in ("provider", "value", "match", "signal")}) for row in rows]
    by_value = groupby(weigh(first["field"], said, policy), key=lambda one: one.value)
    candidates = [_candidate(list(alike), counts=value == first["counts"]) for value, alike in by_value]
    return ReviewItem(
        item_id=item_id,
        version=hashlib.sha256(f"{first['counts']} {said}".encode()).hexdigest()[:12],
        entity_type=first["field"],
        source=CATALOGUE,
        source_id=str(first["entity_id"]),
        name=first["name"],
        detail=", ".join(filter(None, [first["field"].replace(".", ": "), first["detail"]])),
        downstream=first["observation_count"],
        candidates=tuple(sorted(candidates, key=lambda one: (one.basis != _COUNTS, -(one.score or 0)))),
    )


def _candidate(alike: Sequence[Observation], *, counts: bool) -> Candidate:
    """One value, with everybody who says it, the surest first."""
    by_confidence = sorted(alike, key=lambda one: -one.confidence)
    surest = by_confidence[0]
    return Candidate(
        other_source=surest.provider,
        other_source_id=str(surest.value),
        name=surest.value,
        detail=", ".join(f"{one.provider} {one.confidence:.2f}" for one in by_confidence),
        basis=_COUNTS if counts else "contradicts",
        score=surest.confidence,
        pattern=None,
    )
