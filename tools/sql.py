"""sqlfluff on every .sql file of the package.

    python -m tools.sql lint
    python -m tools.sql fix

The dbt models are read with our macros (Jinja), all others with their bound `$values` as placeholders.
"""

import sys
from pathlib import Path

from sqlfluff.cli.commands import cli
from sqlfluff.dialects.dialect_sqlite import sqlite_dialect

PROJECT = Path(__file__).parents[1]
SOURCES = Path("src/linernotes")
DBT = SOURCES / "lake" / "dbt"
NAMES = {"RELEASE"}
"""Keywords that SQLite takes as a table's name, and sqlfluff 4.5 does not: https://sqlite.org/lang_keywords.html"""


def allow_names() -> None:
    """Let `release` be a table, as in SQLite itself."""
    sqlite_dialect.sets("reserved_keywords").difference_update(NAMES)
    sqlite_dialect.sets("unreserved_keywords").update(NAMES)


def statements() -> list[str]:
    """Every .sql file outside the dbt project."""
    return [str(path) for path in sorted(SOURCES.rglob("*.sql")) if DBT not in path.parents]


def main(action: str = "lint") -> int:
    """Run sqlfluff on both kinds of file; 1 if it has something to say."""
    allow_names()
    kinds = [[str(DBT)], ["--templater", "placeholder", *statements()]]
    return max(_run(action, *kind) for kind in kinds if kind[-1] != "placeholder")


def _run(*arguments: str) -> int:
    try:
        cli.main(list(arguments), standalone_mode=True)
    except SystemExit as status:
        return int(status.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
