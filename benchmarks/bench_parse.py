"""How fast a dump becomes Parquet, with all checks on: beside an lxml loader, the physical floor, and the limits set.

Every line is the best of five processes: what else the machine does only ever adds. CPU is that of the work, imports
left out; memory is the whole process, imports included, and the most of the five. The files are generated
(generate_discogs.py), 400 MB of XML each and once four times that.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.generate_discogs import Month, write_months  # noqa: E402 - the project's root must be found first

BYTES_PER_RELEASE = 4_150
PROCESSES = 5
LOAD_ID = UUID("01939c2e-7e4a-7000-8000-000000000001")
# What the loader with lxml takes where the limits in MB per CPU second were set: 15.0 CPU s for 400 MB of XML.
REFERENCE_PEER_RATE = 400 / 15.0
FLOOR, PEER = "igzip and record split alone", "lxml iterparse, no checks"
OLD, NEW, NEXT, LARGE = "until 2024-11", "from 2024-12", "the next month, 2% changed", "4 times the size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one run took."""

    name: str
    megabytes: float
    cpu_seconds: float
    peak_mb: float
    note: str = ""

    @property
    def rate(self) -> float:
        """MB of XML per CPU second."""
        return self.megabytes / self.cpu_seconds


class Quiet:
    """Progress that nobody watches."""

    @contextmanager
    def task(self, description: str, *, total: int | None = None, unit: str = "") -> Iterator["Quiet"]:
        yield self

    def advance(self, amount: int = 1, /) -> None:
        pass

    def say(self, message: str) -> None:
        pass

    def step(self, message: str) -> None:
        pass


def run_floor(path: Path, folder: Path, previous: Path | None) -> tuple[float, str]:
    """Inflate and find the records: nothing can be faster."""
    from linernotes.sources.discogs.inflate import inflate
    from linernotes.sources.discogs.records import RecordSplitter
    from linernotes.sources.discogs.tables import ENTITIES

    began = time.process_time()
    splitter = RecordSplitter(ENTITIES["release"], source=path.name, chunk_bytes=8 << 20)
    count = sum(len(chunk.spans) for chunk in splitter.chunks(inflate(path, piece_bytes=1 << 18)))
    return time.process_time() - began, f"{count:,} records"


def run_land(path: Path, folder: Path, previous: Path | None) -> tuple[float, str]:
    """Land the file as `liner pull` does."""
    from linernotes.lake.bronze import BronzeTables
    from linernotes.sources.discogs.landing import DiscogsLander

    began = time.process_time()
    lander = DiscogsLander(BronzeTables(folder), now=lambda: datetime.now(tz=UTC))
    hashes = [previous] if previous else []
    landed = lander.land(path, entity="release", load_id=LOAD_ID, previous_hashes=hashes, progress=Quiet())
    size = sum(file.size_bytes for file in landed.files) / 1e6
    note = f"{landed.landed_count:,} of {landed.record_count:,} records, {size:.0f} MB of Parquet"
    return time.process_time() - began, note


def run_lxml(path: Path, folder: Path, previous: Path | None) -> tuple[float, str]:
    """Load the file as a careful programmer would: iterparse, lists, Arrow, Parquet; no checks."""
    from benchmarks.lxml_loader import load

    began = time.process_time()
    count = load(path, folder)
    return time.process_time() - began, f"{count:,} records"


RUNS: dict[str, Callable[[Path, Path, Path | None], tuple[float, str]]] = {
    "floor": run_floor,
    "land": run_land,
    "lxml": run_lxml,
}


def measure(name: str, kind: str, file: tuple[Path, float], folder: Path, *, previous: Path | None = None) -> Figure:
    """The best of some processes, the peak of memory being that of the worst."""
    runs = []
    for _ in range(PROCESSES):
        shutil.rmtree(folder, ignore_errors=True)
        runs.append(measure_once(name, kind, file, folder, previous))
    figure = replace(min(runs, key=lambda run: run.cpu_seconds), peak_mb=max(run.peak_mb for run in runs))
    print_figure(figure)
    return figure


def measure_once(name: str, kind: str, file: tuple[Path, float], folder: Path, previous: Path | None) -> Figure:
    """Do one run in a process of its own."""
    path, megabytes = file
    folder.mkdir()
    command = [sys.executable, __file__, "--run", kind, str(path), str(folder), *([str(previous)] if previous else [])]
    with (folder / "figures.json").open("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        out.seek(0)
        cpu_seconds, note = json.load(out)
    peak_mb = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return Figure(name=name, megabytes=megabytes, cpu_seconds=cpu_seconds, peak_mb=peak_mb, note=note)


def make_files(folder: Path, megabytes: int) -> dict[str, tuple[Path, float]]:
    """Generate the files, if they are not there from the last time: path and MB of XML by name."""
    listing = folder / f"files-{megabytes}.json"
    if listing.exists():
        return {name: (Path(path), size) for name, (path, size) in json.loads(listing.read_text()).items()}
    shutil.rmtree(folder, ignore_errors=True)
    releases = megabytes * 1_000_000 // BYTES_PER_RELEASE
    first = Month(releases=releases, series=0.03, gone=0.005, changed=0.02)
    plans = {
        OLD: (first, 1),
        NEW: (replace(first, releases=releases * 8 // 7, is_new_era=True), 2),
        LARGE: (replace(first, releases=releases * 4), 1),
    }
    files = {}
    for name, (month, count) in plans.items():
        place = folder / name.replace(" ", "_")
        sizes = write_months(place, month, count, only=["release"])
        for title, (file, size) in zip((name, NEXT), sorted(sizes.items()), strict=False):
            files[title] = (place / file, size / 1e6)
    listing.write_text(json.dumps({name: (str(path), size) for name, (path, size) in files.items()}))
    return files


def print_figure(figure: Figure) -> None:
    print(
        f"{figure.name:42} {figure.megabytes:8,.0f} {figure.cpu_seconds:9.2f} {figure.rate:9.0f} {figure.peak_mb:9.0f}"
        f"  {figure.note}",
        flush=True,
    )


def print_verdicts(figures: dict[str, Figure]) -> None:
    """Hold the figures against what they must be."""
    peer = figures[PEER]
    speed = peer.rate / REFERENCE_PEER_RATE
    peak_mb = max(figures[name].peak_mb for name in (OLD, NEW, NEXT, LARGE))
    at_least = {
        f"MB per CPU second, {OLD}": (figures[OLD].rate / speed, 80),
        f"MB per CPU second, {NEW}": (figures[NEW].rate / speed, 80),
        f"MB per CPU second, {NEXT}": (figures[NEXT].rate / speed, 250),
        "times the lxml loader (5 is the stretch)": (figures[OLD].rate / peer.rate, 3),
    }
    at_most = {
        "MB resident": (peak_mb, 350),
        "MB resident more at 4 times the size": (figures[LARGE].peak_mb - figures[OLD].peak_mb, 35),
    }
    print(
        f"\nThis machine has {speed:.2f} of the speed at which the limits per CPU second were set (by the lxml loader);"
    )
    print("what it did is told at that speed below.\n")
    verdicts = [(name, "at least", value, limit, value >= limit) for name, (value, limit) in at_least.items()]
    verdicts += [(name, "at most", value, limit, value <= limit) for name, (value, limit) in at_most.items()]
    for name, side, value, limit, is_kept in verdicts:
        print(f"{name:58} {value:8.1f} {side:>8} {limit:4} {'kept' if is_kept else 'MISSED'}")


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=400, help="XML per file")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "bench")
    parser.add_argument("--run", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        kind, path, folder, *previous = asked.run
        print(json.dumps(RUNS[kind](Path(path), Path(folder), Path(previous[0]) if previous else None)))
        return
    files = make_files(asked.folder, asked.megabytes)
    print(f"{'':42} {'MB XML':>8} {'CPU s':>9} {'MB/CPU s':>9} {'peak MB':>9}")
    runs = {FLOOR: ("floor", OLD), PEER: ("lxml", OLD), OLD: ("land", OLD), NEW: ("land", NEW), NEXT: ("land", NEXT)}
    runs[LARGE] = ("land", LARGE)
    figures = {}
    with TemporaryDirectory(dir=asked.folder) as scratch:
        for at, (name, (kind, file)) in enumerate(runs.items()):
            hashes = Path(scratch) / str(at - 1) / "discogs_release_hash" / f"{LOAD_ID}.parquet"
            previous = hashes if name == NEXT else None
            figures[name] = measure(name, kind, files[file], Path(scratch) / str(at), previous=previous)
    print_verdicts(figures)


if __name__ == "__main__":
    main()
