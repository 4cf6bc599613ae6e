"""`make scale`, the matcher's part: how time, memory and accuracy grow with the number of records.

Each size is a process of its own: `liner evaluate matching` on generated records (generate_tracks.py).
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LINER = Path(sys.executable).parent / "liner"


def main() -> None:
    """Run each size and print the table of docs/reference/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[20_000, 200_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "scale")
    arguments = parser.parse_args()
    print("| records | CPU s | CPU s per 1,000 | peak MB | pairs compared | completeness | F1 |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for records in arguments.records:
        file = arguments.folder / f"tracks-{records}.csv"
        generator = [sys.executable, str(PROJECT / "benchmarks" / "generate_tracks.py")]
        subprocess.run([*generator, "--records", str(records), "--file", str(file)], check=True)
        command = [str(LINER), "evaluate", "matching", "--dataset", str(file), "--json"]
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        seconds = sum(report["cpu_seconds"].values())
        print(
            f"| {report['records']:,} | {seconds:,.1f} | {1000 * seconds / report['records']:.2f} "
            f"| {report['peak_mb']:,.0f} | {report['pairs']:,} | {report['completeness']:.4f} "
            f"| {report['pairwise']['f1']:.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
