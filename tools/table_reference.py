"""The reference pages of the tables: bronze from the format's one description, silver and gold from the models' own."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from linernotes.lake.project import declared_bronze
from linernotes.sources.discogs.tables import ENTITIES, RECORD_ID, TEXT, Element, tables
from linernotes.sources.musicbrainz.extracts import extracts

BRONZE_HEAD = """# Bronze

Written by `make docs`. What was received, append-only, as Parquet (zstd): `bronze/<table>/<load_id>.parquet`, and
for large tables `<load_id>-2.parquet` and so on; the ledger's manifest lists them, and a file that no committed load
lists does not exist for readers.

Every row has `load_id` (text) and `record_id` (BIGINT), the number of its record at the source. Beside the tables of an
entity stands `<source>_<entity>_hash`, with `record_hash` of every record that the source had, and
`<source>_<entity>_gone`, with the records of the load before that it no longer has.

# Discogs

`record_id` is the Discogs id. `*_index` columns are 0-based positions within
the parent (INTEGER). Everything else is text exactly as received; empty and missing are both NULL. Rows are sorted by
record id, then by the indexes.
"""

MUSICBRAINZ_HEAD = """# MusicBrainz

`record_id` is the number of the row in MusicBrainz' own table, and each table is what one query in
`src/linernotes/sources/musicbrainz/extracts/` gives. `*_id` columns are numbers of rows too; `gid` is the MBID. Rows
are sorted by all their columns.
"""

DISCOGS_HEAD = """# Discogs dumps

Written by `make docs`. Discogs publishes four files a month, of artists, labels, masters and releases, as gzipped XML
with one record per line (CC0). Linernotes reads every element and attribute below; anything else is counted and
reported as drift, never dropped in silence. Until 2024-11 the files had images and empty tags, and
unlinked credits had the id 0; since 2024-12 there are no images, empty tags are left out, and so is the id of an
unlinked credit.
"""

MODEL_HEAD = """# Silver and gold

Written by `make docs` from the models in `src/linernotes/lake/dbt/models/`. Silver has one row per thing, from any
source; gold is made for a reader. `liner query` reads them as `silver.<table>` and `gold.<table>`.

In silver, `source` and `record_id` name the record that a row came from, and `load_id` the load that brought its value.
Child rows are addressed by their parent and 1-based positions. `…_record_id` is the id of another record of the same
source, NULL where the source gives none.
"""


PROVIDER_HEAD = """# Providers

What web services answered, as received, and what their readers make of it. `record_id` stands for an answer, and for an
answer and one entity that it is about; times are in UTC. `liner explain` names the answer that a value rests on.

| table | what | columns |
| --- | --- | --- |"""
PROVIDER_TABLES = {
    "provider_answer": "Answers, whatever their status; no secret is in them.",
    "provider_observation": "What they say of one field of one entity, or that they say nothing of it.",
}


def render_bronze() -> str:
    """One table per entity: bronze tables, their columns, and where in the dump each row stands."""
    parts = [BRONZE_HEAD]
    for name, entity in ENTITIES.items():
        paths = dict(_paths(entity.record, ""))
        parts.append(f"## {name}\n\n| table | one row per | columns |\n| --- | --- | --- |")
        parts += [
            f"| {table.name} | `{paths[table.name]}` | {', '.join((*table.indexes, *table.columns))} |"
            for table in tables(name)
        ]
        parts.append("")
    columns = {table.name: table.columns for table in declared_bronze()}
    parts.append(MUSICBRAINZ_HEAD)
    for musicbrainz_entity, queries in extracts().items():
        parts.append(f"## {musicbrainz_entity}\n\n| table | what | columns |\n| --- | --- | --- |")
        parts += [
            f"| {query.bronze_table} | {_comment(query.sql)} | {', '.join(columns[query.bronze_table])} |"
            for query in queries
        ]
        parts.append("")
    parts.append(PROVIDER_HEAD)
    parts += [f"| {name} | {what} | {', '.join(columns[name])} |" for name, what in PROVIDER_TABLES.items()]
    return "\n".join([*parts, ""])


def _comment(sql: str) -> str:
    return " ".join(line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("-- "))


def _paths(element: Element, before: str) -> Iterator[tuple[str, str]]:
    path = f"{before}/{element.tag}" if before else element.tag
    if element.table:
        yield element.table, path
    for child in element.children:
        yield from _paths(child, path)


def render_discogs() -> str:
    """One line per element or attribute of the dumps that carries a value: its bronze column."""
    parts = [DISCOGS_HEAD]
    for name, entity in ENTITIES.items():
        parts.append(f"## {name}\n\n| element or attribute | column |\n| --- | --- |")
        parts += [f"| `{path}` | {column} |" for path, column in _values(entity.record, "", "")]
        parts.append("")
    return "\n".join(parts)


def _values(element: Element, before: str, table: str) -> Iterator[tuple[str, str]]:
    path, table = f"{before}/{element.tag}" if before else element.tag, element.table or table
    for source, column in element.values:
        where = path if source == TEXT else f"{path}/{source}"
        yield where, column if column == RECORD_ID else f"{table}.{column}"
    for child in element.children:
        yield from _values(child, path, table)


def render_models(models: Path) -> str:
    """One section per silver and gold model: what a row is, its columns and what they mean."""
    parts = [MODEL_HEAD]
    for schema in ("silver", "gold"):
        described = yaml.safe_load((models / schema / f"{schema}.yml").read_text(encoding="utf-8"))["models"]
        parts += [_model(schema, model) for model in described]
    return "\n".join(parts)


def _model(schema: str, model: Mapping[str, object]) -> str:
    columns = model["columns"]
    assert isinstance(columns, Sequence)
    rows = [f"| {column['name']} | {column.get('description', '')} |" for column in columns]
    return "\n".join(
        [f"## {schema}.{model['name']}\n\n{model['description']}\n", "| column | |", "| --- | --- |", *rows, ""]
    )
