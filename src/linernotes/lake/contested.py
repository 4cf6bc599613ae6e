"""Fields of which providers contradict each other, as a person is asked about them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.domain.confidence import Confidence
from linernotes.domain.policy import Policy
from linernotes.lake.rows import named_rows
from linernotes.ports.review import CATALOGUE, Candidate, ReviewItem

COUNTS = "counts now"
_FOLDER = Path(__file__).parent


def contested_fields(
    connection: duckdb.DuckDBPyConnection, policy: Policy, asked: Mapping[str, object]
) -> Iterator[ReviewItem]:
    """What waits for a person, that of which most was said first.

    Args:
        connection: The lake is attached.
        policy: Says how sure each provider is.
        asked: `most` items at most, and `item_id`, None for all.
    """
    connection.execute((_FOLDER / "explain" / "entities.sql").read_text(encoding="utf-8"))
    found = connection.execute((_FOLDER / "review" / "field.sql").read_text(encoding="utf-8"), asked)
    for item_id, rows in groupby(named_rows(found), key=lambda row: UUID(str(row["item_id"]))):
        yield _item(item_id, list(rows), policy)


def _item(item_id: UUID, rows: Sequence[Mapping[str, Any]], policy: Policy) -> ReviewItem:
    first = rows[0]
    by_value = [(value, list(said)) for value, said in groupby(rows, key=lambda row: str(row["value"]))]
    candidates = [_candidate(value, said, policy, counts=value == first["counts"]) for value, said in by_value]
    told = "\n".join(f"{row['value']} {row['provider']} {row['match']} {row['signal']}" for row in rows)
    return ReviewItem(
        item_id=item_id,
        version=hashlib.sha256(f"{first['counts']}\n{told}".encode()).hexdigest()[:12],
        entity_type=first["field"],
        source=CATALOGUE,
        source_id=str(first["entity_id"]),
        name=first["name"],
        detail=", ".join(filter(None, [first["field"].replace(".", ": "), first["detail"]])),
        downstream=first["observation_count"],
        candidates=tuple(sorted(candidates, key=lambda one: (one.basis != COUNTS, -(one.score or 0)))),
    )


def _candidate(value: str, said: Sequence[Mapping[str, Any]], policy: Policy, *, counts: bool) -> Candidate:
    field = str(said[0]["field"]).partition(".")[2]
    sure = sorted(
        (
            (
                Confidence(
                    base=policy.base_confidence(field, row["provider"]), match=row["match"], signal=row["signal"]
                ).value,
                str(row["provider"]),
            )
            for row in said
        ),
        reverse=True,
    )
    return Candidate(
        other_source=sure[0][1],
        other_source_id=value,
        name=value,
        detail=", ".join(f"{provider} {confidence:.2f}" for confidence, provider in sure),
        basis=COUNTS if counts else "contradicts",
        score=sure[0][0],
        pattern=None,
    )
