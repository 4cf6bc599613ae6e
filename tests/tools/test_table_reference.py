"""The pages of the tables name every table, every element and every model."""

import re

from linernotes.sources.discogs.tables import ENTITIES, tables
from tools.references import MODELS
from tools.table_reference import render_bronze, render_discogs, render_models


def test_every_bronze_table_stands_on_its_page() -> None:
    named = re.findall(r"^\| (discogs_\w+) \|", render_bronze(), re.MULTILINE)
    assert sorted(named) == sorted(table.name for entity in ENTITIES for table in tables(entity))


def test_every_column_of_bronze_has_its_place_in_the_dump() -> None:
    told = set(re.findall(r"^\| `\S+` \| (\S+) \|", render_discogs(), re.MULTILINE)) - {"record_id"}
    assert told == {
        f"{table.name}.{column}" for entity in ENTITIES for table in tables(entity) for column in table.columns
    }


def test_every_model_stands_on_its_page() -> None:
    files = {f"{path.parent.name}.{path.stem}" for path in MODELS.glob("*/*.sql")}
    assert set(re.findall(r"^## (\S+)$", render_models(MODELS), re.MULTILINE)) == files
