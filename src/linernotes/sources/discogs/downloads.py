"""The folder of downloaded dump files: what is in it, and deleting from it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from linernotes.domain.dumps import StoredFile
from linernotes.errors import FatalError
from linernotes.sources.discogs.local import reading_errors
from linernotes.sources.discogs.names import parse_name

_PARTIAL_ENDINGS = (".part", ".part.json")


class DiscogsDownloads:
    """The files that `WebFetcher` stores in `<folder>/<YYYYMMDD>/`; anything else in there is left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, *, dumped_on: date | None = None) -> Sequence[StoredFile]:
        """Files that Linernotes downloaded, whole or in part, oldest dump first; links are not followed."""
        with reading_errors(self._folder):
            found = [file for file in self._walk() if dumped_on is None or file.dumped_on == dumped_on]
        return sorted(found, key=lambda file: (file.dumped_on, file.path))

    def delete(self, file: StoredFile) -> None:
        """Delete one file, and its folder when it was the last.

        Raises:
            FatalError: It is none of ours, or cannot be deleted.
        """
        if file not in self.find(dumped_on=file.dumped_on):
            raise FatalError(f"{file.path!r} is not a downloaded file of {self._folder}; refused")
        path = self._folder / file.path
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FatalError(f"cannot delete {path}: {error.strerror or error}") from error
        with suppress(OSError):
            path.parent.rmdir()

    def _walk(self) -> Iterator[StoredFile]:
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if folder.is_dir() and not folder.is_symlink():
                for path in folder.iterdir():
                    file = _stored(folder.name, path)
                    if file:
                        yield file


def _stored(folder_name: str, path: Path) -> StoredFile | None:
    name = path.name
    for ending in _PARTIAL_ENDINGS:
        name = name.removesuffix(ending)
    parsed = parse_name(name)
    if parsed is None or f"{parsed[0]:%Y%m%d}" != folder_name or path.is_symlink() or not path.is_file():
        return None
    return StoredFile(
        dumped_on=parsed[0],
        path=f"{folder_name}/{path.name}",
        size_bytes=path.stat().st_size,
        is_partial=name != path.name,
    )
