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
    rules: str = ""
    """A version of the rules that it follows and that stand elsewhere."""
    is_view: bool = False
    is_kept: bool = False
    """Where it is made whole, only the rows that differ are written."""
    row_weight: int = 1
    """How many rows one row that it reads counts for, where a model's slices are cut: pairs are more than records."""
    compares: frozenset[str] = frozenset()
    """Sources whose records it compares: without one of them it has no rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedModel:
    """One model, and what a build has to do about it."""

    unique_id: str
    name: str
    schema: str
    key: str
    """`<model>@<version>`; a model whose code or rules, or whose parents', changed is another one."""
    parents: tuple[str, ...]
    input: ModelInput
    sources: tuple[BronzeTable, ...]
    """Bronze tables that its rows come from, its parents' included."""
    mode: Mode
    is_view: bool = False
    is_kept: bool = False
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
    codes: dict[str, str] = {}
    rules: dict[str, str] = {}
    known_codes = {recorded.partition(" ")[0].partition(".")[0] for recorded in consumed}
    for model in _parents_first(declared):
        parents = [planned[parent] for parent in model.parents]
        code = model_version(model.raw_code, shared_version, [codes[parent] for parent in model.parents])
        followed = sorted({model.rules, *(rules[parent] for parent in model.parents)} - {""})
        codes[model.unique_id] = code
        rules[model.unique_id] = model_version("", "", followed) if followed else ""
        key = f"{model.name}@{code}.{rules[model.unique_id]}".removesuffix(".")
        is_there = (model.schema, model.name) in built
        reflected = Reflected.read(key, consumed) if is_there else Reflected()
        model_input = ModelInput(model=model.name, tables=model.tables, reflected=reflected)
        sources = tuple(dict.fromkeys((*model.tables, *(table for parent in parents for table in parent.sources))))
        if model.tables:
            mode = mode_of(model_input, loads)
        elif reflected.taken and not _has_all(model.compares, reflected, loads):
            mode = Mode.NOTHING
        else:
            mode = _derived_mode(reflected, sources, parents, loads)
            if mode is Mode.FIRST and model.is_kept and is_there and f"{model.name}@{code}" in known_codes:
                mode = Mode.AGAIN
        planned[model.unique_id] = PlannedModel(
            unique_id=model.unique_id,
            name=model.name,
            schema=model.schema,
            key=key,
            parents=model.parents,
            input=model_input,
            sources=sources,
            mode=mode,
            is_view=model.is_view,
            is_kept=model.is_kept,
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


def _has_all(sources: Collection[str], reflected: Reflected, loads: Sequence[Load]) -> bool:
    """Whether each of the sources has a load that is to be taken in, or that may have been."""
    known = {load.source for load in loads if load.discarded_at is None or load.load_id not in reflected.left_out}
    return known.issuperset(sources)


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
