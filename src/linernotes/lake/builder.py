"""`liner build`: dbt in process, over the records that silver has not taken in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from linernotes.errors import WrongUsageError
from linernotes.lake.counts import MEASURED, measures
from linernotes.lake.dbt_run import Dbt
from linernotes.lake.engine import Engine
from linernotes.lake.incoming import Task, write_incoming
from linernotes.lake.outcomes import Watch, failed_models, is_model, model_outcomes, test_outcomes
from linernotes.lake.plan import DeclaredModel, PlannedModel, plan_models, settled_models
from linernotes.lake.project import (
    PROJECT,
    declared_bronze,
    declared_models,
    project_version,
    rules_version,
    shared_version,
)
from linernotes.lake.reading import BronzeTable, Mode, Reflected, largest_table, most_rows
from linernotes.lake.rules import write_decision_rules, write_judgements
from linernotes.lake.snapshots import (
    ChangeCount,
    built_relations,
    committed_models,
    count_changes,
    current_snapshot,
    rows_written,
)
from linernotes.ports.building import BuildRules, Built
from linernotes.ports.loads import Load
from linernotes.ports.progress import Progress

ROWS_PER_SLICE = 10_000_000
"""Rows of one table that a statement takes in: a statement over 20 million groups does not fit into 1 GB."""
_MERGED_ROWS = 0.25
"""A merge sees a row twice, old and new: of 5 million it took 1.7 GB resident, of 2.5 million 1.3."""
ALL_TESTS = "resource_type:test"
_COMPARED = {"match": frozenset({"musicbrainz", "discogs"}), "decided": frozenset({"provider"})}
"""The sources whose records the models of a tag compare."""
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
"""They prove the models, not the data, and run with the tests of the package."""


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
    rules: Callable[[], BuildRules] = BuildRules
    """Answers how records are matched."""
    project: Path = PROJECT
    rows_per_slice: int = ROWS_PER_SLICE

    def writing(self, progress: Progress) -> AbstractContextManager[None]:
        """Hold the writer lock during the block."""
        return self.lock(progress.say)

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Compare the active loads with those of the last complete build by these rules; look for its tables."""
        now = Reflected.now(loads)
        key = self._rules_key(self.rules())
        return Reflected.read(key, consumed) != now or (bool(now.taken) and self._is_table_missing())

    def build(
        self,
        run_id: UUID,
        loads: Sequence[Load],
        consumed: Mapping[str, frozenset[UUID]],
        *,
        begin: Callable[[Collection[str]], None],
        select: str | None,
        progress: Progress,
    ) -> Built:
        """Bring the models up to date; where they all are, run every test again.

        Raises:
            WrongUsageError: The selection is none, or selects nothing.
        """
        manifest, rules = self._dbt.parse(), self.rules()
        with self.engine.create() as connection:  # kept for the end: to load the extensions takes a tenth of a second
            before = current_snapshot(connection)
            declared = _declared(manifest, declared_bronze(self.project), rules.versions)
            there = built_relations(connection)
            planned = plan_models(declared, loads, consumed, there, shared_version=shared_version(self.project))
            complete = [self._project_key, self._rules_key(rules)]
            begin(_recorded([*(model.key for model in planned), *complete]))
            is_new_version = self._project_key not in consumed
            tasks = [self._task(model, loads, is_new_version=is_new_version) for model in planned]

            def prepare(dbt_connection: duckdb.DuckDBPyConnection) -> None:
                prepare_lake(dbt_connection, self.engine, rules)
                self.engine.spare_threads(dbt_connection, largest_table(loads))
                write_incoming(dbt_connection, run_id, tasks, loads, self.bronze)
                write_judgements(dbt_connection, rules.judgements)
                write_decision_rules(dbt_connection, rules.decisions)

            selection = ["--select", *_selection(planned, select, is_new_version=is_new_version), *NO_UNIT_TESTS]
            with progress.task("build", total=_count_stale(planned), unit="models") as task:
                watch = Watch(progress, task)
                ran = self._dbt.run("build", selection, manifest=manifest, prepare=prepare, watch=watch)
            results = list(ran.result)
            if select is not None and not results:
                raise WrongUsageError(f"no model is selected by {select!r}; a selection is a name such as release+")
            return self._outcome(connection, results, planned, complete, Reflected.now(loads), before)

    @property
    def _dbt(self) -> Dbt:
        return Dbt(project=self.project, target=self.target, logs=self.logs, config=self.engine.new_config())

    @property
    def _project_key(self) -> str:
        return f"project@{project_version(self.project)}"

    def _rules_key(self, rules: BuildRules) -> str:
        return f"rules@{rules_version(self.project, rules.versions)}"

    def _is_table_missing(self) -> bool:
        if not self.engine.exists:
            return True
        with self.engine.connect() as connection:
            return not declared_models(self.project) <= built_relations(connection)

    def _task(self, model: PlannedModel, loads: Sequence[Load], *, is_new_version: bool) -> Task:
        """After a change of the project all records are tested, and of a model that is up to date as well."""
        changed_only = model.mode is Mode.INCREMENT and not is_new_version
        sources = replace(model.input, tables=model.sources)
        rows = most_rows(sources, loads, new_only=False) * model.row_weight
        slices = [] if changed_only else [rows / self.rows_per_slice]
        if model.mode is Mode.INCREMENT:
            slices.append(most_rows(sources, loads, new_only=True) / (self.rows_per_slice * _MERGED_ROWS))
        if model.mode is Mode.AGAIN:
            slices.append(rows / (self.rows_per_slice * _MERGED_ROWS))
        return Task(
            input=model.input,
            mode=model.mode,
            tests_changed_only=changed_only,
            slices=max(1, ceil(max(slices))),
        )

    def _outcome(
        self,
        connection: duckdb.DuckDBPyConnection,
        results: Sequence[Any],
        planned: Sequence[PlannedModel],
        complete: Sequence[str],
        now: Reflected,
        before: int,
    ) -> Built:
        """What was built; `complete` are the keys that stand for a build that left nothing behind."""
        failed = failed_models(results)
        succeeded = {result.node.unique_id for result in results if is_model(result)} - failed
        settled = settled_models(planned, succeeded, failed)
        is_complete = not failed and len(settled) == len(planned)
        keys = [*(model.key for model in settled), *(complete if is_complete else [])]
        after = current_snapshot(connection)
        counted = [
            model
            for model in planned
            if model.unique_id in succeeded and (model.input.tables or model.is_kept) and not model.is_view
        ]
        changes = _changes(connection, counted, before, after)
        is_measured = is_complete and any((model.schema, model.name) == MEASURED for model in planned)
        return Built(
            snapshot_id=after,
            is_green=not failed,
            is_complete=is_complete,
            models=model_outcomes(results, changes),
            tests=test_outcomes(results),
            consumed={recorded: loads for key in keys for recorded, loads in now.to_consumed(key).items()},
            measures=measures(connection) if is_measured else (),
        )


def prepare_lake(connection: duckdb.DuckDBPyConnection, engine: Engine, rules: BuildRules) -> None:
    """Make dbt's connection ours: the lake attached for writing, and the functions that models call."""
    from linernotes.lake.functions import register_functions  # noqa: PLC0415 - pyarrow is heavy

    engine.attach(connection, read_only=False)
    register_functions(connection, rules)


def _declared(manifest: Any, tables: Sequence[BronzeTable], rules: Mapping[str, str]) -> list[DeclaredModel]:
    by_name = {table.name: table for table in tables}
    nodes = {key: node for key, node in manifest.nodes.items() if node.resource_type == "model"}
    return [
        DeclaredModel(
            unique_id=key,
            name=node.name,
            schema=node.schema,
            raw_code=node.raw_code,
            rules="".join(rules[tag] for tag in sorted(node.tags) if tag in rules),
            tables=tuple(by_name[name] for _, name in sorted(map(tuple, node.sources))),
            parents=tuple(parent for parent in node.depends_on.nodes if parent in nodes),
            is_view=node.config.materialized == "view",
            is_kept=node.config.incremental_strategy == "whole",
            row_weight=node.config.meta.get("row_weight", 1),
            compares=_compared(node.tags),
        )
        for key, node in nodes.items()
    ]


def _compared(tags: Sequence[str]) -> frozenset[str]:
    """Sources without which a model has no rows."""
    return frozenset().union(*(_COMPARED.get(tag, frozenset()) for tag in tags))


def _selection(planned: Sequence[PlannedModel], select: str | None, *, is_new_version: bool) -> list[str]:
    """What dbt is to run. A version that was never complete has all its tests run, and so has one that is."""
    if select is not None:
        if select.startswith("-") or " -" in select:
            raise WrongUsageError(f"--select takes names of models, not options of dbt: {select}")
        return select.split()
    stale = [model.name for model in planned if model.mode is not Mode.NOTHING]
    return [*stale, ALL_TESTS] if is_new_version or not stale else stale


def _recorded(keys: Sequence[str]) -> Collection[str]:
    """How the ledger names what these keys stand for."""
    return [recorded for key in keys for recorded in Reflected().to_consumed(key)]


def _count_stale(planned: Sequence[PlannedModel]) -> int:
    return sum(model.mode is not Mode.NOTHING for model in planned)


def _changes(
    connection: duckdb.DuckDBPyConnection, models: Sequence[PlannedModel], before: int, after: int
) -> Mapping[str, ChangeCount]:
    """By unique id; to read a change feed takes a tenth of a second, so only what was committed is looked at."""
    committed, written = committed_models(connection, after=before), rows_written(connection)
    changes = {}
    for model in models:
        if model.mode is Mode.FIRST:
            changes[model.unique_id] = ChangeCount(inserted=written[model.schema, model.name])
        elif model.name in committed:
            changes[model.unique_id] = count_changes(connection, model.schema, model.name, after=before, until=after)
    return changes
