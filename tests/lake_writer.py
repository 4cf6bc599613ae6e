"""A process that writes the lake: python -m tests.lake_writer FOLDER EXTENSIONS LOCK COUNT [CATALOG].

It commits COUNT times, one row each, and takes the writer lock for every transaction; LOCK `-` means none.
"""

import contextlib
import os
import sys
from pathlib import Path

from linernotes.lake.engine import Engine
from linernotes.lake.lock import writer_lock


def main(folder: str, extensions: str, lock: str, count: str, catalog: str = "") -> None:
    engine = Engine(folder=Path(folder), extensions=Path(extensions), catalog=catalog or None, threads=1)
    with engine.connect(read_only=False) as connection:
        for number in range(int(count)):
            held = contextlib.nullcontext() if lock == "-" else writer_lock(Path(lock), wait_seconds=120, say=print)
            with held:
                connection.execute("BEGIN")
                connection.execute("INSERT INTO lake.silver.written VALUES (?, ?)", [os.getpid(), number])
                connection.execute("COMMIT")


if __name__ == "__main__":
    main(*sys.argv[1:])
