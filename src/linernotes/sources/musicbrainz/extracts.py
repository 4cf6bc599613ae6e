"""What is taken from MusicBrainz: the queries in `extracts/`, one per bronze table.

They are plain SQL that a MusicBrainz database and DuckDB over the tables of a dump both run, so that both ways bring
the same rows. Every row names its record: the artist of an alias, the release of a track.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from linernotes.sources.musicbrainz.schema import COLUMNS, keys_of

ENTITIES = ("genre", "area", "artist", "label", "release_group", "recording", "release")
"""In the order they are landed: nothing comes before what it refers to."""
_FOLDER = Path(__file__).parent / "extracts"
_COMMENT = re.compile(r"--.*")
_WORD = re.compile(r"\w+")
_TABLE = re.compile(r"\b(?:FROM|JOIN) (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One query."""

    name: str
    """`artist_alias`."""
    entity: str
    sql: str
    tables: frozenset[str]
    """Tables of MusicBrainz that it reads."""

    @property
    def bronze_table(self) -> str:
        """Where its rows go."""
        return f"musicbrainz_{self.name}"


@cache
def extracts() -> Mapping[str, Sequence[Extract]]:
    """By entity; the first of each brings the records themselves."""
    found = [read_extract(path) for path in sorted(_FOLDER.glob("*.sql"))]
    return {entity: [extract for extract in found if extract.entity == entity] for entity in ENTITIES}


def available(tables: Collection[str]) -> Mapping[str, Sequence[Extract]]:
    """What can be taken where there are only some tables; an entity without its own table is left out."""
    there = {
        entity: [extract for extract in queries if extract.tables <= set(tables)]
        for entity, queries in extracts().items()
    }
    return {entity: queries for entity, queries in there.items() if queries and queries[0].name == entity}


@cache
def columns_read(table: str) -> Sequence[str]:
    """The key of a table, its columns that extracts name, and the time by which records can be chosen."""
    queries = [query for queries in extracts().values() for query in queries if table in query.tables]
    named = {word for query in queries for word in _WORD.findall(_COMMENT.sub("", query.sql))} | {*keys_of(table)}
    if table in ENTITIES:
        named.add("last_updated")
    return [column for column in COLUMNS[table] if column in named]


def read_extract(path: Path) -> Extract:
    """The query in a file, which is of the entity that its name begins with."""
    sql = path.read_text(encoding="utf-8")
    owners = [entity for entity in ENTITIES if path.stem == entity or path.stem.startswith(f"{entity}_")]
    tables = frozenset(_TABLE.findall(sql)) & COLUMNS.keys()
    return Extract(name=path.stem, entity=max(owners, key=len), sql=sql, tables=tables)
