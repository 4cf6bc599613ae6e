"""How other rules would decide: the model of decisions over the lake as it is, or was, in memory beside it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from linernotes.domain.entities import EntityType
from linernotes.errors import WrongUsageError
from linernotes.lake.damage import damage_told
from linernotes.lake.engine import Engine
from linernotes.lake.functions import register_functions
from linernotes.lake.project import PROJECT
from linernotes.lake.rows import named_rows
from linernotes.lake.rules import SCHEMA, create_rules, write_decision_rules
from linernotes.lake.snapshots import built_relations
from linernotes.ports.building import BuildRules
from linernotes.ports.explaining import Change, Trial
from linernotes.ports.policies import DecisionRules

_SQL = Path(__file__).parent / "explain"
_ROWS_PER_SLICE = 250_000
"""Observations that are decided at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeTrials:
    """Decides without writing."""

    engine: Engine
    project: Path = PROJECT

    def run(self, rules: DecisionRules, *, example_count: int) -> Trial:
        """Decide everything by other rules, and compare with what the last build decided; nothing is written.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        with self._decided(rules, snapshot=None) as connection:
            connection.execute(_read("difference"))
            counted = connection.execute("SELECT kind, field, count(*) FROM difference GROUP BY ALL ORDER BY ALL")
            counts: dict[str, dict[str, int]] = {"changed": {}, "new": {}, "gone": {}}
            for kind, field, number in counted.fetchall():
                counts[kind][field] = number
            connection.execute(_read("entities"))
            connection.execute("SET VARIABLE most = ?", [example_count])
            examples = [_change(row) for row in named_rows(connection.execute(_read("examples")))]
            decisions = connection.execute("SELECT count(value) FROM trial").fetchall()[0][0]
        return Trial(decisions=decisions, examples=examples, **counts)

    def reproduces(self, rules: DecisionRules, *, snapshot_id: int) -> bool:
        """Whether the rules decide, from the lake as of a snapshot, just what stands there, column by column.

        Raises:
            WrongUsageError: The snapshot has expired.
            FatalError: The lake cannot be opened, or a file of it is lost or damaged.
        """
        with self._decided(rules, snapshot=snapshot_id) as connection:
            stands, made = "SELECT * FROM lake.silver.decision", "SELECT * FROM trial"
            found = connection.execute(f"({stands} EXCEPT ALL {made}) UNION ALL ({made} EXCEPT ALL {stands}) LIMIT 1")
            return not found.fetchall()

    @contextlib.contextmanager
    def _decided(self, rules: DecisionRules, *, snapshot: int | datetime | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with the table `trial`, of what the rules decide."""
        if not self.engine.exists:
            raise WrongUsageError("nothing was decided yet; run `liner build` first")
        with self.engine.connect(snapshot=snapshot) as connection, damage_told(lake=self.engine.folder):
            if ("silver", "decision") not in built_relations(connection):
                raise WrongUsageError("that build decided nothing: it was made by an earlier version")
            connection.execute(f"CREATE SCHEMA memory.{SCHEMA}")
            create_rules(connection)
            write_decision_rules(connection, rules)
            register_functions(connection, BuildRules(decisions=rules))
            count = connection.execute("SELECT count(*) FROM lake.silver.observation").fetchall()[0][0]
            slices = slices_of(count)
            select = select_decisions(slices, self.project)
            connection.execute("SET VARIABLE slice = 0")
            connection.execute(f"CREATE TEMP TABLE trial AS {select}")
            for number in range(1, slices):
                connection.execute(f"SET VARIABLE slice = {number}")
                connection.execute(f"INSERT INTO trial {select}")
            yield connection


def slices_of(observation_count: int) -> int:
    """Into how many slices so many observations are cut."""
    return max(1, ceil(observation_count / _ROWS_PER_SLICE))


def select_decisions(slices: int, project: Path = PROJECT) -> str:
    """The SELECT of the model of decisions, with what dbt would put into it."""
    macros = (project / "macros" / "slices.sql").read_text(encoding="utf-8")
    body = (project / "models" / "silver" / "decision.sql").read_text(encoding="utf-8")
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)  # noqa: S701 - SQL
    return environment.from_string(f"{macros}\n{body}").render(
        config=lambda **_: "",
        ref=lambda name: f"lake.silver.{name}",
        model={"name": "decision", "slices": slices},
        execute=False,
    )


def _change(row: Mapping[str, Any]) -> Change:
    return Change(**{**row, "entity_type": EntityType(row["entity_type"])})


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
