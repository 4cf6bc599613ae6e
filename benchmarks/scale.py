"""`make scale`: two months of generated Discogs dumps through pull, build, stage and promote, step by step.

Each step is a process of its own. Measured per step: wall time, CPU time, peak resident memory, the most
that DuckDB spilled, and the disk that the home takes afterwards.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LINER = Path(sys.executable).parent / "liner"
WHOLE_MONTH = 18_950_000
"""Releases of a Discogs month in 2026, for the extrapolation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step took."""

    releases: int
    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    spill_mb: float
    home_mb: float


def main() -> None:
    """Run the steps for each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, nargs="+", default=[200_000, 2_000_000])
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "scale")
    parser.add_argument("--steps", nargs="+", default=[], metavar="STEP", help="only these: pull, build")
    parser.add_argument("--keep", action="store_true", help="keep the homes, too")
    arguments = parser.parse_args()
    sizes = [run_size(releases, arguments.folder, arguments.steps) for releases in arguments.releases]
    steps = [step for size in sizes for step in size]
    print_table(steps)
    (arguments.folder / "scale.json").write_text(json.dumps([asdict(step) for step in steps], indent=2))
    if not arguments.keep:
        for releases in arguments.releases:
            shutil.rmtree(arguments.folder / str(releases) / "home")


def run_size(releases: int, folder: Path, only: Sequence[str]) -> Iterator[Step]:
    """Two months of one size; the second has 2% changed, 0.5% gone and the other era.

    Args:
        releases: How many a month has.
        folder: Where dumps and homes stand.
        only: First words of the steps to take; empty for all.
    """
    place = folder / str(releases)
    dumps, home = place / "dumps", place / "home"
    shutil.rmtree(home, ignore_errors=True)
    liner = [str(LINER), "--quiet", "--home", str(home)]
    plan = {
        "pull month 1": [*liner, "pull", "discogs", "--from", str(dumps), "--month", "2024-11"],
        "build month 1": [*liner, "build"],
        "stage month 1": [*liner, "stage"],
        "promote month 1": [*liner, "promote"],
        "pull month 2": [*liner, "pull", "discogs", "--from", str(dumps), "--month", "2024-12"],
        "build month 2": [*liner, "build"],
        "stage month 2": [*liner, "stage"],
        "promote month 2": [*liner, "promote"],
        "build again, nothing new": [*liner, "build"],
    }
    generate(releases, dumps)
    for name, command in plan.items():
        if only and name.split()[0] not in only:
            continue
        step = measure(releases, name, command, home)
        print(f"{releases:>9,} {name}: {step.seconds:.0f} s, {step.peak_mb:,.0f} MB", file=sys.stderr, flush=True)
        yield step


def generate(releases: int, dumps: Path) -> None:
    """Write the dumps, unless they are there from the last time."""
    made_by, generator = dumps / "made-by.txt", PROJECT / "benchmarks" / "generate_discogs.py"
    version = hashlib.sha256(generator.read_bytes()).hexdigest()
    if made_by.exists() and made_by.read_text() == version:
        return
    shutil.rmtree(dumps, ignore_errors=True)
    options = ["--releases", str(releases), "--months", "2", "--folder", str(dumps)]
    subprocess.run([sys.executable, str(generator), *options], cwd=PROJECT, check=True)
    made_by.write_text(version)


def measure(releases: int, name: str, command: Sequence[str], home: Path) -> Step:
    """Run one command and see what it took; a command that fails ends everything."""
    spill = SpillWatch(home / "lake")
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
    with spill:
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Step(
        releases=releases,
        name=name,
        seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6,
        spill_mb=spill.most / 1e6,
        home_mb=size_of(home) / 1e6,
    )


class SpillWatch:
    """Looks twice a second how much is spilled in a folder, and remembers the most."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self.most = max(self.most, sum(map(size_of, self.folder.glob("spill-*"))))


def size_of(folder: Path) -> int:
    """Bytes of the files below a folder, links left out; files that go meanwhile count nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - quicker over many files
            except FileNotFoundError:
                continue
    return total


def print_table(steps: Sequence[Step]) -> None:
    """The table of docs/reference/figures.md, with the growth between sizes and a whole month by extrapolation."""
    print("| releases | step | seconds | CPU s | peak MB | spill MB | home MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for step in steps:
        print(
            f"| {step.releases:,} | {step.name} | {step.seconds:,.1f} | {step.cpu_seconds:,.1f} "
            f"| {step.peak_mb:,.0f} | {step.spill_mb:,.0f} | {step.home_mb:,.0f} |"
        )
    by_name: dict[str, list[Step]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    print()
    print("| step | growth in time for growth in releases | a whole month by extrapolation |")
    print("| --- | --- | ---: |")
    for name, of_name in by_name.items():
        first, last = of_name[0], of_name[-1]
        growth = f"{last.seconds / first.seconds:.1f}x for {last.releases / first.releases:.0f}x"
        more = last.releases - first.releases
        per_release = (last.seconds - first.seconds) / more if more else last.seconds / last.releases
        whole = last.seconds + per_release * (WHOLE_MONTH - last.releases)
        print(f"| {name} | {growth} | {whole / 60:,.1f} min |")


if __name__ == "__main__":
    main()
