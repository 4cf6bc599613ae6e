"""The dbt project as files."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
import yaml

from linernotes.lake.project import DECISIONS, PROJECT, declared_bronze, declared_models
from linernotes.sources.discogs import tables as discogs
from linernotes.sources.musicbrainz import extracts as musicbrainz
from linernotes.sources.musicbrainz.landing import _TYPES as TYPES
from linernotes.sources.musicbrainz.schema import COLUMNS, type_of

INDEX, TEXT = "INTEGER", "VARCHAR"


def test_the_declared_bronze_tables_are_those_that_pulls_write() -> None:
    written: dict[str, Mapping[str, str]] = {}
    for entity in discogs.ENTITIES:
        for table in discogs.tables(entity):
            written[table.name] = dict.fromkeys(table.indexes, INDEX) | dict.fromkeys(table.columns, TEXT)
        written[f"discogs_{entity}_gone"] = {}
    assert {table.name: dict(table.columns) for table in declared_bronze() if table.source == "discogs"} == written


def test_the_declared_musicbrainz_tables_are_those_that_extracts_give() -> None:
    written: dict[str, Mapping[str, str]] = {f"musicbrainz_{entity}_gone": {} for entity in musicbrainz.ENTITIES}
    with duckdb.connect() as connection:
        for table, columns in COLUMNS.items():
            connection.execute(f'CREATE TABLE "{table}" ({", ".join(f"{name} {type_of(name)}" for name in columns)})')
        for extract in (extract for queries in musicbrainz.extracts().values() for extract in queries):
            found = connection.execute(f"DESCRIBE {extract.sql}").fetchall()
            written[extract.bronze_table] = {name: TYPES.get(kind, kind) for name, kind, *_ in found[1:]}
    assert {table.name: dict(table.columns) for table in declared_bronze() if table.source == "musicbrainz"} == written


def test_every_table_belongs_to_the_entity_in_its_name() -> None:
    discogs_types = {"artist": "artist", "label": "label", "master": "release_group", "release": "release"}
    owners = {extract.name: extract.entity for queries in musicbrainz.extracts().values() for extract in queries}
    for table in declared_bronze():
        source, _, name = table.name.partition("_")
        if source == "discogs":
            entity = name.partition("_")[0]
            expected = (entity, discogs_types[entity])
        else:
            entity = owners.get(name) or name.removesuffix("_gone")
            expected = (entity, entity)
        assert (table.source, table.entity, table.entity_type) == (source, *expected)


def test_every_model_is_known_by_its_schema_and_name() -> None:
    assert ("silver", "track") in declared_models()
    assert ("gold", "release_summary") in declared_models()
    assert {schema for schema, _ in declared_models()} == {"silver", "gold"}


def test_every_decision_that_sql_calls_is_part_of_a_models_version() -> None:
    code = (
        "import sys, linernotes.lake.functions\n"
        "print(*[name.rsplit('.', 1)[1] for name in sys.modules if name.startswith('linernotes.domain.')])"
    )
    called = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    types = {"sizes", "judgements"}  # how the engine reads its memory limit, and what comes to models as rows
    assert set(called) - types == set(DECISIONS)


MODELS = {
    model["name"]: {
        kind for test in model.get("data_tests", ()) for kind in ({test} if isinstance(test, str) else test)
    }
    for schema in ("silver", "gold")
    for model in yaml.safe_load((PROJECT / "models" / schema / f"{schema}.yml").read_text(encoding="utf-8"))["models"]
}
OF_ITS_OWN = {
    "area", "artist", "artist_alike", "artist_candidate", "artist_match", "data_quality_metric", "decision",
    "entity_quality", "entity_redirect", "identifier", "known_value", "provider_summary", "quality_rule",
    "source_confidence",
    "judgement", "label", "label_alike", "label_candidate", "label_match", "missing_reference", "observation",
    "recording", "release", "release_candidate", "release_group", "release_group_candidate", "release_group_match",
    "release_match", "source_recording", "source_value", "tag",
}  # fmt: skip
"""Models whose rows are no part of another's, or are tested where they come from."""


GROUPED = {"entity_quality", "known_value", "provider_summary"}
"""Views that group by their grain, over all there is: a test in every build would only repeat that."""


def test_every_model_is_described() -> None:
    assert set(MODELS) == {name for _, name in declared_models()}


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_grain_test_and_every_child_a_reference_test(name: str) -> None:
    assert ("grain" in MODELS[name]) is (name not in GROUPED)
    assert ("belongs_to" in MODELS[name]) is (name not in OF_ITS_OWN)


@pytest.mark.parametrize("path", sorted((PROJECT / "models").rglob("*.sql")), ids=lambda path: path.stem)
def test_every_model_says_what_a_row_is(path: Path) -> None:
    head = path.read_text(encoding="utf-8").split("{{", 1)[0]
    assert re.match(r"-- One row per ", head)
    assert "Grain: " in head
