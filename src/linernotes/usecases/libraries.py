"""Libraries: files that a user brings for the providers which are answered out of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.leases import Leases
from linernotes.ports.libraries import Document, Librarian, Libraries, LibraryFile, Unread
from linernotes.ports.progress import Progress, Task
from linernotes.ports.runs import Runs
from linernotes.ports.standing import UnknownEntities
from linernotes.usecases.running import recorded

NEEDS_A_PERSON = 3
_EXAMPLES = 5
_TOLD_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTools:
    """Everything it touches."""

    librarians: Mapping[str, Librarian]
    """By provider."""
    libraries: Libraries
    unknown: UnknownEntities
    leases: Leases
    runs: Runs
    digest: Callable[[Path], str]
    """SHA-256 of a file, or of a folder's files."""
    now: Callable[[], datetime]
    progress: Progress
    code_version: str
    settings: Mapping[str, object]
    wait_seconds: float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFile:
    """What came of one file."""

    file: LibraryFile
    unread_count: int
    """Parts of it of which nothing could be made."""
    unread: tuple[Unread, ...]
    """The first of them."""

    @property
    def exit_status(self) -> int:
        """3 where a part could not be read."""
        return NEEDS_A_PERSON if self.unread_count else 0


def add_files(provider: str, paths: Sequence[Path], tools: LibraryTools, *, dry_run: bool) -> Sequence[AddedFile]:
    """Take files into a provider's library; who it did not know may be asked about again.

    Args:
        provider: Whose files.
        paths: Files or folders; none for the one that this machine has.
        tools: What it touches.
        dry_run: Read them, and keep nothing.

    Raises:
        WrongUsageError: There is no such library, or a file is not one of this provider, or says nothing.
        FatalError: A file cannot be read, or is damaged, or the library cannot be written.
    """
    librarian = _librarian(provider, tools)
    usual = librarian.usual_file()
    chosen = list(paths) or ([usual] if usual else [])
    if not chosen:
        raise WrongUsageError(f"name a file; `liner library list` tells which ones {provider} is answered from")
    if dry_run:
        return [_add(librarian, path, tools, keep=None) for path in chosen]
    with (
        recorded(tools.runs, "library", code_version=tools.code_version, settings=tools.settings) as run,
        tools.leases.hold(f"library:{provider}", wait_seconds=tools.wait_seconds, on_wait=tools.progress.say),
    ):
        added = [_add(librarian, path, tools, keep=tools.libraries) for path in chosen]
        tools.unknown.forget(provider, [one.entity_id for one in tools.unknown.find(provider)])
        run.counters.update(
            documents=sum(one.file.document_count for one in added), unread=sum(one.unread_count for one in added)
        )
    return added


def remove_file(provider: str, name: str, tools: LibraryTools) -> None:
    """Let go of a file; what was answered out of it stays in bronze.

    Raises:
        WrongUsageError: There is no such library, or no file of this name in it.
    """
    _librarian(provider, tools)
    if not tools.libraries.remove(provider, name):
        raise WrongUsageError(f"{provider} has no file {name!r}; `liner library list` tells those there are")


def _librarian(provider: str, tools: LibraryTools) -> Librarian:
    if provider not in tools.librarians:
        raise WrongUsageError(f"{provider!r} has no library; {', '.join(tools.librarians)} have one")
    return tools.librarians[provider]


def _add(librarian: Librarian, path: Path, tools: LibraryTools, *, keep: Libraries | None) -> AddedFile:
    if not path.exists():
        raise WrongUsageError(f"{path} is not there")
    reading = _Reading()
    with _readable(path), tools.progress.task(f"reading {path.name}", unit="documents") as task:
        documents = reading.documents(_parts(librarian, path), task)
        first = next(documents, None)
        if first is None:
            why = f": {reading.unread[0].place}, {reading.unread[0].reason}" if reading.unread else ""
            raise WrongUsageError(f"{path} says nothing that {librarian.provider} could be asked for{why}")
        file = LibraryFile(
            provider=librarian.provider,
            name=path.name,
            sha256=tools.digest(path),
            document_count=0,
            size_bytes=0,
            added_at=tools.now(),
        )
        everything = chain([first], documents)
        kept = keep.put(file, everything) if keep else replace(file, document_count=sum(1 for _ in everything))
    return AddedFile(file=kept, unread_count=reading.unread_count, unread=tuple(reading.unread))


def _parts(librarian: Librarian, path: Path) -> Iterator[Document | Unread]:
    """What a file says; that it cannot be read is told here, since elsewhere it would pass for a fault of writing."""
    with _readable(path):
        yield from librarian.read(path)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FatalError(
            f"cannot read {path} ({error.strerror or error}); change its rights, or name another"
        ) from error


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What is noticed while a file is read."""

    unread_count: int = 0
    unread: list[Unread] = field(default_factory=list)
    """The first of them."""

    def documents(self, parts: Iterable[Document | Unread], task: Task) -> Iterator[Document]:
        """The documents; what is none is counted."""
        count = 0
        for part in parts:
            if isinstance(part, Unread):
                self.unread_count += 1
                if len(self.unread) < _EXAMPLES:
                    self.unread.append(part)
                continue
            count += 1
            if count % _TOLD_AT_A_TIME == 0:
                task.advance(_TOLD_AT_A_TIME)
            yield part
        task.advance(count % _TOLD_AT_A_TIME)
