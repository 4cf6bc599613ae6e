"""The user's own models: `.sql` files in the home, built by dbt after silver and gold, in the schema `user`.

They may read `{{ source('silver', 'artist') }}` and `{{ source('gold', 'release_summary') }}`, and each other by
`{{ ref('…') }}`. A `.yml` file beside them may describe and test them, as everywhere in dbt.
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb

from linernotes.lake.dbt_run import Dbt
from linernotes.lake.engine import SCHEMAS, Engine
from linernotes.lake.incoming import write_plan
from linernotes.lake.outcomes import Watch, model_outcomes, test_outcomes
from linernotes.lake.project import PROJECT, declared_models, rules_version
from linernotes.lake.reading import Reflected
from linernotes.ports.building import BuildRules, UserBuilt
from linernotes.ports.loads import Load
from linernotes.ports.progress import Progress

SCHEMA = "user"
_MACROS = ("schema_names.sql", "commits.sql")
"""Those of ours that any project on this lake needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserModels:
    """Runs a dbt project made of the user's files. The caller holds the writer lock."""

    engine: Engine
    models: Path
    """The user's folder; it need not exist."""
    logs: Path
    target: Path
    """Where the project around the files is made, and dbt's working files."""
    rules: Callable[[], BuildRules] = BuildRules
    """Answers how the records of those tables are matched."""
    project: Path = PROJECT
    """Ours, whose tables theirs may read."""

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Whether there are models that changed, or that have not seen what silver and gold are made of now."""
        now = Reflected.now(loads)
        return bool(self._files) and bool(now.taken) and Reflected.read(self._key, consumed) != now

    def build(
        self, run_id: UUID, loads: Sequence[Load], *, begin: Callable[[Collection[str]], None], progress: Progress
    ) -> UserBuilt:
        """Build and test all of the user's models.

        Raises:
            FatalError: dbt cannot read them.
        """
        self._write_project()
        consumed = Reflected.now(loads).to_consumed(self._key)
        begin(consumed.keys())

        def prepare(connection: duckdb.DuckDBPyConnection) -> None:
            self.engine.attach(connection, read_only=False)
            self.engine.spare_threads(connection)
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS lake."{SCHEMA}"')
            write_plan(connection, run_id)

        dbt = Dbt(
            project=self.target,
            target=self.target / "target",
            logs=self.logs,
            config=self.engine.new_config(),
            schema=SCHEMA,
        )
        with progress.task("build your models", unit="models") as task:
            results = list(dbt.run("build", [], prepare=prepare, watch=Watch(progress, task)).result)
        outcomes = (*model_outcomes(results, {}), *test_outcomes(results))
        return UserBuilt(models=outcomes, consumed=consumed)

    @property
    def _files(self) -> list[Path]:
        return sorted(file for file in self.models.rglob("*") if file.suffix in (".sql", ".yml"))

    @property
    def _key(self) -> str:
        digest = hashlib.sha256(rules_version(self.project, self.rules().versions).encode())
        for file in self._files:
            digest.update(file.relative_to(self.models).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return f"{SCHEMA}@{digest.hexdigest()[:12]}"

    def _source(self, schema: str) -> Mapping[str, object]:
        tables = [{"name": name} for folder, name in sorted(declared_models(self.project)) if folder == schema]
        return {"name": schema, "database": "lake", "schema": schema, "tables": tables}

    def _write_project(self) -> None:
        """Make the project around the user's files: its settings, and what it may read."""
        settings = {
            "name": "user_models",
            "config-version": 2,
            "profile": "linernotes",
            "model-paths": [os.path.relpath(self.models, self.target), "sources"],
            "macro-paths": ["macros"],
            "flags": {"send_anonymous_usage_stats": False},
            "models": {"user_models": {"+materialized": "table", "+pre-hook": "{{ sign_commit() }}"}},
        }
        files = {
            "dbt_project.yml": json.dumps(settings),
            "sources/lake.yml": json.dumps({"sources": [self._source(schema) for schema in SCHEMAS]}),
        }
        files |= {f"macros/{name}": (self.project / "macros" / name).read_text(encoding="utf-8") for name in _MACROS}
        for name, text in files.items():
            (self.target / name).parent.mkdir(parents=True, exist_ok=True)
            (self.target / name).write_text(text, encoding="utf-8")
