"""A download on its way: `<name>.part`, and beside it what the server said of the file."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from linernotes import failpoints
from linernotes.sources.discogs.checksums import BLOCK_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How the server tells one version of a file from another."""

    etag: str | None = None
    last_modified: str | None = None
    total_bytes: int | None = None

    @property
    def condition(self) -> str | None:
        """The value for If-Range: a strong ETag, else the date; None where the server gave neither."""
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return self.last_modified

    def is_other_than(self, later: "Origin") -> bool:
        """Whether something that both name differs."""
        pairs = ((self.etag, later.etag), (self.total_bytes, later.total_bytes))
        return any(ours is not None and theirs is not None and ours != theirs for ours, theirs in pairs)


class PartialFile:
    """Bytes that came so far, with their running SHA-256."""

    def __init__(self, target: Path) -> None:
        """Open `<target>.part`, new or as an earlier run left it; then `resume` must follow."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.origin = Origin()
        self.size = 0
        self._target = target
        self._path = target.with_name(f"{target.name}.part")
        self._notes = target.with_name(f"{target.name}.part.json")
        self._file: BinaryIO = self._path.open("ab+", buffering=BLOCK_BYTES)
        self._digest = hashlib.sha256()

    def resume(self, advance: Callable[[int], object]) -> None:
        """Read again what an earlier run left, for its hash; `advance` is told the bytes."""
        self._file.seek(0)
        while block := self._file.read(BLOCK_BYTES):
            self._digest.update(block)
            self.size += len(block)
            advance(len(block))
        try:
            self.origin = Origin(**json.loads(self._notes.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            self.origin = Origin()

    @property
    def kept_bytes(self) -> int:
        """Bytes that an earlier run left."""
        return self._path.stat().st_size

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def restart(self, origin: Origin) -> None:
        """Forget every byte and begin again with the file that `origin` describes."""
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self.size = 0
        self.origin = origin
        self._notes.write_text(json.dumps(asdict(origin)), "utf-8")

    def write(self, block: bytes) -> None:
        self._file.write(block)
        self._digest.update(block)
        self.size += len(block)

    def finish(self) -> None:
        """Give the file its name, durably."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        failpoints.hit("download.rename.before")
        self._path.replace(self._target)
        failpoints.hit("download.rename.after")
        sync_folder(self._target.parent)
        self._notes.unlink(missing_ok=True)

    def discard(self) -> None:
        """Delete what came."""
        self._file.close()
        self._path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what came for a later run."""
        self._file.close()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
