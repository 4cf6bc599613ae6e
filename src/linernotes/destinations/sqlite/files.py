"""Files that change all at once or not at all: written beside, synced, renamed; with a failpoint on either side."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from linernotes import failpoints

Link = Callable[[Path, Path], None]


def sync(path: Path) -> None:
    """Make the contents of a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(source: Path, target: Path, failpoint: str) -> None:
    """Rename `source` to `target`, replacing what is there; on disk when this returns.

    Args:
        failpoint: Its name without `.before` and `.after`.
    """
    failpoints.hit(f"{failpoint}.before")
    source.replace(target)
    sync(target.parent)
    failpoints.hit(f"{failpoint}.after")


def write_json(path: Path, content: Mapping[str, object], failpoint: str) -> None:
    """Replace a JSON file."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")
    sync(fresh)
    put(fresh, path, failpoint)


def point(pointer: Path, target: Path, failpoint: str, *, make_link: Link) -> None:
    """Let `pointer` lead to `target` from one instant to the next: there is no moment without a pointer.

    A symbolic link, so that `ls -l` tells the generation. File systems without them (exFAT, some network shares) get a
    second name of the same file, which is replaced just as safely.
    """
    if pointer.exists() and pointer.samefile(target):
        return
    fresh = pointer.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        make_link(fresh, target)
    except OSError:
        fresh.hardlink_to(target)
    put(fresh, pointer, failpoint)


def point_nowhere(pointer: Path, failpoint: str) -> None:
    """Remove a pointer."""
    failpoints.hit(f"{failpoint}.before")
    pointer.unlink(missing_ok=True)
    sync(pointer.parent)
    failpoints.hit(f"{failpoint}.after")


def make_symbolic_link(link: Path, target: Path) -> None:
    """A relative link, so that the folder can be moved as a whole."""
    link.symlink_to(target.name)
