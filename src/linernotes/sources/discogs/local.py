"""Dump files on this machine: checking them, and saying clearly what the disk has against it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linernotes.errors import FatalError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import FetchedFile
from linernotes.ports.progress import Progress
from linernotes.sources.discogs.checksums import hash_file


def check_file(path: Path, file: DumpFile, progress: Progress) -> FetchedFile:
    """The file at `path` with its checksum, and whether that is the published one."""
    size = path.stat().st_size
    with progress.task(f"check {file.name}", total=size, unit="bytes") as task:
        digest = hash_file(path, advance=task.advance)
    return FetchedFile(path=path, sha256=digest, size_bytes=size, is_verified=digest == file.sha256)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Tell what the disk refuses as one clear line."""
    try:
        yield
    except OSError as error:
        raise FatalError(f"cannot store {path}: {error.strerror or error}; what came so far is kept") from error


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Tell what cannot be read as one clear line."""
    try:
        yield
    except OSError as error:
        raise FatalError(f"cannot read {path}: {error.strerror or error}") from error
