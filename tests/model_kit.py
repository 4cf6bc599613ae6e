"""The SQL of the dbt models without dbt: rendered with the project's own macros and run on a plain DuckDB.

dbt's part is imitated: what `config`, `source`, `ref` and `is_incremental` answer, and that a model is created
whole or brought up to date by the increment's macro. Whole builds are tested with the real thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from linernotes.lake.functions import register_functions
from linernotes.lake.incoming import incoming_views
from linernotes.lake.project import PROJECT
from linernotes.lake.reading import Mode, ModelInput, Reflected, mode_of
from linernotes.ports.loads import Load
from tests.lake_kit import TABLES

MACROS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").glob("*.sql")))


@dataclass
class _Config:
    """What dbt calls `config`: set at the head of a model, read by macros."""

    values: dict[str, object] = field(default_factory=dict)

    def __call__(self, **values: object) -> str:
        self.values |= values
        return ""

    def require(self, name: str) -> object:
        return self.values[name]

    def get(self, name: str) -> object:
        return self.values.get(name)


class Model:
    """One silver model."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: list[str] = []
        self._config = _Config()
        self._body = (PROJECT / "models" / "silver" / f"{name}.sql").read_text(encoding="utf-8")
        self.select = self._render(self._body)

    def increment(self, columns: Sequence[str]) -> str:
        """The statements that take what is staged into the table."""
        arguments = {
            "target_relation": f"lake.silver.{self.name}",
            "temp_relation": "staged",
            "dest_columns": [{"name": column} for column in columns],
        }
        return self._render("{{ get_incremental_records_sql(arguments) }}", arguments=arguments)

    def _render(self, template: str, **values: object) -> str:
        return render(
            template,
            config=self._config,
            model={"name": self.name, "resource_type": "model"},
            source=self._source,
            is_incremental=bool,
            **values,
        )

    def _source(self, schema: str, table: str) -> str:
        if table not in self.tables:
            self.tables.append(table)
        return f"{schema}.{table}"


def render(template: str, **values: object) -> str:
    """SQL from a template that may call the project's macros."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)  # SQL, not HTML
    return environment.from_string(f"{MACROS}\n{template}").render(**{"execute": False, **values})


@contextmanager
def sql_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the models' functions, and with a database of its own in place of the lake."""
    with duckdb.connect() as connection:
        register_functions(connection)
        connection.execute("ATTACH ':memory:' AS lake; CREATE SCHEMA lake.silver")
        yield connection


class ModelLake:
    """Silver tables of some models, taken in from loads as a build does it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, bronze: Path, models: Sequence[Model]) -> None:
        self._connection = connection
        self._bronze = bronze
        self._models = models
        self._reflected: Mapping[str, Reflected] = {}

    def build(self, loads: Sequence[Load], *, dies_before_record: bool = False) -> None:
        """Bring the tables up to date; `dies_before_record` is a power cut between lake and ledger."""
        for model in self._models:
            self._build(model, loads)
        if not dies_before_record:
            self._reflected = {model.name: Reflected.now(loads) for model in self._models}

    def rows(self, model: str, columns: str = "* EXCLUDE (load_id)") -> list[tuple[Any, ...]]:
        return self._connection.execute(f"SELECT {columns} FROM lake.silver.{model} ORDER BY ALL").fetchall()

    def _build(self, model: Model, loads: Sequence[Load]) -> None:
        taken = self._reflected.get(model.name, Reflected())
        tables = tuple(TABLES[name] for name in sorted(model.tables))
        model_input = ModelInput(model=model.name, tables=tables, reflected=taken)
        mode = mode_of(model_input, loads)
        self._connection.execute("DROP SCHEMA IF EXISTS memory.incoming CASCADE; CREATE SCHEMA memory.incoming")
        for statement in incoming_views(model_input, loads, self._bronze):
            self._connection.execute(statement)
        if mode is Mode.FIRST:
            self._connection.execute(f"CREATE OR REPLACE TABLE lake.silver.{model.name} AS {model.select}")
        elif mode is Mode.INCREMENT:
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {model.select}")
            columns = [row[0] for row in self._connection.execute("DESCRIBE staged").fetchall()]
            self._connection.execute(f"BEGIN; {model.increment(columns)}; COMMIT")
