"""How much is in the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.snapshots import built_relations

ENTITY_TABLES = ("artist", "label", "release_group", "release", "medium", "track", "recording")
_MARKED = ("artist", "label", "release_group", "release")


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
                    present = " WHERE gone_month IS NULL" if table in _MARKED else ""
                    counted = connection.execute(f"SELECT count(*) FROM lake.silver.{table}{present}").fetchall()
                    counts[table] = counted[0][0]
        return counts
