"""The README's table of what works and what was never run for real, from the results of `make test`.

    python -m tools.proofs write    put the table between the markers in README.md
    python -m tools.proofs check    fail if README.md says anything else than the last test run showed

docs/claims.toml lists the claims in the order of the table; tests take them up with `@pytest.mark.proves("…")`.
"""

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.proofs_plugin import Proof

PROJECT = Path(__file__).parents[1]
BEGIN, END = "<!-- proofs:begin (written by `make docs`) -->", "<!-- proofs:end -->"

Proofs = Mapping[str, Sequence[Proof]]


class Untried(NamedTuple):
    """Something that tests can only approach, and what they do instead."""

    claim: str
    instead: str


class Claims(NamedTuple):
    """docs/claims.toml."""

    works: Sequence[str]
    untried: Sequence[Untried]


class WrongProofsError(Exception):
    """The claims, the tests and the README do not fit together; the message says where and what to do."""


def read_claims(text: str) -> Claims:
    """Parse docs/claims.toml."""
    content = tomllib.loads(text)
    untried = [Untried(item["claim"], item["instead"]) for item in content.get("never_run_for_real", [])]
    return Claims(content.get("works", []), untried)


def table(claims: Claims, proofs: Proofs) -> str:
    """The table in Markdown, a test that was left out for want of real input counting as one that passed.

    Raises:
        WrongProofsError: A claim has no test, or a test proves a claim that is not listed.
    """
    unlisted = sorted(set(proofs) - set(claims.works))
    unproved = [claim for claim in claims.works if claim not in proofs]
    if unlisted or unproved:
        message = [f"not in docs/claims.toml, but proved by a test: {claim}" for claim in unlisted]
        message += [f"in docs/claims.toml, but no test proves it: {claim}" for claim in unproved]
        raise WrongProofsError("\n".join(message))
    rows = ["| What | State | Shown by |", "| --- | --- | --- |"]
    rows += [f"| {claim} | {_state(proofs[claim])} | {_shown_by(proofs[claim])} |" for claim in claims.works]
    rows += [f"| {claim} | **never run for real** | {instead} |" for claim, instead in claims.untried]
    return "\n".join(rows)


def _state(proofs: Sequence[Proof]) -> str:
    return "works" if all(_holds(proof) for proof in proofs) else "**fails**"


def _holds(proof: Proof) -> bool:
    return proof["outcome"] == "passed" or (proof["real"] and proof["outcome"] == "skipped")


def _shown_by(proofs: Sequence[Proof]) -> str:
    real = sum(proof["real"] for proof in proofs)
    tests = f"{len(proofs)} test{'s' if len(proofs) > 1 else ''}"
    return f"{tests}, {real} of them on real input" if real else tests


def put(readme: str, content: str) -> str:
    """The README with the table between its markers.

    Raises:
        WrongProofsError: The markers are missing.
    """
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise WrongProofsError(f"README.md lacks the lines {BEGIN} and {END}")
    return f"{head}{begin}\n{content}\n{end}{tail}"


def left_out(proofs: Proofs) -> list[str]:
    """Tests that did not run for want of real input."""
    return sorted({proof["test"] for each in proofs.values() for proof in each if proof["outcome"] == "skipped"})


def main(action: str = "check") -> int:
    """Write or check; 1 if something does not fit, 2 if there is no test result."""
    results, readme = PROJECT / "build" / "proofs.json", PROJECT / "README.md"
    if not results.is_file():
        print("no build/proofs.json: run `make test` first", file=sys.stderr)
        return 2
    proofs: Proofs = json.loads(results.read_text(encoding="utf-8"))
    claims = read_claims((PROJECT / "docs" / "claims.toml").read_text(encoding="utf-8"))
    before = readme.read_text(encoding="utf-8")
    try:
        after = put(before, table(claims, proofs))
    except WrongProofsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(claims.works)} claims shown by tests, {len(claims.untried)} never run for real")
    for test in left_out(proofs):
        print(f"left out here for want of ../shared, taken as passed: {test}")
    if action == "write":
        readme.write_text(after, encoding="utf-8")
    elif before != after:
        print("README.md is not what the tests showed: run `make docs` and commit it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
