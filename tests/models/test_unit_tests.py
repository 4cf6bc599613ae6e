"""The unit tests in the models' YAML: given rows of bronze, expected rows of silver and gold."""

import duckdb
import pytest
import yaml

from linernotes.lake.builder import prepare_lake
from linernotes.lake.dbt_run import Dbt
from linernotes.lake.incoming import bronze_views
from linernotes.lake.outcomes import test_outcomes as outcomes_of_tests
from linernotes.lake.project import PROJECT, declared_bronze
from linernotes.ports.building import ModelOutcome
from tests.lake_kit import LakeHome

WRITTEN = [
    test["name"]
    for file in sorted((PROJECT / "models").rglob("unit_tests.yml"))
    for test in yaml.safe_load(file.read_text(encoding="utf-8"))["unit_tests"]
]


@pytest.fixture(scope="module")
def outcomes(empty_home: LakeHome) -> dict[str, ModelOutcome]:
    """What became of each unit test; dbt reads columns from the tables, so there has to be a lake."""
    home = empty_home

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        prepare_lake(connection, home.engine)
        connection.execute("ATTACH ':memory:' AS bronze")
        for statement in bronze_views(declared_bronze(), [], home.bronze):
            connection.execute(statement)

    dbt = Dbt(project=PROJECT, target=home.root / "dbt", logs=home.root / "logs", config=home.engine.config)
    results = dbt.run("test", ["--select", "test_type:unit"], prepare=prepare).result
    return {outcome.name: outcome for outcome in outcomes_of_tests(results)}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_models_decide_as_their_unit_tests_say(outcomes: dict[str, ModelOutcome], name: str) -> None:
    assert (outcomes[name].status, outcomes[name].message) == ("success", "")
