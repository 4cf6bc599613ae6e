"""The review queue: what the matches of the lake leave open, with what a person has to know to decide it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.errors import WrongUsageError
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.snapshots import built_relations
from linernotes.ports.review import Candidate, ReviewItem

_EVERYTHING = 2**62
_QUEUE = Path(__file__).with_suffix(".sql")

_RECORDS: Mapping[str, str] = {
    "artist": """
        SELECT source, record_id, source_id, artist_id AS entity_id, display_name AS name,
            concat_ws(', ', type, begin_year::VARCHAR, disambiguation, real_name,
                CASE WHEN homonym_number IS NOT NULL THEN 'number ' || homonym_number END, left(profile, 80)) AS detail
        FROM lake.silver.artist""",
    "label": """
        SELECT source, record_id, source_id, label_id AS entity_id, name,
            concat_ws(', ', type, begin_year::VARCHAR, disambiguation, parent_label_name, left(profile, 80)) AS detail
        FROM lake.silver.label""",
    "release_group": """
        SELECT source, record_id, source_id, release_group_id AS entity_id, title AS name,
            concat_ws(', ', year::VARCHAR, disambiguation) AS detail
        FROM lake.silver.release_group""",
    "release": """
        SELECT r.source, r.record_id, r.source_id, r.release_id AS entity_id, r.title AS name,
            concat_ws(', ', s.artist_credit, r.released, r.country, s.label_name, s.catalogue_number, s.format,
                r.disambiguation) AS detail
        FROM lake.silver.release AS r
        LEFT JOIN lake.gold.release_source_summary AS s ON r.source = s.source AND r.record_id = s.record_id""",
}
"""What a person is told of a record, by entity type."""

_MENTIONS: Mapping[str, str] = {
    "artist": """
        SELECT source, artist_record_id AS record_id FROM lake.silver.artist_credit
        UNION ALL
        SELECT source, artist_record_id AS record_id FROM lake.silver.release_credit""",
    "label": "SELECT source, label_record_id AS record_id FROM lake.silver.release_label",
    "release_group": "SELECT source, release_group_record_id AS record_id FROM lake.silver.release",
    "release": "SELECT source, record_id FROM lake.silver.track",
}
"""A row for each mention of a record, by entity type."""
_COUNTED = """
    SELECT source, record_id, count(*) AS row_count FROM said
    SEMI JOIN paired USING (source, record_id)
    GROUP BY ALL"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeReviewQueue:
    """Reads what is ambiguous from silver."""

    engine: Engine

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
            there = [kind for kind in _RECORDS if kind in entity_types and ("silver", f"{kind}_match") in built]
            return [item for kind in there for item in _items(connection, kind, asked)]


def _items(
    connection: duckdb.DuckDBPyConnection, entity_type: str, asked: Mapping[str, object]
) -> Iterator[ReviewItem]:
    views = {
        "pair": f"FROM lake.silver.{entity_type}_match WHERE band = 'ambiguous'",
        "paired": "SELECT source, record_id FROM pair UNION SELECT other_source, other_record_id FROM pair",
        "record": _RECORDS[entity_type],
        "said": _MENTIONS[entity_type],
        "mention": _COUNTED,
    }
    for name, query in views.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
    found = connection.execute(_QUEUE.read_text(encoding="utf-8"), asked)
    names = [column[0] for column in found.description or []]
    rows = (dict(zip(names, row, strict=True)) for row in found.fetchall())
    for item_id, candidates in groupby(rows, key=lambda row: UUID(str(row["entity_id"]))):
        yield _item(item_id, entity_type, list(candidates))


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
