"""`liner build`: dbt in process, over the records that silver has not taken in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.errors import FatalError
from linernotes.lake.engine import Engine
from linernotes.lake.incoming import Mode, ModelInput, bronze_views, incoming_views, mode_of, relevant_loads
from linernotes.lake.project import PROJECT, declared_bronze, model_version, project_version
from linernotes.lake.snapshots import count_changes, current_snapshot
from linernotes.ports.building import Built, ModelOutcome
from linernotes.ports.loads import Load
from linernotes.ports.progress import Progress, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """One model of the parsed project."""

    unique_id: str
    name: str
    schema: str
    key: str
    """`<model>@<version>`."""
    input: ModelInput
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class DbtBuilder:
    """Runs the dbt project of the package on a home's lake."""

    engine: Engine
    bronze: Path
    logs: Path
    target: Path
    """dbt's working files."""
    lock: Callable[[Callable[[str], None]], AbstractContextManager[None]]
    """Takes the writer lock; is given where to say that it waits."""
    project: Path = PROJECT

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Compare the active loads with those of the last green build of this version of the project."""
        return consumed.get(self._project_key) != _active(loads)

    def build(
        self,
        run_id: UUID,
        loads: Sequence[Load],
        consumed: Mapping[str, frozenset[UUID]],
        *,
        select: str | None,
        progress: Progress,
    ) -> Built:
        """Bring the models up to date, under the writer lock for the whole of it."""
        with self.lock(progress.say):
            self.engine.create()
            manifest = self._parse()
            models = self._models(manifest, loads, consumed)
            stale = [model for model in models if model.mode is not Mode.NOTHING]
            selection = [select] if select else [f"{model.name}+" for model in stale]
            before = self._snapshot()
            results = self._run(manifest, run_id, models, loads, selection, progress) if selection else []
            return self._outcome(results, models, loads, before, is_whole=select is None)

    @property
    def _project_key(self) -> str:
        return f"project@{project_version(self.project)}"

    def _snapshot(self) -> int:
        with self.engine.connect() as connection:
            return current_snapshot(connection)

    def _parse(self) -> Any:  # noqa: ANN401 - dbt's own manifest
        outcome = self._invoke("parse", [], manifest=None)
        if outcome.result is None:
            raise FatalError(f"dbt cannot read the models: {outcome.exception}; see {self.logs / 'dbt.log'}")
        return outcome.result

    def _models(self, manifest: Any, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> list[_Model]:  # noqa: ANN401
        tables = {table.name: table for table in declared_bronze(self.project)}
        models = []
        for node in manifest.nodes.values():
            if node.resource_type != "model":
                continue
            key = f"{node.name}@{model_version(node.raw_code, self.project)}"
            read = tuple(tables[name] for _, name in sorted(node.sources))
            taken = ModelInput(model=node.name, tables=read, consumed=consumed.get(key, frozenset()))
            models.append(
                _Model(
                    unique_id=node.unique_id,
                    name=node.name,
                    schema=node.schema,
                    key=key,
                    input=taken,
                    mode=_mode(key, taken, loads, consumed),
                )
            )
        return models

    def _run(  # noqa: PLR0913
        self,
        manifest: Any,  # noqa: ANN401
        run_id: UUID,
        models: Sequence[_Model],
        loads: Sequence[Load],
        selection: Sequence[str],
        progress: Progress,
    ) -> Iterable[Any]:
        def prepare(connection: duckdb.DuckDBPyConnection) -> None:
            self._prepare(connection, run_id, models, loads)

        chosen = ["--select", *selection, "--exclude-resource-type", "unit_test"]
        with progress.task("build", unit="models") as task:
            outcome = self._invoke("build", chosen, manifest=manifest, prepare=prepare, watch=_Watch(progress, task))
        if outcome.result is None:
            raise FatalError(f"dbt failed: {outcome.exception}; see {self.logs / 'dbt.log'}")
        return list(outcome.result)

    def _prepare(
        self, connection: duckdb.DuckDBPyConnection, run_id: UUID, models: Sequence[_Model], loads: Sequence[Load]
    ) -> None:
        from linernotes.lake.functions import register_functions  # noqa: PLC0415 - pyarrow is heavy

        self.engine.attach(connection, read_only=False)
        register_functions(connection)
        connection.execute("ATTACH ':memory:' AS bronze")
        for statement in bronze_views(declared_bronze(self.project), loads, self.bronze):
            connection.execute(statement)
        connection.execute("CREATE SCHEMA memory.incoming; CREATE TABLE memory.incoming.run (run_id VARCHAR)")
        connection.execute("INSERT INTO memory.incoming.run VALUES (?)", [str(run_id)])
        connection.execute("CREATE TABLE memory.incoming.plan (model VARCHAR, mode VARCHAR)")
        for model in models:
            connection.execute("INSERT INTO memory.incoming.plan VALUES (?, ?)", [model.name, str(model.mode)])
            if model.input.tables:
                for statement in incoming_views(model.input, loads, self.bronze):
                    connection.execute(statement)

    def _invoke(
        self,
        verb: str,
        arguments: Sequence[str],
        *,
        manifest: Any,  # noqa: ANN401
        prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
        watch: Callable[[Any], None] | None = None,
    ) -> Any:  # noqa: ANN401
        """Run dbt in this process, on a connection of its own."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - 1.5 s of imports
        from dbt.cli.main import dbtRunner  # noqa: PLC0415

        from linernotes.lake import dbt_plugin  # noqa: PLC0415

        self._write_profile()
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        dbt_plugin.prepare_with(prepare)
        try:
            return dbtRunner(manifest=manifest, callbacks=[watch] if watch else []).invoke(
                [
                    "--quiet", "--no-use-colors", "--log-path", str(self.logs), "--log-format-file", "json",
                    verb,
                    "--project-dir", str(self.project), "--profiles-dir", str(self.target),
                    "--target-path", str(self.target), *arguments,
                ]
            )  # fmt: skip
        finally:
            dbt_plugin.prepare_with(None)
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]

    def _write_profile(self) -> None:
        output = {
            "type": "duckdb",
            "path": ":memory:",
            "database": "lake",
            "schema": "silver",
            "threads": 1,
            "config_options": self.engine.config,
            "plugins": [{"module": "linernotes.lake.dbt_plugin"}],
            # The plugin attaches the lake; this entry tells dbt-duckdb what `lake` is, and keeps passwords out of the file.
            "attach": [{"path": "ducklake:linernotes", "alias": "lake", "is_ducklake": True}],
        }
        self.target.mkdir(parents=True, exist_ok=True)
        profile = self.target / "profiles.yml"
        profile.write_text(
            json.dumps({"linernotes": {"target": "lake", "outputs": {"lake": output}}}), encoding="utf-8"
        )

    def _outcome(
        self, results: Iterable[Any], models: Sequence[_Model], loads: Sequence[Load], before: int, *, is_whole: bool
    ) -> Built:
        by_id = {model.unique_id: model for model in models}
        outcomes = {result.node.unique_id: result for result in results}
        failed = {
            parent
            for result in outcomes.values()
            if str(result.status) not in ("success", "pass", "warn")
            for parent in (result.node.unique_id, *result.node.depends_on.nodes)
        }
        consumed = {
            model.key: relevant_loads(model.input, loads)
            for model in models
            if (model.mode is Mode.NOTHING or model.unique_id in outcomes) and model.unique_id not in failed
        }
        is_green = not failed
        if is_green and is_whole:
            consumed[self._project_key] = _active(loads)
        after = self._snapshot()
        return Built(
            snapshot_id=after,
            is_green=is_green,
            models=tuple(
                self._model_outcome(result, by_id[unique_id], before, after)
                for unique_id, result in outcomes.items()
                if unique_id in by_id
            ),
            tests=tuple(_test_outcome(result) for unique_id, result in outcomes.items() if unique_id not in by_id),
            consumed=consumed,
        )

    def _model_outcome(self, result: Any, model: _Model, before: int, after: int) -> ModelOutcome:  # noqa: ANN401
        status = str(result.status)
        counts = (0, 0, 0)
        if status == "success" and model.mode is Mode.INCREMENT and model.input.tables and after > before:
            with self.engine.connect() as connection:
                change = count_changes(connection, model.schema, model.name, after=before, until=after)
            counts = (change.inserted, change.updated, change.deleted)
        return ModelOutcome(
            name=model.name,
            status=status,
            seconds=result.execution_time,
            message="" if status == "success" else str(result.message),
            inserted=counts[0],
            updated=counts[1],
            deleted=counts[2],
        )


def _mode(key: str, taken: ModelInput, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> Mode:
    """A model without bronze tables of its own follows those it reads; only its version decides."""
    if taken.tables:
        return mode_of(taken, loads)
    return Mode.NOTHING if key in consumed else Mode.FIRST


def _active(loads: Sequence[Load]) -> frozenset[UUID]:
    return frozenset(load.load_id for load in loads if load.discarded_at is None)


def _test_outcome(result: Any) -> ModelOutcome:  # noqa: ANN401
    status = str(result.status)
    return ModelOutcome(
        name=result.node.name,
        status="success" if status == "pass" else status,
        seconds=result.execution_time,
        message="" if status == "pass" else str(result.message),
    )


@dataclass(frozen=True, slots=True)
class _Watch:
    """Hears dbt's events and tells progress."""

    progress: Progress
    task: Task

    def __call__(self, event: Any) -> None:  # noqa: ANN401
        if event.info.name == "NodeFinished":
            self.task.advance()
        elif event.info.name == "LogModelResult":
            self.progress.say(f"{event.data.description.removeprefix('sql ')} {event.data.execution_time:.1f} s")
