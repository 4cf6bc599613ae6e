"""Mutation tests on files of domain/: no survivor without a note.

    python -m tools.mutants origin/main    files that differ from this commit, those not yet committed included
    python -m tools.mutants all            every file

Notes stand in docs/explanation/surviving-mutants.md, by function and by what the mutation changes.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[1]
DOMAIN = Path("src/linernotes/domain")
NOTES = PROJECT / "docs" / "explanation" / "surviving-mutants.md"
ALIVE = ("survived", "no tests", "suspicious")
RESULT = re.compile(r"^\s*(?P<name>linernotes\.domain\.\S+): (?P<status>.+)$")
NAME = re.compile(r"^linernotes\.domain\.(?P<module>.+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<function>\w+?)__mutmut_\d+$")
ROW = re.compile(r"^\| `(?P<function>[^|]+)` \| `(?P<was>.*?)` \| `(?P<becomes>.*?)` \| (?P<why>.+) \|$")


class Mutation(NamedTuple):
    """One small change of a function: `dumps.is_allowed`, the former lines and the new ones."""

    function: str
    was: str
    becomes: str

    def row(self, why: str) -> str:
        """The mutation as a row of the notes."""
        was, becomes = self.was.replace("|", "\\|"), self.becomes.replace("|", "\\|")
        return f"| `{self.function}` | `{was}` | `{becomes}` | {why} |"


def read_notes(text: str) -> dict[Mutation, str]:
    """The mutations that may survive, with the reason."""
    return {
        Mutation(row["function"], row["was"].replace("\\|", "|"), row["becomes"].replace("\\|", "|")): row["why"]
        for line in text.splitlines()
        if (row := ROW.match(line))
    }


def function_of(name: str) -> str:
    """`dumps.ListedDump.find` for mutmut's `linernotes.domain.dumps.xǁListedDumpǁfind__mutmut_1`."""
    found = NAME.match(name)
    if not found:
        return name
    return ".".join(filter(None, (found["module"], found["cls"], found["function"])))


def mutation_of(name: str, diff: str) -> Mutation:
    """What a mutant changes, from mutmut's diff of it."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@", "#"))]
    was = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    becomes = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return Mutation(function_of(name), was, becomes)


def judge(survivors: Iterable[Mutation], notes: Iterable[Mutation], modules: Iterable[str]) -> list[str]:
    """What is wrong: survivors without a note, and notes on these modules whose mutant was killed."""
    alive, noted, examined = set(survivors), set(notes), tuple(f"{module}." for module in modules)
    wrong = [f"survived: {mutation.row('why?')}" for mutation in sorted(alive - noted)]
    gone = sorted(mutation for mutation in noted - alive if mutation.function.startswith(examined))
    return wrong + [f"killed or gone, remove its note: {mutation.row('…')}" for mutation in gone]


def changed_modules(base: str) -> list[str]:
    """Names of the modules of domain/ to examine."""
    if base == "all":
        files = [str(path) for path in (PROJECT / DOMAIN).rglob("*.py")]
    else:
        start = _output("git", "merge-base", base, "HEAD").strip()
        files = _output("git", "diff", "--name-only", "--diff-filter=d", start, "--", str(DOMAIN)).splitlines()
        files += _output("git", "ls-files", "--others", "--exclude-standard", "--", str(DOMAIN)).splitlines()
    return sorted({Path(file).stem for file in files if file.endswith(".py")} - {"__init__"})


def survivors(modules: Iterable[str]) -> list[Mutation]:
    """Run mutmut on these modules; the mutations that no test noticed."""
    patterns = [f"linernotes.domain.{module}.*" for module in modules]
    told = None if sys.stdout.isatty() else subprocess.DEVNULL  # a moving line for each mutant
    subprocess.run([_program("mutmut"), "run", *patterns], cwd=PROJECT, check=True, stdout=told)
    prefixes = tuple(pattern.removesuffix("*") for pattern in patterns)
    found = [RESULT.match(line) for line in _output(_program("mutmut"), "results").splitlines()]
    alive = [r["name"] for r in found if r and r["status"] in ALIVE and r["name"].startswith(prefixes)]
    return [mutation_of(name, _output(_program("mutmut"), "show", name)) for name in alive]


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout


def main(base: str = "origin/main") -> int:
    """Examine what changed since `base`; 1 if a survivor has no note, or a note no survivor."""
    try:
        modules = changed_modules(base)
    except subprocess.CalledProcessError:
        print(f"no commit {base!r} to compare with: make mutants BASE=<commit>, or BASE=all", file=sys.stderr)
        return 2
    if not Path(_program("mutmut")).is_file():
        print("mutmut is not installed: what it needs has no wheel for this machine", file=sys.stderr)
        return 2
    if not modules:
        print(f"nothing in domain/ has changed since {base}")
        return 0
    try:
        alive = survivors(modules)
    except subprocess.CalledProcessError as error:
        print(f"mutmut failed ({error}); do the tests of domain/ pass?", file=sys.stderr)
        return 2
    wrong = judge(alive, read_notes(NOTES.read_text(encoding="utf-8")), modules)
    for line in wrong:
        print(line)
    print(f"{', '.join(modules)}: {'see above' if wrong else 'no survivor without a note'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
