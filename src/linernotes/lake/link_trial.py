"""`liner evaluate links`: hide some of the links that people made, and see whether the other evidence finds them again.

The models of matches run as they stand, in an order in which each reads those before it, but into tables of a
connection, and over the links that were not hidden. The lake is only read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from linernotes.errors import WrongUsageError
from linernotes.lake.dbt_run import Dbt
from linernotes.lake.engine import Engine
from linernotes.lake.functions import register_functions
from linernotes.lake.incoming import write_plan
from linernotes.lake.project import PROJECT
from linernotes.ports.building import BuildRules
from linernotes.ports.matching import LinkRecovery

LINKED = ("artist", "label", "release_group", "release")
"""Entity types that people link, in the order in which their models read each other."""
_LINKS = '"lake"."silver"."record_link"'
_STAGES = ("candidate", "match")
_PARTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTrial:
    """Tries the matching of a home's records with links hidden."""

    engine: Engine
    logs: Path
    target: Path
    """dbt's working files."""
    rules: Callable[[], BuildRules] = BuildRules
    """Answers how records are matched."""
    project: Path = PROJECT

    def run(self, *, share: float, seed: int) -> Sequence[LinkRecovery]:
        """Hide a share of the links, match without them, and count by entity type what was found again.

        Args:
            share: How many to hide, 0.0 to 1.0.
            seed: Chooses which; the same seed hides the same.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: dbt or the lake cannot be used.
        """
        if not self.engine.exists:
            raise WrongUsageError("there is no lake yet; run `liner build` first")
        queries = self._queries()
        with self.engine.connect() as connection:
            register_functions(connection, self.rules())
            self.engine.spare_threads(connection)
            try:
                self._hide(connection, share, seed)
                return [self._try(connection, entity_type, queries) for entity_type in LINKED]
            except duckdb.CatalogException as error:
                raise WrongUsageError("the lake was built by another version; run `liner build` first") from error

    def _hide(self, connection: duckdb.DuckDBPyConnection, share: float, seed: int) -> None:
        """Make the tables `trial_link`, of all links, and `shown_link`."""
        is_hidden = f"hash(entity_type, record_id, other_record_id, $seed) % {_PARTS} < $share * {_PARTS}"
        connection.execute(
            f"CREATE TEMP TABLE trial_link AS SELECT *, {is_hidden} AS is_hidden FROM {_LINKS}",
            {"seed": seed, "share": share},
        )
        connection.execute("CREATE TEMP TABLE shown_link AS FROM trial_link WHERE NOT is_hidden")

    def _queries(self) -> dict[str, str]:
        """The SELECT of each model of matches."""
        names = [f"{entity_type}_{stage}" for entity_type in LINKED for stage in _STAGES]
        dbt = Dbt(project=self.project, target=self.target, logs=self.logs, config=self.engine.new_config())
        ran = dbt.run("compile", ["--select", *names], manifest=dbt.parse(), prepare=self._prepare)
        return {result.node.name: result.node.compiled_code for result in ran.result}

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.engine.attach(connection, read_only=True)
        write_plan(connection)

    def _try(self, connection: duckdb.DuckDBPyConnection, entity_type: str, queries: Mapping[str, str]) -> LinkRecovery:
        """Match the records of one type, into tables that the later ones read."""
        for stage in _STAGES:
            query = queries[f"{entity_type}_{stage}"].replace(_LINKS, "shown_link")
            for made in LINKED[: LINKED.index(entity_type) + 1]:
                for table in _STAGES:
                    query = query.replace(f'"lake"."silver"."{made}_{table}"', f"trial_{made}_{table}")
            connection.execute(f"CREATE TEMP TABLE trial_{entity_type}_{stage} AS {query}")
        views = {
            "linked": f"trial_link WHERE entity_type = '{entity_type}' AND NOT coalesce(is_ended, false)",
            "standing": f"lake.silver.{entity_type} WHERE gone_month IS NULL",
            "candidate": f"trial_{entity_type}_candidate",
            "matched": f"trial_{entity_type}_match",
        }
        for name, rows in views.items():
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {rows}")
        count = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        return LinkRecovery(entity_type, *connection.execute(count).fetchall()[0])
