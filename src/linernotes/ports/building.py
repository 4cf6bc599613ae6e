"""Building: bronze to silver and gold."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

from linernotes.domain.judgements import Judgement
from linernotes.domain.match_policy import SHIPPED, MatchPolicy
from linernotes.ports.loads import Load
from linernotes.ports.policies import DecisionRules
from linernotes.ports.progress import Progress
from linernotes.ports.quality import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRules:
    """What decides beside the records themselves: how machines match and decide, and what people said."""

    match_policy: MatchPolicy = SHIPPED
    judgements: Sequence[Judgement] = ()
    """Those in force."""
    decisions: DecisionRules = field(default_factory=DecisionRules)

    @property
    def versions(self) -> Mapping[str, str]:
        """A version for the models that carry each tag; when it changes, they are made anew."""
        judged = "".join(str(judgement.judgement_id) for judgement in self.judgements)
        return {
            "judged": hashlib.sha256(judged.encode()).hexdigest()[:12],
            "weighed": self.match_policy.version,
            "decided": self.decisions.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOutcome:
    """What became of one model or test."""

    name: str
    status: str
    """`success`, `error`, `fail` (a test found rows), `warn` or `skipped`."""
    seconds: float
    message: str = ""
    inserted: int = 0
    """Rows that are new; all of them where the model was created whole from records."""
    updated: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What one build did."""

    snapshot_id: int
    """The lake as this build left it."""
    is_green: bool
    """Every model that ran was built, and every test passed."""
    is_complete: bool = False
    """Green, and every model reflects every load: readers may publish from the snapshot."""
    models: tuple[ModelOutcome, ...] = ()
    tests: tuple[ModelOutcome, ...] = ()
    consumed: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    """To be recorded: what each model that was built and passed its tests now reflects."""
    measures: Sequence[Measure] = ()
    """How complete and how sure the catalogue is now; none where that was not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBuilt:
    """What became of the user's own models."""

    models: tuple[ModelOutcome, ...]
    """Models and tests."""
    consumed: Mapping[str, frozenset[UUID]]
    """To be recorded, failed or not: the same models on the same loads are not tried again."""


class Builder(Protocol):
    def writing(self, progress: Progress) -> AbstractContextManager[None]:
        """Be the only writer of the lake during the block; others wait, and are told so.

        Raises:
            TransientError: Another process is writing the lake, and the wait is over.
        """
        ...

    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Whether any load is not taken in, or any model changed or is missing; the build tool is not started."""
        ...

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
        """Bring silver and gold up to date with the loads. The caller is `writing`.

        Args:
            run_id: Stands in every lake commit.
            loads: Every committed load, discarded ones too, oldest first.
            consumed: What the models have taken in, by `<model>@<version>`.
            begin: Told which versions, before any table is touched.
            select: A dbt selection; None builds what is not up to date.
            progress: Told each model as it is done.

        Raises:
            FatalError: The build tool itself failed; models that failed are in the outcome.
        """
        ...


class UserBuilder(Protocol):
    def has_work(self, loads: Sequence[Load], consumed: Mapping[str, frozenset[UUID]]) -> bool:
        """Whether the user has models that changed or have not seen the loads; the build tool is not started."""
        ...

    def build(
        self, run_id: UUID, loads: Sequence[Load], *, begin: Callable[[Collection[str]], None], progress: Progress
    ) -> UserBuilt:
        """Build the user's models, in a schema of their own. The caller is `writing`, and silver and gold are complete.

        Args:
            run_id: Stands in every lake commit.
            loads: Every committed load, oldest first.
            begin: As for `Builder.build`.
            progress: Told each model as it is done.

        Raises:
            FatalError: The build tool itself failed.
        """
        ...


class LineageSite(Protocol):
    def write(self, folder: Path, loads: Sequence[Load]) -> Path:
        """Make a page about every model, its columns and where its values come from, and answer its path.

        Raises:
            FatalError: The build tool failed.
        """
        ...
