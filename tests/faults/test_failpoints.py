"""Every failpoint in the code is killed at."""

import re
from pathlib import Path

import linernotes
from tests.faults import test_kills_build, test_kills_pull

SOURCES = Path(linernotes.__file__).parent
CALLS = re.compile(r"""(?:failpoints\.hit|\bfailpoint)\(\s*["']([a-z_.]+)["']\)""")


def failpoints_in(folder: Path) -> set[str]:
    """The names that stand in calls, Python and dbt."""
    files = [path for suffix in ("py", "yml", "sql") for path in folder.rglob(f"*.{suffix}")]
    return {name for path in files for name in CALLS.findall(path.read_text("utf-8"))}


def test_every_failpoint_of_the_code_is_killed_at() -> None:
    killed = {failpoint for module in (test_kills_pull, test_kills_build) for _, failpoint, _ in module.CASES}
    assert failpoints_in(SOURCES) - killed == set()


def test_every_failpoint_has_two_sides() -> None:
    names = failpoints_in(SOURCES)
    before = {name.removesuffix(".before") for name in names if name.endswith(".before")}
    after = {name.removesuffix(".after") for name in names if name.endswith(".after")}
    assert before == after
