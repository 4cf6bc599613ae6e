"""Dumps in a folder of the user's: found and checked where they are, never changed, moved or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from linernotes.domain.dumps import CHECKSUM, ListedDump, ListedFile, group_by_date
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import DamagedFileError, FetchedFile
from linernotes.ports.progress import Progress
from linernotes.sources.discogs.checksums import hash_file, parse_checksums
from linernotes.sources.discogs.discover import CHECKSUM_LIMIT_BYTES
from linernotes.sources.discogs.names import parse_name


class FolderDumps:
    """Index and fetcher of the dump files in one folder, not those in folders below it."""

    publishes_checksums = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def discover(self, *, year: int | None = None) -> Iterable[ListedDump]:
        """The dumps in the folder, newest first.

        Raises:
            WrongUsageError: There is no such folder, or no dump file in it.
        """
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.is_file())
        except OSError as error:
            raise WrongUsageError(f"cannot read the folder {self._folder}: {error.strerror or error}") from error
        files = []
        for path in paths:
            parsed = parse_name(path.name)
            if parsed:
                dumped_on, entity = parsed
                size = path.stat().st_size
                files.append((dumped_on, ListedFile(entity=entity, name=path.name, url=path.as_uri(), size_bytes=size)))
        if not files:
            raise WrongUsageError(f"no dump files in {self._folder}: they are named discogs_YYYYMMDD_artists.xml.gz")
        return [dump for dump in group_by_date(files) if year is None or dump.dumped_on.year == year]

    def fetch_checksums(self, dump: ListedDump) -> Mapping[str, str]:
        """SHA-256 by file name, as the folder's checksum file has them; empty without one."""
        file = dump.find(CHECKSUM)
        if file is None:
            return {}
        path = self._folder / file.name
        try:
            with path.open("rb") as stream:
                return parse_checksums(stream.read(CHECKSUM_LIMIT_BYTES).decode("utf-8", "replace"))
        except OSError as error:
            raise FatalError(f"cannot read {path}: {error.strerror or error}") from error

    def check_space(self, files: Sequence[DumpFile]) -> int:
        """Nothing is to come: the files are used where they are."""
        return 0

    def fetch(self, file: DumpFile, *, progress: Progress) -> FetchedFile:
        """Check one file where it is.

        Raises:
            DamagedFileError: It does not match its checksum.
            FatalError: It cannot be read.
        """
        if parse_name(file.name) is None:
            raise FatalError(f"{file.name!r} is not the name of a dump file; refused")
        path = self._folder / file.name
        try:
            size = path.stat().st_size
            with progress.task(f"check {file.name}", total=size, unit="bytes") as task:
                digest = hash_file(path, advance=task.advance)
        except OSError as error:
            raise FatalError(f"cannot read {path}: {error.strerror or error}") from error
        if file.sha256 is not None and digest != file.sha256:
            raise DamagedFileError(
                f"{path} has SHA-256 {digest}, its checksum file says {file.sha256}: get a sound copy (not touched)"
            )
        return FetchedFile(path=path, sha256=digest, size_bytes=size, is_verified=file.sha256 is not None)
