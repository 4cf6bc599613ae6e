"""`liner`, writing down every failpoint that it passes: the map for the kill tests."""

import os
import threading
from pathlib import Path

from linernotes import failpoints
from linernotes.cli.main import main

PASSAGES = "RECORDED_PASSAGES"
"""Names the file to write to."""


def record() -> None:
    """Run the command line, recording."""
    with Path(os.environ[PASSAGES]).open("a", encoding="utf-8") as file:

        def hit(name: str) -> None:
            if name.startswith("ledger.") and threading.current_thread() is not threading.main_thread():
                return  # the heartbeat: whether it beats within a short run is chance
            file.write(f"{name}\n")
            file.flush()

        failpoints.hit = hit
        main()


if __name__ == "__main__":
    record()
