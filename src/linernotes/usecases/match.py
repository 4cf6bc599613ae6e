"""`liner match`: decide again which records of the sources are the same, and make what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass

from linernotes.errors import WrongUsageError
from linernotes.ports.counting import CatalogueCounter
from linernotes.ports.matching import MatchCount
from linernotes.usecases.build import BuildOutcome

SELECTION = "tag:match+"
"""The models of matches, and those that read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOutcome:
    """What was matched."""

    build: BuildOutcome
    counts: tuple[MatchCount, ...]

    @property
    def exit_status(self) -> int:
        """As of the build of the models."""
        return self.build.exit_status


def match(build_selected: Callable[[str], BuildOutcome], counter: CatalogueCounter) -> MatchOutcome:
    """Run the stage of matching alone, over what silver has.

    Raises:
        WrongUsageError: Nothing was built yet.
    """
    if not any(counter.count().values()):
        raise WrongUsageError("there is nothing to match yet; run `liner build` first")
    built = build_selected(SELECTION)
    return MatchOutcome(build=built, counts=tuple(counter.count_matches()))
