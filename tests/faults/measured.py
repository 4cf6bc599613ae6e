"""`liner`, writing down how much memory it took at most."""

import os
import re
import resource
from pathlib import Path

from linernotes.cli.main import main

PEAK = "MEASURED_PEAK"
"""Names the file to write to, in KiB."""


def peak_kib() -> int:
    """The most memory that was resident; `ru_maxrss` would count the parent's before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))
        assert found
        return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10  # bytes on macOS


if __name__ == "__main__":
    try:
        main()
    finally:
        Path(os.environ[PEAK]).write_text(str(peak_kib()), "ascii")
