"""Libraries in the home: a Parquet file for each file that a user brought, in which a key is found at once."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.lake.bronze_part import TEMPORARY, make_durable
from linernotes.lake.library_file import ABOUT, place_of, storable, write_library
from linernotes.ports.libraries import Document, LibraryFile

_CONFIG: Mapping[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "60MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_MOST_OF_A_KEY = 200
"""As many documents as one key is answered with: more are no evidence for anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeLibraries:
    """Writes and reads those files, in bounded memory."""

    folder: Path

    def put(self, file: LibraryFile, documents: Iterable[Document]) -> LibraryFile:
        """Keep what a file says, in place of what one of the same name said, and answer it with its counts.

        One process at a time for a provider.

        Raises:
            FatalError: It cannot be written.
        """
        path = self._path(file.provider, file.name)
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            for left in path.parent.glob(f".*{TEMPORARY}"):  # by a process that was killed
                shutil.rmtree(left)
            with TemporaryDirectory(dir=path.parent, prefix=".", suffix=TEMPORARY) as scratch:
                written = Path(scratch) / path.name
                counted = replace(file, document_count=write_library(written, file, documents, Path(scratch)))
                make_durable(written)
                failpoints.hit("library.rename.before")
                written.replace(path)
                failpoints.hit("library.rename.after")
            return replace(counted, size_bytes=path.stat().st_size)

    def remove(self, provider: str, name: str) -> bool:
        """Let go of a file; False where there is none of this name."""
        path = self._path(provider, name)
        with _translated(path):
            is_there = path.exists()
            path.unlink(missing_ok=True)
        return is_there

    def providers(self) -> frozenset[str]:
        """Those that have a file, damaged or not."""
        return frozenset(path.parent.name for path in self.folder.glob("*/*.parquet"))

    def all(self, provider: str | None = None) -> Sequence[LibraryFile]:
        """Every file, or those of a provider, by provider and name.

        Raises:
            FatalError: One of them is damaged.
        """
        return [_described(path) for path in sorted(self.folder.glob(f"{provider or '*'}/*.parquet"))]

    @contextmanager
    def reading(self, provider: str) -> Iterator[Callable[[str], Sequence[Document]]]:
        """For the block, what finds the documents of a key in the files of a provider, in the order of their ranks.

        Raises:
            FatalError: A file is damaged; raised while finding.
        """
        files = [str(path) for path in sorted((self.folder / provider).glob("*.parquet"))]
        with duckdb.connect(config=dict(_CONFIG)) as connection:
            connection.execute("SET parquet_metadata_cache = true")
            yield lambda key: _find(connection, files, key)

    def _path(self, provider: str, name: str) -> Path:
        if not name or {"/", "\\", "\0"} & set(name) or name.startswith("."):
            raise FatalError(f"{name!r} is no name of a file")
        return self.folder / provider / f"{name}.parquet"


def _find(connection: duckdb.DuckDBPyConnection, files: Sequence[str], key: str) -> Sequence[Document]:
    if not files:
        return []
    select = (
        "SELECT text, rank FROM read_parquet(?, filename = true) WHERE place = ? AND key = ?"
        " ORDER BY rank, filename, text LIMIT ?"
    )
    try:
        wanted = storable(key)
        rows = connection.execute(select, [files, place_of(wanted), wanted, _MOST_OF_A_KEY]).fetchall()
    except duckdb.Error as error:
        raise FatalError(f"a file of {Path(files[0]).parent} is damaged; `liner library add` it again") from error
    return [Document(key=key, text=text, rank=rank) for text, rank in rows]


def _described(path: Path) -> LibraryFile:
    with duckdb.connect(config=dict(_CONFIG)) as connection:
        try:
            rows = connection.execute(
                "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = ?", [str(path), ABOUT]
            ).fetchall()
            about = json.loads(rows[0][0])
            return LibraryFile(
                provider=path.parent.name,
                name=about["name"],
                sha256=about["sha256"],
                document_count=about["documents"],
                size_bytes=path.stat().st_size,
                added_at=datetime.fromisoformat(about["added_at"]),
            )
        except (duckdb.Error, LookupError, ValueError) as error:
            raise FatalError(f"{path} is damaged; `liner library add` the file again, or delete it") from error


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what the system says into one clear line."""
    try:
        yield
    except OSError as error:
        raise FatalError(f"cannot write {path}: {error.strerror or error}; free space or change rights") from error
