"""Every failpoint in the code is killed at by some test."""

import re
from pathlib import Path

import linernotes
from tests.faults.liner import PROJECT

SOURCES = Path(linernotes.__file__).parent
SIDES = ("before", "after")
HIT = re.compile(r"""(?:failpoints\.hit|\bfailpoint)\(\s*f?["']([a-z_.{}]+)\.(before|after)["']\)""")
HANDED_ON = re.compile(r"""["']([a-z]+\.(?:rename|record|note|pointer|commit|unlink))["']""")
SWITCHED = re.compile(r"""\.switch\([a-z]+, "([a-z]+)"\)""")
NAMED_BY_CALLER = {"{failpoint}"}
"""Failpoints whose name is handed on from where it is found literally."""


def texts(folder: Path, *suffixes: str) -> list[str]:
    return [path.read_text("utf-8") for suffix in suffixes for path in folder.rglob(f"*.{suffix}")]


def failpoints() -> dict[str, set[str]]:
    """The sides of every failpoint, by name."""
    sides: dict[str, set[str]] = {}
    for text in texts(SOURCES, "py", "sql", "yml"):
        for name, side in HIT.findall(text):
            sides.setdefault(name, set()).add(side)
        for name in HANDED_ON.findall(text):
            sides.setdefault(name, set(SIDES))
        for name in SWITCHED.findall(text):
            sides |= {f"{name}.note": set(SIDES), f"{name}.pointer": set(SIDES)}
    return {name: found for name, found in sides.items() if name not in NAMED_BY_CALLER}


def test_every_failpoint_has_two_sides() -> None:
    assert {name for name, found in failpoints().items() if found != set(SIDES)} == set()


def test_every_failpoint_is_killed_at() -> None:
    tests = "\n".join(texts(PROJECT / "tests" / "faults", "py") + texts(PROJECT / "tests" / "integration", "py"))
    missed = {name for name in failpoints() if f'"{name}"' not in tests and f'"{name}.after"' not in tests}
    assert missed == set()


def test_the_known_failpoints_are_found() -> None:
    known = {"bronze.rename", "download.rename", "lake.commit", "ledger.commit", "stage.rename", "promote.pointer"}
    assert known - failpoints().keys() == set()
