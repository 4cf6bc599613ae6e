"""Fetching: where a source lists its dumps, how their files come here, and where they are kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from linernotes.domain.dumps import ListedDump, StoredFile
from linernotes.errors import FatalError, TransientError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.progress import Progress


class ChecksumMismatchError(TransientError):
    """A downloaded file was not the one that was published; it has been deleted and can be fetched again."""


class DamagedFileError(FatalError):
    """A file in the user's own folder does not match its checksum; it was left as it is."""


class DumpIndex(Protocol):
    """Where a source lists its dumps: an HTML index, a bucket listing, or a folder."""

    @property
    def publishes_checksums(self) -> bool:
        """Whether a dump without a checksum file is one that is still being written."""
        ...

    def discover(self, *, year: int | None = None) -> Iterable[ListedDump]:
        """The dumps listed, newest first, read only as far as they are asked for.

        Raises:
            TransientError: The index did not answer.
            FatalError: What answered lists no dumps at all.
        """
        ...

    def fetch_checksums(self, dump: ListedDump) -> Mapping[str, str]:
        """SHA-256 by file name, as published; empty where the dump has no checksum file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """A dump file that is here, whole."""

    path: Path
    sha256: str
    size_bytes: int
    is_verified: bool
    """Whether it matches a published checksum."""


class Fetcher(Protocol):
    """Brings dump files here, or finds them where they are."""

    def check(self, file: DumpFile, *, progress: Progress) -> FetchedFile | None:
        """The checksum of the file that is here, or None where it is not; nothing is fetched, changed or deleted."""
        ...

    def check_space(self, files: Sequence[DumpFile]) -> int:
        """Bytes still to come for these files.

        Raises:
            FatalError: The disk has no room for them.
        """
        ...

    def fetch(self, file: DumpFile, *, progress: Progress) -> FetchedFile:
        """Bring one file here; a file that is here already is only checked.

        Raises:
            ChecksumMismatchError: What came is not what was published; it is deleted.
            DamagedFileError: The user's own file does not match its checksum.
            TransientError: The file did not come in the attempts allowed; what came of it is kept.
            FatalError: The file cannot come: not found, refused, no room.
        """
        ...


class Downloads(Protocol):
    """The folder of downloaded files."""

    def find(self, *, dumped_on: date | None = None) -> Sequence[StoredFile]:
        """Files that Linernotes downloaded, whole or in part, oldest dump first."""
        ...

    def delete(self, file: StoredFile) -> None:
        """Delete one of them.

        Raises:
            FatalError: It cannot be deleted; the message says why.
        """
        ...
