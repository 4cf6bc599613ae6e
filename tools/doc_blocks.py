"""Fenced blocks of README.md, CONTRIBUTING.md and docs/: each is run or checked, or says why not.

    python -m tools.doc_blocks list    tell what is run and what is not; fail on a block of no known language

tests/docs runs them by tools/doc_runner.py, page by page, in order. What a block's language means:

    console   `$ command` lines (`> ` goes on) and what they print; `...` stands for anything, also for whole lines;
              a command that may fail is followed by `$ echo $?` and its exit status
    sh        a script that must succeed
    python    a program that must succeed
    toml      a liner.toml that must be accepted
    sql       a query for `liner query` on the page's home
    json      must parse
    text …    only shown

A line `<!-- not run: reason -->` before a block leaves it out.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
SHOWN = {"text", "mermaid", "xml", "diff"}
RUN = {"console", "sh", "python", "toml", "sql", "json"}
FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[^\s`]*)[^`]*$")
NOT_RUN = re.compile(r"^<!-- not run: (?P<reason>.+) -->$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    reason: str | None = None

    @property
    def where(self) -> str:
        """`page:line`, as editors understand it."""
        return f"{self.page}:{self.line}"


def pages(project: Path = PROJECT) -> list[Path]:
    """Every page whose blocks count, relative to the project."""
    found = [project / "README.md", project / "CONTRIBUTING.md", *sorted((project / "docs").rglob("*.md"))]
    return [page.relative_to(project) for page in found if page.is_file()]


def read_blocks(text: str, page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a Markdown text, in order."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opened = FENCE.match(lines[number])
        if not opened:
            number += 1
            continue
        end = next((n for n in range(number + 1, len(lines)) if lines[n].strip() == opened["fence"]), len(lines))
        body = [line.removeprefix(opened["indent"]) for line in lines[number + 1 : end]]
        before = next((line.strip() for line in reversed(lines[:number]) if line.strip()), "")
        excuse = NOT_RUN.match(before)
        yield Block(
            page=page,
            line=number + 1,
            language=opened["language"],
            text="\n".join(body),
            reason=excuse["reason"] if excuse else None,
        )
        number = end + 1


def main(action: str = "list") -> int:
    """Tell about every page; 1 if a block's language is none of the known ones."""
    if action != "list":
        print(f"no action {action!r}; there is: list", file=sys.stderr)
        return 2
    unknown = 0
    for page in pages():
        found = list(read_blocks((PROJECT / page).read_text(encoding="utf-8"), page))
        run = [block for block in found if block.language in RUN and not block.reason]
        if run:
            print(f"{page}: {len(run)} blocks are run")
        for block in found:
            if block.reason:
                print(f"{block.where}: not run: {block.reason}")
            if block.language not in RUN | SHOWN:
                print(f"{block.where}: language {block.language!r}; known: {', '.join(sorted(RUN | SHOWN))}")
                unknown += 1
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
