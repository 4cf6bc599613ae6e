"""What dbt tells about models and tests, in our words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linernotes.lake.snapshots import ChangeCount
from linernotes.ports.building import ModelOutcome
from linernotes.ports.progress import Progress, Task

GOOD = frozenset({"success", "pass", "warn", "no-op"})


@dataclass(frozen=True, slots=True)
class Watch:
    """Hears dbt's events and tells progress of each model."""

    progress: Progress
    task: Task

    def __call__(self, event: Any) -> None:
        if event.info.name == "LogModelResult":
            self.task.advance()
            name = event.data.description.split()[-1]
            self.progress.step(f"{name} {event.data.status.lower()} {event.data.execution_time:.1f} s")


def is_model(result: Any) -> bool:
    """Whether a result of dbt is of a model, not of a test."""
    return str(result.node.resource_type) == "model"


def failed_models(results: Iterable[Any]) -> frozenset[str]:
    """Unique ids of the models that failed or were skipped, and of all that a failed test looks at."""
    failed: set[str] = set()
    for result in results:
        if is_model(result) and str(result.status) not in GOOD:
            failed.add(result.node.unique_id)
        elif str(result.status) not in (*GOOD, "skipped"):  # a test is skipped where its model was no good
            failed.update(result.node.depends_on.nodes)
    return frozenset(failed)


def model_outcomes(results: Iterable[Any], changes: Mapping[str, ChangeCount]) -> tuple[ModelOutcome, ...]:
    """The outcome of each model that ran, with its rows that changed, by unique id."""
    return tuple(_outcome(result, changes.get(result.node.unique_id)) for result in results if is_model(result))


def test_outcomes(results: Iterable[Any]) -> tuple[ModelOutcome, ...]:
    """The outcome of each test."""
    return tuple(_outcome(result) for result in results if not is_model(result))


def _outcome(result: Any, change: ChangeCount | None = None) -> ModelOutcome:
    status = "success" if str(result.status) in ("pass", "no-op") else str(result.status)
    return ModelOutcome(
        name=result.node.name,
        status="error" if status == "runtime error" else status,
        seconds=result.execution_time,
        message="" if status == "success" else _in_one_line(str(result.message or "")),
        inserted=change.inserted if change else 0,
        updated=change.updated if change else 0,
        deleted=change.deleted if change else 0,
    )


def _in_one_line(message: str) -> str:
    """What dbt or DuckDB says, in one line, and what to do where it is memory that lacks."""
    if "Out of Memory" in message:
        return "it does not fit into memory; set `[lake] memory_limit` higher"
    return " ".join(message.split())
