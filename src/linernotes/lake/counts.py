"""How much is in the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.rows import named_rows
from linernotes.lake.snapshots import built_relations
from linernotes.ports.matching import MatchCount
from linernotes.ports.quality import Measure

ENTITY_TABLES = ("artist", "label", "release_group", "release", "medium", "track", "recording")
MATCHED = ("artist", "label", "release_group", "release")
"""Entity types that both sources have; their records are marked when their source no longer has them."""
MEASURED = ("gold", "data_quality_metric")
_LINKED = "basis = 'linked'"


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeCounter:
    """Counts silver."""

    engine: Engine

    def count(self) -> Mapping[str, int]:
        """Rows by entity type; records that their source no longer has are left out. Zeros before the first build.

        Raises:
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        counts = dict.fromkeys(ENTITY_TABLES, 0)
        if not self.engine.exists:
            return counts
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            built = built_relations(connection)
            for table in ENTITY_TABLES:
                if ("silver", table) in built:
                    present = " WHERE gone_month IS NULL" if table in MATCHED else ""
                    counted = connection.execute(f"SELECT count(*) FROM lake.silver.{table}{present}").fetchall()
                    counts[table] = counted[0][0]
        return counts

    def count_matches(self) -> Sequence[MatchCount]:
        """Pairs of records by entity type; none of a type before the first build.

        Raises:
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            return []
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            built = built_relations(connection)
            there = [entity_type for entity_type in MATCHED if ("silver", f"{entity_type}_match") in built]
            return [_count_matches(connection, entity_type) for entity_type in there]

    def count_accepted(self) -> Mapping[str, int]:
        """Values that count now, by provider; none before the first build.

        Raises:
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            return {}
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            if ("silver", "decision") not in built_relations(connection):
                return {}
            counted = "SELECT provider, count(*) FROM lake.silver.decision WHERE value IS NOT NULL GROUP BY provider"
            return dict(connection.execute(counted).fetchall())

    def count_patterns(self, entity_type: str) -> Mapping[str, int]:
        """Candidate pairs by pattern; none before the first build.

        Raises:
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            return {}
        with self.engine.connect() as connection, damage_told(lake=self.engine.folder):
            if ("silver", f"{entity_type}_candidate") not in built_relations(connection):
                return {}
            counted = f"SELECT pattern, count(*) FROM lake.silver.{entity_type}_candidate GROUP BY pattern"
            return dict(connection.execute(counted).fetchall())


def measures(connection: duckdb.DuckDBPyConnection) -> Sequence[Measure]:
    """How complete and how sure the catalogue is, as the last build found it."""
    found = connection.execute("SELECT * FROM lake.gold.data_quality_metric ORDER BY entity_type, field")
    return [Measure(**row) for row in named_rows(found)]


def _count_matches(connection: duckdb.DuckDBPyConnection, entity_type: str) -> MatchCount:
    pairs = f"lake.silver.{entity_type}_match"
    is_match = "band = 'match'"
    bands = (
        f"SELECT count(*) FILTER (WHERE {is_match}), count(*) FILTER (WHERE {is_match} AND {_LINKED}),"
        f" count(*) FILTER (WHERE NOT {is_match}) FROM {pairs}"
    )
    alone = (
        f"SELECT source, count(*) FROM lake.silver.{entity_type} AS r"
        f" ANTI JOIN {pairs} AS m ON r.source = m.source AND r.record_id = m.record_id"
        f" ANTI JOIN {pairs} AS o ON r.source = o.other_source AND r.record_id = o.other_record_id"
        f" WHERE gone_month IS NULL GROUP BY source ORDER BY source"
    )
    matched, linked, ambiguous = connection.execute(bands).fetchall()[0]
    return MatchCount(
        entity_type=entity_type,
        matched=matched,
        linked=linked,
        ambiguous=ambiguous,
        alone=dict(connection.execute(alone).fetchall()),
    )
