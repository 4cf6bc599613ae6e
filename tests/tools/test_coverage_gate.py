"""Coverage is judged by part: all of the package, and domain/ by itself."""

import json
from pathlib import Path

import pytest

from tools.coverage_gate import judge, main, read

LEAST = {"": 75.0, "domain/": 100.0}


def report(**covered: int) -> dict[str, object]:
    """A coverage.py report of files with 8 statements and 2 branches each, so many of the 10 covered."""
    return {
        "files": {
            f"/somewhere/src/linernotes/{name.replace('__', '/')}.py": {
                "summary": {
                    "covered_lines": min(count, 8),
                    "num_statements": 8,
                    "covered_branches": max(count - 8, 0),
                    "num_branches": 2,
                },
                "missing_lines": list(range(count, 8)),
                "missing_branches": [[9, 10]] if count < 10 else [],
            }
            for name, count in covered.items()
        }
    }


def test_enough_everywhere_passes() -> None:
    assert judge(read(report(domain__dumps=10, lake__engine=5)), LEAST) == []


def test_too_little_in_all_names_the_worst_file_first() -> None:
    assert judge(read(report(domain__dumps=10, lake__engine=3, lake__lock=6)), LEAST) == [
        "all: 63.33% is below 75.0%; most is missing in",
        "  lake/engine.py 30%: 3, 4, 5, 6, 7, 9->10",
        "  lake/lock.py 60%: 6, 7, 9->10",
    ]


def test_one_branch_in_domain_is_too_many() -> None:
    assert judge(read(report(domain__dumps=9, lake__engine=10)), LEAST) == [
        "domain/: 90.00% is below 100.0%; most is missing in",
        "  domain/dumps.py 90%: 9->10",
    ]


def test_files_outside_the_package_do_not_count() -> None:
    assert read({"files": {"tools/shape.py": {}}}) == []


def test_a_missing_report_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(tmp_path / "coverage.json")) == 2
    assert "run `make test` first" in capsys.readouterr().err


def test_the_exit_status_tells_the_verdict(tmp_path: Path) -> None:
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(report(domain__dumps=10)), encoding="utf-8")
    good = main(str(path))
    path.write_text(json.dumps(report(domain__dumps=9)), encoding="utf-8")
    assert (good, main(str(path))) == (0, 1)
