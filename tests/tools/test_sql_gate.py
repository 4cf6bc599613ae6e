"""sqlfluff reads the dbt models for real: with our macros, without dbt."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SQLFLUFF = Path(sys.executable).with_name("sqlfluff")
MODEL = PROJECT / "src/linernotes/lake/dbt/models/silver/artist.sql"


def lint(sql: str) -> "subprocess.CompletedProcess[str]":
    """What sqlfluff says of a text that stands where the artist model stands."""
    command: list[str | Path] = [SQLFLUFF, "lint", "-", "--stdin-filename", str(MODEL.relative_to(PROJECT))]
    return subprocess.run(command, cwd=PROJECT, input=sql, capture_output=True, text=True, check=False)


def test_a_model_in_shape_passes() -> None:
    assert lint(MODEL.read_text(encoding="utf-8")).returncode == 0


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("LEFT JOIN", "left join", "CP01"),
        ("SELECT\n", "SELECT\n    FROM FROM (\n", "PRS"),
        ("entity_id(", "entity_idd(", "TMP"),
    ],
)
def test_a_planted_mistake_is_found(was: str, becomes: str, rule: str) -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert was in text
    done = lint(text.replace(was, becomes))
    assert done.returncode == 1
    assert rule in done.stdout
