"""Building: bronze to silver and gold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from linernotes.ports.loads import Load
from linernotes.ports.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOutcome:
    """What became of one model or test."""

    name: str
    status: str
    """`success`, `error`, `fail` (a test found rows), `warn` or `skipped`."""
    seconds: float
    message: str = ""
    inserted: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What one build did."""

    snapshot_id: int
    is_green: bool
    """Every model was built and every test passed."""
    models: tuple[ModelOutcome, ...] = ()
    tests: tuple[ModelOutcome, ...] = ()
    consumed: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    """To be recorded: what each model that was built and passed its tests has now taken in."""


class Builder(Protocol):
    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Whether any load is not taken in, or any model changed; answered without starting the build tool."""
        ...

    def build(
        self,
        run_id: UUID,
        loads: Sequence[Load],
        consumed: Mapping[str, frozenset[UUID]],
        *,
        select: str | None,
        progress: Progress,
    ) -> Built:
        """Bring silver and gold up to date with the loads.

        Args:
            run_id: Stands in every lake commit.
            loads: Every committed load, discarded ones too, oldest first.
            consumed: What the models have taken in, by `<model>@<version>`.
            select: A dbt selection; None builds what is not up to date.
            progress: Told each model as it is done.

        Raises:
            FatalError: The build tool itself failed; models that failed are in the outcome.
            TransientError: Another process is writing the lake, and the wait is over.
        """
        ...
