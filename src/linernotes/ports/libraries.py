"""Libraries: files that a user brought, out of which the questions to a provider are answered as a service would."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from linernotes.ports.providers import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing that a file says, found by its key."""

    key: str
    text: str
    """JSON: what the file says of it, as it says it; a row of a table by the names of its columns."""
    rank: int = 0
    """Its place among those of the same key, the lowest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part of a file of which nothing can be made."""

    place: str
    """Such as `line 17`, or the name of a member of an archive."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFile:
    """A file of a library."""

    provider: str
    name: str
    """That of the file that was brought; another one of this name takes its place."""
    sha256: str
    document_count: int
    size_bytes: int
    """Of what the home keeps."""
    added_at: datetime


class Librarian(Protocol):
    """Knows the files of one provider: how they are read, and how questions are answered out of them."""

    @property
    def provider(self) -> str:
        """Whose files."""
        ...

    def usual_file(self) -> Path | None:
        """The file to take where none is named, if this machine has one."""
        ...

    def read(self, path: Path) -> Iterator[Document | Unread]:
        """What a file, or a folder of files, says.

        Raises:
            WrongUsageError: It is no file of this provider.
            FatalError: It cannot be read, or is damaged.
        """
        ...

    def key(self, question: Question) -> str:
        """What to look for."""
        ...

    def answer(self, documents: Sequence[Document]) -> bytes:
        """What the provider would answer, by the documents of the key, in the order of their ranks."""
        ...


class Libraries(Protocol):
    def put(self, file: LibraryFile, documents: Iterable[Document]) -> LibraryFile:
        """Keep what a file says, in place of what one of the same name said, and answer it with its counts.

        Raises:
            FatalError: It cannot be written.
        """
        ...

    def remove(self, provider: str, name: str) -> bool:
        """Let go of a file; False where there is none of this name."""
        ...

    def providers(self) -> frozenset[str]:
        """Those that have a file, damaged or not."""
        ...

    def all(self, provider: str | None = None) -> Sequence[LibraryFile]:
        """Every file, or those of a provider, by provider and name."""
        ...

    def reading(self, provider: str) -> AbstractContextManager[Callable[[str], Sequence[Document]]]:
        """For the block, what finds the documents of a key in the files of a provider, in the order of their ranks."""
        ...
