"""Rules of CONTRIBUTING.md that no linter knows: lengths and names of modules, and reasons beside exceptions."""

import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

MAX_LINES = 300
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc"}
MOCK = re.compile(r"^\s*(from unittest(\.mock)? import .*\b(mock|Mock|patch)|import unittest\.mock)")
EXCEPTION = re.compile(r"^#\s*(?:noqa\b|type:\s*ignore)(?P<rest>.*)")
REASON = re.compile(r"^(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[\w-]+(?:,\s*[\w-]+)*\])\s*(?:#|-)\s*\S+")
"""A code, then `#` or `-`, then why: `# noqa: S608 - the name comes from our own table`."""


def problems(folder: Path) -> Iterator[str]:
    """Yield one line for each rule that a Python file under `src`, `tools`, `tests` or `benchmarks` breaks."""
    for part in ("src", "tools", "tests", "benchmarks"):
        for path in sorted((folder / part).rglob("*.py")):
            yield from _of_file(path, path.relative_to(folder))


def _of_file(path: Path, name: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if name.parts[0] == "src" and len(lines) > MAX_LINES:
        yield f"{name}: {len(lines)} lines, {MAX_LINES} are allowed: split it"
    if path.stem in VAGUE:
        yield f"{name}: name it after what it does; if that is hard, it is two things"
    for number, line in enumerate(lines, start=1):
        if MOCK.match(line):
            yield f"{name}:{number}: write a fake, a small class that keeps the port's promises, instead of a mock"
    for number, comment in _comments(path):
        found = EXCEPTION.match(comment)
        if found and not REASON.match(found["rest"].strip()):
            yield f"{name}:{number}: an exception carries a code and a reason: {comment}"


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found = list(problems(Path(__file__).parents[1]))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
