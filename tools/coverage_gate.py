"""Judge a coverage report by part: coverage.py itself knows one threshold only.

python -m tools.coverage_gate build/coverage.json
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

THRESHOLDS = {"": 95.0, "domain/": 100.0}
"""Least share of statements and branches together, in percent, by folder under src/linernotes."""

WORST = 5
ROOT = "src/linernotes/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What the tests passed through in one file: statements and branches, counted together."""

    path: str
    covered: int
    possible: int
    missing: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Share that was passed through, in percent."""
        return 100.0 * self.covered / self.possible if self.possible else 100.0


def read(report: Mapping[str, object]) -> list[Covered]:
    """One entry per file of a coverage.py JSON report, paths under src/linernotes."""
    files = report["files"]
    if not isinstance(files, Mapping):
        return []
    return [_of_file(path, entry) for path, entry in files.items() if ROOT in path]


def _of_file(path: str, entry: Mapping[str, object]) -> Covered:
    summary, lines, branches = entry["summary"], entry["missing_lines"], entry.get("missing_branches", [])
    assert isinstance(summary, Mapping)
    assert isinstance(lines, list)
    assert isinstance(branches, list)
    return Covered(
        path=path.split(ROOT)[1],
        covered=summary["covered_lines"] + summary.get("covered_branches", 0),
        possible=summary["num_statements"] + summary.get("num_branches", 0),
        missing=(*map(str, lines), *(f"{start}->{end}" for start, end in branches if start not in lines)),
    )


def judge(files: list[Covered], thresholds: Mapping[str, float]) -> list[str]:
    """Say which part is below its threshold, with its worst files and lines; nothing if none is."""
    failures: list[str] = []
    for folder, least in thresholds.items():
        part = [file for file in files if file.path.startswith(folder)]
        whole = Covered(
            path=folder, covered=sum(f.covered for f in part), possible=sum(f.possible for f in part), missing=()
        )
        print(f"{folder or 'all':10} {whole.ratio:6.2f}% of {whole.possible} statements and branches, least {least}%")
        if whole.ratio < least:
            failures += [f"{folder or 'all'}: {whole.ratio:.2f}% is below {least}%; most is missing in"]
            failures += [_line(file) for file in sorted(part, key=_missed, reverse=True)[:WORST] if file.missing]
    return failures


def _missed(file: Covered) -> int:
    return file.possible - file.covered


def _line(file: Covered) -> str:
    return f"  {file.path} {file.ratio:.0f}%: {', '.join(file.missing[:20])}{' …' if len(file.missing) > 20 else ''}"  # noqa: PLR2004 - twenty fit on a line


def main(path: str = "build/coverage.json") -> int:
    """Judge the report at `path`; 1 if a part is below its threshold, 2 if there is no report."""
    if not Path(path).is_file():
        print(f"no {path}: run `make test` first", file=sys.stderr)
        return 2
    failures = judge(read(json.loads(Path(path).read_text(encoding="utf-8"))), THRESHOLDS)
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
