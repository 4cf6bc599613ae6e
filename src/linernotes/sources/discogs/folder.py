"""Dumps in a folder of the user's: found and checked where they are, never changed, moved or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from linernotes.domain.dumps import CHECKSUM, ListedDump, ListedFile, group_by_date
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.dumps import DumpFile
from linernotes.ports.fetching import DamagedFileError, FetchedFile
from linernotes.ports.progress import Progress
from linernotes.sources.discogs.checksums import CHECKSUM_LIMIT_BYTES, parse_checksums
from linernotes.sources.discogs.local import check_file, reading_errors
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
        with reading_errors(path), path.open("rb") as stream:
            return parse_checksums(stream.read(CHECKSUM_LIMIT_BYTES).decode("utf-8", "replace"))

    def check_space(self, files: Sequence[DumpFile]) -> int:
        """Nothing is to come: the files are used where they are."""
        return 0

    def check(self, file: DumpFile, *, progress: Progress) -> FetchedFile | None:
        """The checksum of the file in the folder, or None where it is not."""
        path = self._path(file)
        with reading_errors(path):
            return check_file(path, file, progress) if path.is_file() else None

    def fetch(self, file: DumpFile, *, progress: Progress) -> FetchedFile:
        """Check one file where it is.

        Raises:
            DamagedFileError: It does not match its checksum.
            FatalError: It cannot be read.
        """
        path = self._path(file)
        with reading_errors(path):
            found = check_file(path, file, progress)
        if file.sha256 not in (None, found.sha256):
            raise DamagedFileError(
                f"{path} has SHA-256 {found.sha256}, its checksum file says {file.sha256}: "
                "get a sound copy (this one was not touched)"
            )
        return found

    def _path(self, file: DumpFile) -> Path:
        if parse_name(file.name) is None:
            raise FatalError(f"{file.name!r} is not the name of a dump file; refused")
        return self._folder / file.name
