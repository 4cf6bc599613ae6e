"""One file of a bronze table while it is being written."""

import os
from dataclasses import dataclass
from pathlib import Path

RECORD_ID = "record_id"
TEMPORARY = ".tmp"


@dataclass(slots=True)
class Part:
    """One file of a table."""

    path: Path
    row_count: int = 0


def make_durable(path: Path) -> None:
    """Have the system write a file to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
