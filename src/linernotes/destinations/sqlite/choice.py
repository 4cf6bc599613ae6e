"""Which file is meant: our own, or one of somebody else's that was named by a path or a pattern."""

import json
from pathlib import Path

from linernotes.destinations.sqlite.connections import translated
from linernotes.destinations.sqlite.files import write_json
from linernotes.errors import WrongUsageError

_BESIDE = ("-wal", "-shm", "-journal")


def find_file(pattern: str) -> Path:
    """The one file that a path or a pattern means, such as `state/v3/d1/*/*.sqlite`.

    Raises:
        WrongUsageError: It means none, or several.
    """
    path = Path(pattern)
    if path.is_file():
        return path.absolute()
    rooted = path.absolute()
    found = sorted(Path(rooted.anchor).glob(str(rooted.relative_to(rooted.anchor))))
    files = [file for file in found if file.is_file() and not file.name.endswith(_BESIDE)]
    if not files:
        raise WrongUsageError(f"no file {pattern}; --mirror takes the path of a production file, or a pattern")
    if len(files) > 1:
        raise WrongUsageError(f"{pattern} means {len(files)} files ({files[0]}, {files[1]} …); name one")
    return files[0]


def remember(folder: Path, mirror: str | None) -> None:
    """Remember in the production folder what was staged last, so that the commands after it mean the same."""
    if recall(folder) != mirror:
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
            write_json(folder / "destination.json", {"mirror": mirror}, "destination.record")


def recall(folder: Path) -> str | None:
    """The pattern of the file that was staged last; None for our own."""
    try:
        content = json.loads((folder / "destination.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    mirror = content.get("mirror") if isinstance(content, dict) else None
    return str(mirror) if mirror else None
