"""How long `liner --help` takes: 0.3 s at most, so that nothing heavy is imported before it is needed."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

LIMIT_SECONDS = 0.3
RUNS = 10
LINER = Path(sys.executable).with_name("liner")


def measure(*arguments: str) -> list[float]:
    """Wall time of RUNS runs of `liner`, in seconds, after one that writes bytecode, as it is for users."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run([LINER, *arguments], check=True, capture_output=True, env=environment)
        taken.append(time.perf_counter() - began)
    return taken[1:]


def main() -> None:
    """Print one line per command: median, worst, and whether the limit is kept."""
    print(f"{'command':20} {'median':>8} {'worst':>8} {'limit':>8}")
    for arguments in (("--help",), ("pull", "--help"), ("--version",)):
        taken = measure(*arguments)
        median = statistics.median(taken)
        word = "kept" if median <= LIMIT_SECONDS else "MISSED"
        name = " ".join(["liner", *arguments])
        print(f"{name:20} {median:7.3f}s {max(taken):7.3f}s {LIMIT_SECONDS:7.3f}s {word}")


if __name__ == "__main__":
    main()
