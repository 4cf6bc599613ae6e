"""Entities of silver that lack something a provider may know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from linernotes.domain.entities import EntityType
from linernotes.errors import WrongUsageError
from linernotes.lake.answer_files import ANSWER, OBSERVATION
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.incoming import bronze_views
from linernotes.lake.project import declared_bronze
from linernotes.lake.rows import named_rows
from linernotes.lake.snapshots import built_relations
from linernotes.ports.catalogue import Wanted
from linernotes.ports.loads import Load
from linernotes.ports.providers import Subject

_SQL = Path(__file__).parent / "subjects"
MEMORY_LIMIT = "150MB"
"""Half of it counts (`engine.COUNTED_SHARE`): enrichment stays under 200 MB."""
READ = {("silver", "decision"), ("silver", "source_value"), ("gold", "artist_summary"), ("gold", "release_summary")}
"""What a complete build has, and the queries read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeCatalogue:
    """Reads silver, and what providers answered from bronze, be it built or not."""

    engine: Engine
    bronze: Path

    def find(self, wanted: Wanted, loads: Sequence[Load]) -> Iterator[Subject]:
        """The entities to ask about, with what identifies and describes them, the weightiest first.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        if not self.engine.exists:
            raise WrongUsageError("there is nothing to enrich yet; run `liner build` first")
        small = replace(self.engine, memory_limit=MEMORY_LIMIT, threads=1)
        with small.connect() as connection, damage_told(lake=self.engine.folder):
            if not built_relations(connection) >= READ:
                raise WrongUsageError("silver lacks what enrichment reads; run `liner build` first")
            connection.execute("ATTACH ':memory:' AS bronze")
            tables = [table for table in declared_bronze() if table.name in (ANSWER, OBSERVATION)]
            for statement in bronze_views(tables, loads, self.bronze):
                connection.execute(statement)
            _choose(connection, wanted)
            for row in named_rows(connection.execute(_read("describe"))):
                yield _subject(wanted.entity_type, row)


def _choose(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    variables = {
        "entity_type": wanted.entity_type.value,
        "provider": wanted.provider,
        "since": wanted.asked_since.replace(tzinfo=None),
        "not_yet": [str(entity_id) for entity_id in wanted.not_yet],
        "wanted_ids": [str(entity_id) for entity_id in wanted.entity_ids],
        "field_count": len(wanted.fields),
        "by_name": wanted.is_by_name,
        "kinds": sorted(wanted.kinds),
        "most": wanted.limit,
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    for name in ("prepare", wanted.entity_type.value, "identify"):
        connection.execute(_read(name))
    if wanted.sufficient:
        rules = [[one.field, one.provider, one.base, one.min_confidence] for one in wanted.sufficient]
        connection.executemany("INSERT INTO rule VALUES (?, ?, ?, ?)", rules)
    ways = [[" ".join(sorted(kinds)), question] for kinds, question in wanted.ways.items()]
    connection.executemany("INSERT INTO way VALUES (?, ?)", ways)
    connection.execute(_read("choose"))


def _subject(entity_type: EntityType, row: Mapping[str, Any]) -> Subject:
    described = {name: row[name] for name in ("entity_id", "name", "artist", "duration_ms", "country")}
    identifiers = dict(zip(row["kinds"] or (), row["found"] or (), strict=True))
    return Subject(entity_type=entity_type, identifiers=identifiers, **described)


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
