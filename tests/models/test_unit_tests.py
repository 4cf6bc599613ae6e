"""The unit tests in the models' YAML: given rows of bronze, expected rows of silver and gold."""

import duckdb
import pytest
import yaml

from linernotes.domain.uuid7 import to_uuid7
from linernotes.lake import outcomes
from linernotes.lake.builder import prepare_lake
from linernotes.lake.dbt_run import Dbt
from linernotes.lake.incoming import bronze_views
from linernotes.lake.project import PROJECT, declared_bronze
from linernotes.ports.building import BuildRules, ModelOutcome
from tests.lake_kit import LakeHome

WRITTEN = [
    test["name"]
    for file in sorted((PROJECT / "models").rglob("unit_tests.yml"))
    for test in yaml.safe_load(file.read_text(encoding="utf-8"))["unit_tests"]
]


@pytest.fixture(scope="module")
def became(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelOutcome]:
    """What became of each unit test. dbt reads the types of columns from the tables, so empty ones are made first."""
    home = LakeHome(tmp_path_factory.mktemp("home"))
    home.builder.build(to_uuid7(1), [], {}, begin=lambda _: None, select="resource_type:model", progress=home.progress)

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        prepare_lake(connection, home.engine, BuildRules())
        connection.execute("ATTACH ':memory:' AS bronze")
        for statement in bronze_views(declared_bronze(), [], home.bronze):
            connection.execute(statement)

    dbt = Dbt(project=PROJECT, target=home.root / "dbt", logs=home.root / "logs", config=home.engine.new_config())
    results = dbt.run("test", ["--select", "test_type:unit"], manifest=dbt.parse(), prepare=prepare).result
    return {outcome.name: outcome for outcome in outcomes.test_outcomes(results)}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_models_decide_as_their_unit_tests_say(became: dict[str, ModelOutcome], name: str) -> None:
    assert (became[name].status, became[name].message) == ("success", "")
