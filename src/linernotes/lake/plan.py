"""Which models a build brings up to date, and what it may record afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from linernotes.lake.project import model_version
from linernotes.lake.reading import BronzeTable, Mode, ModelInput, Reflected, mode_of
from linernotes.ports.loads import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredModel:
    """One model of the dbt project, as parsed."""

    unique_id: str
    name: str
    schema: str
    raw_code: str
    tables: tuple[BronzeTable, ...]
    """Bronze tables it reads; none for a model made from other models only."""
    parents: tuple[str, ...]
    """Unique ids of the models it reads."""
    is_view: bool = False
    row_weight: int = 1
    """How many rows one row that it reads counts for, where a model's slices are cut: pairs are more than records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedModel:
    """One model, and what a build has to do about it."""

    unique_id: str
    name: str
    schema: str
    key: str
    """`<model>@<version>`; a model whose code or whose parents' code changed is another one."""
    parents: tuple[str, ...]
    input: ModelInput
    sources: tuple[BronzeTable, ...]
    """Bronze tables that its rows come from, its parents' included."""
    mode: Mode
    is_view: bool = False
    row_weight: int = 1


def plan_models(
    declared: Sequence[DeclaredModel],
    loads: Sequence[Load],
    consumed: Mapping[str, frozenset[UUID]],
    built: Collection[tuple[str, str]],
    *,
    shared_version: str,
) -> tuple[PlannedModel, ...]:
    """Every model with its mode, parents first.

    Args:
        declared: The models of the project, in any order.
        loads: Every committed load, oldest first.
        consumed: What the models reflect, by key.
        built: Schema and name of the tables and views that the lake has.
        shared_version: A hash of the code that all models share.
    """
    planned: dict[str, PlannedModel] = {}
    versions: dict[str, str] = {}
    for model in _parents_first(declared):
        parents = [planned[parent] for parent in model.parents]
        version = model_version(model.raw_code, shared_version, [versions[parent] for parent in model.parents])
        versions[model.unique_id] = version
        key = f"{model.name}@{version}"
        is_there = (model.schema, model.name) in built
        reflected = Reflected.read(key, consumed) if is_there else Reflected()
        model_input = ModelInput(model=model.name, tables=model.tables, reflected=reflected)
        sources = tuple(dict.fromkeys((*model.tables, *(table for parent in parents for table in parent.sources))))
        planned[model.unique_id] = PlannedModel(
            unique_id=model.unique_id,
            name=model.name,
            schema=model.schema,
            key=key,
            parents=model.parents,
            input=model_input,
            sources=sources,
            mode=mode_of(model_input, loads) if model.tables else _derived_mode(reflected, sources, parents, loads),
            is_view=model.is_view,
            row_weight=model.row_weight,
        )
    return tuple(planned.values())


def _derived_mode(
    reflected: Reflected, sources: tuple[BronzeTable, ...], parents: Sequence[PlannedModel], loads: Sequence[Load]
) -> Mode:
    """A model made from other models only is made whole, whenever one of those is stale or it is behind them."""
    own = mode_of(ModelInput(model="", tables=sources, reflected=reflected), loads)
    is_fresh = own is Mode.NOTHING and all(parent.mode is Mode.NOTHING for parent in parents)
    return Mode.NOTHING if is_fresh else Mode.FIRST


def _parents_first(declared: Sequence[DeclaredModel]) -> Sequence[DeclaredModel]:
    by_id = {model.unique_id: model for model in declared}
    ordered: dict[str, DeclaredModel] = {}

    def add(model: DeclaredModel) -> None:
        for parent in model.parents:
            add(by_id[parent])
        ordered.setdefault(model.unique_id, model)

    for model in sorted(declared, key=lambda model: model.unique_id):
        add(model)
    return tuple(ordered.values())


def settled_models(
    planned: Sequence[PlannedModel], succeeded: Collection[str], failed: Collection[str]
) -> tuple[PlannedModel, ...]:
    """The models that reflect every load after a build: up to date, passed, and made from such ones only.

    Args:
        planned: The plan, parents first.
        succeeded: Unique ids of the models that ran and were built.
        failed: Unique ids of the models that failed or whose tests did.
    """
    settled: dict[str, PlannedModel] = {}
    for model in planned:
        is_current = model.mode is Mode.NOTHING or model.unique_id in succeeded
        if is_current and model.unique_id not in failed and all(parent in settled for parent in model.parents):
            settled[model.unique_id] = model
    return tuple(settled.values())
