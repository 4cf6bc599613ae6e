"""The import contracts of pyproject.toml break when a planted module breaks a rule."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the package's skeleton with the real contracts."""
    for part in (
        "cli",
        "usecases",
        "ledger",
        "lake",
        "sources",
        "providers",
        "policies",
        "destinations",
        "wire",
        "ports",
        "domain",
    ):
        (tmp_path / "linernotes" / part).mkdir(parents=True)
        (tmp_path / "linernotes" / part / "__init__.py").touch()
    for module in ("__init__", "errors", "failpoints", "home", "settings"):
        (tmp_path / "linernotes" / f"{module}.py").touch()
    shutil.copytree(PROJECT / "tools", tmp_path / "tools")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def verdict(project: Path) -> tuple[int, str]:
    """Exit status and output of lint-imports in the copy."""
    done = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=project,
        env={"PYTHONPATH": str(project), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_skeleton_keeps_the_contracts(project: Path) -> None:
    assert verdict(project)[0] == 0


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("domain/dumps", "import linernotes.ports"),
        ("domain/dumps", "def f():\n    import duckdb"),
        ("ports/loads", "import pyarrow"),
        ("usecases/pull", "import linernotes.ledger"),
        ("usecases/pull", "import sqlalchemy"),
        ("ledger/runs", "import linernotes.lake"),
        ("cli/main", "import sqlalchemy"),
        ("errors", "import linernotes.domain"),
        ("helpers", ""),
    ],
)
def test_a_planted_import_breaks_them(module: str, line: str, project: Path) -> None:
    (project / "linernotes" / f"{module}.py").write_text(line + "\n", encoding="utf-8")
    status, output = verdict(project)
    assert status == 1
    assert "BROKEN" in output or "helpers" in output


def test_the_domain_may_compare_strings_and_an_adapter_may_use_ports(project: Path) -> None:
    (project / "linernotes/domain/similarity.py").write_text("import rapidfuzz\n", encoding="utf-8")
    (project / "linernotes/lake/engine.py").write_text("import duckdb\nimport linernotes.ports\n", encoding="utf-8")
    assert verdict(project)[0] == 0
