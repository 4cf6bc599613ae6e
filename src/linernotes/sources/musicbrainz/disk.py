"""What the disk refuses, told as one clear line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linernotes.errors import FatalError


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what the disk says of a file or folder during the block into an error of ours.

    Raises:
        FatalError: It cannot be written.
    """
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FatalError(f"cannot write {path} ({reason}); free space and pull again: it goes on") from error
