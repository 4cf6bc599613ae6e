"""What a file is told by, wherever it lies."""

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; of a folder, that of its files with their names."""
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    told = "".join(f"{file.relative_to(path).as_posix()}\0{digest(file)}\n" for file in files)
    return hashlib.sha256(told.encode("utf-8", errors="surrogateescape")).hexdigest()
