"""The rules that no linter knows."""

from pathlib import Path

import pytest

from tools.shape import problems


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    return tmp_path


def told(project: Path, *, name: str = "src/lake.py", text: str) -> list[str]:
    (project / name).write_text(text, encoding="utf-8")
    return list(problems(project))


def test_a_module_of_300_lines_is_fine_and_one_line_more_is_not(project: Path) -> None:
    assert told(project, text="x = 1\n" * 300) == []
    assert told(project, text="x = 1\n" * 301) == ["src/lake.py: 301 lines, 300 are allowed: split it"]


def test_a_name_that_says_nothing_is_refused(project: Path) -> None:
    assert "name it after what it does" in told(project, name="src/utils.py", text="")[0]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: S608",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[attr-defined]",
    ],
)
def test_an_exception_without_code_or_reason_is_refused(line: str, project: Path) -> None:
    assert "carries a code and a reason" in told(project, text=line)[0]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S608 - the name is ours",
        "x = 1  # noqa: S608, PLR2004 - the name is ours",
        "x = 1  # type: ignore[attr-defined]  # the stub lacks it",
        "x = 1  # type: ignore[attr-defined, misc] - the stub lacks it",
    ],
)
def test_an_exception_with_code_and_reason_is_fine(line: str, project: Path) -> None:
    assert told(project, text=line) == []


@pytest.mark.parametrize(
    "line", ["from unittest import mock", "from unittest.mock import Mock", "import unittest.mock"]
)
def test_mocks_are_refused(line: str, project: Path) -> None:
    assert "write a fake" in told(project, text=line)[0]
