"""Bronze files, seen from outside: whether those of a load are there, and which belong to no load."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from linernotes.ports.loads import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class BronzeFile:
    """One file below the bronze folder."""

    path: str
    """Relative to the bronze folder, with forward slashes."""
    size_bytes: int


class BronzeFiles(Protocol):
    def find_missing(self, load: Load) -> Sequence[str]:
        """Files of a load that are not there, or have another size; by path."""
        ...

    def find_unlisted(self, *, source: str, listed: Collection[str]) -> Sequence[BronzeFile]:
        """Files of a source's tables whose path is not among those listed: what a killed pull left."""
        ...

    def sweep(self) -> int:
        """Remove the scratch of writers whose process is gone; answer how many files that were."""
        ...

    def delete(self, file: BronzeFile) -> None:
        """Delete one file.

        Raises:
            FatalError: It cannot be deleted, or is not below the bronze folder.
        """
        ...
