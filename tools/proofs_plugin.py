"""A pytest plugin: write down which claim of the README which test proves, and how the test went.

    @pytest.mark.proves("Resume a broken download")
    @pytest.mark.proves("Load a Discogs month", real=True)   # the test reads real input, from ../shared

`pytest --proofs FILE` (as `make test` does) then writes
`{claim: [{"test": …, "outcome": "passed", "real": false}, …]}`, one entry per test function.
"""

import json
from pathlib import Path
from typing import TypedDict

import pytest

NAME = "proves"
ORDER = ("failed", "skipped", "passed")
"""Worst first: a test function is as good as its worst parameter."""


class Proof(TypedDict):
    """How one test of one claim went."""

    test: str
    outcome: str
    real: bool


class Recorder:
    """Collects the outcome of every test that proves something; with pytest-xdist, in the controlling process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._proofs: dict[tuple[str, str], Proof] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a report of one phase of one test."""
        if report.when != "call" and report.outcome == "passed":
            return
        for name, value in report.user_properties:
            if name == NAME:
                claim, real = json.loads(str(value))
                self._take(claim, test=report.nodeid.split("[")[0], outcome=report.outcome, real=real)

    def _take(self, claim: str, *, test: str, outcome: str, real: bool) -> None:
        former = self._proofs.get((claim, test))
        if former is None or ORDER.index(outcome) < ORDER.index(former["outcome"]):
            self._proofs[claim, test] = Proof(test=test, outcome=outcome, real=real)

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        claims: dict[str, list[Proof]] = {}
        for (claim, _), proof in sorted(self._proofs.items()):
            claims.setdefault(claim, []).append(proof)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(claims, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--proofs`."""
    parser.addoption("--proofs", type=Path, metavar="FILE", help="write what the tests prove, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and, where results come together, the recorder."""
    config.addinivalue_line("markers", "proves(claim, *, real=False): this test proves a line of the README's table")
    path = config.getoption("proofs")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(path), "proofs-recorder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put each claim into the test's report, which is what reaches the recorder."""
    for item in items:
        for marker in item.iter_markers(NAME):
            claim, real = marker.args[0], bool(marker.kwargs.get("real", False))
            item.user_properties.append((NAME, json.dumps([claim, real])))
