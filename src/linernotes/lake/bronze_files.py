"""The bronze folder, seen from outside: whether a load's files are there, and what no load lists."""

from collections.abc import Collection, Sequence
from pathlib import Path

from linernotes.errors import FatalError
from linernotes.lake.bronze import BronzeTables
from linernotes.ports.bronze import BronzeFile
from linernotes.ports.loads import Load


class BronzeFolder:
    """The files in `<bronze>/<table>/`."""

    def __init__(self, bronze: Path) -> None:
        self._bronze = bronze

    def find_missing(self, load: Load) -> Sequence[str]:
        """Files of a load that are not there, or have another size; by path."""
        return [file.path for file in load.files if self._size(file.path) != file.size_bytes]

    def find_unlisted(self, *, source: str, listed: Collection[str]) -> Sequence[BronzeFile]:
        """Files of a source's tables whose path is not among those listed; links are not followed.

        Raises:
            FatalError: The folder cannot be read.
        """
        try:
            paths = sorted(
                path
                for table in self._bronze.glob(f"{source}_*")
                if table.is_dir() and not table.is_symlink()
                for path in table.iterdir()
                if path.is_file() and not path.is_symlink()
            )
            found = [
                BronzeFile(path=path.relative_to(self._bronze).as_posix(), size_bytes=path.stat().st_size)
                for path in paths
            ]
        except OSError as error:
            raise FatalError(f"cannot read {self._bronze}: {error.strerror or error}") from error
        return [file for file in found if file.path not in listed]

    def sweep(self) -> int:
        """Remove the scratch of writers whose process is gone; answer how many files that were.

        Raises:
            FatalError: It cannot be removed.
        """
        try:
            return BronzeTables(self._bronze).sweep()
        except OSError as error:
            raise FatalError(f"cannot sweep {self._bronze}: {error.strerror or error}") from error

    def delete(self, file: BronzeFile) -> None:
        """Delete one file.

        Raises:
            FatalError: It cannot be deleted, or is not in a table's folder.
        """
        table, _, name = file.path.partition("/")
        if not name or "/" in name or {table, name} & {"", ".", ".."}:
            raise FatalError(f"{file.path!r} is not a bronze file; refused")
        path = self._bronze / table / name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FatalError(f"cannot delete {path}: {error.strerror or error}") from error

    def _size(self, path: str) -> int | None:
        try:
            return (self._bronze / path).stat().st_size
        except OSError:
            return None
