"""Fenced blocks of README.md, CONTRIBUTING.md and docs/: each is run or checked, or says why not.

    python -m tools.doc_blocks list    tell what is run and what is not; fail on a block of no known language

tests/docs runs them, page by page, in order. What a block's language means:

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

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
SHOWN = {"text", "mermaid", "xml", "diff"}
CHECK_SETTINGS = "import sys, pathlib, linernotes.settings as s; s.load_settings(pathlib.Path(sys.argv[1]))"
CHECK_JSON = "import json, sys; json.loads(sys.argv[1])"
RUN = {"console", "sh", "python", "toml", "sql", "json"}
TIME_LIMIT_SECONDS = 300
READING = "LINERNOTES_PAGE_IS_READ"
"""Set while a page's blocks run: a page must not run the tests that run the page."""

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>[^\s`]*)[^`]*$")
NOT_RUN = re.compile(r"^<!-- not run: (?P<reason>.+) -->$")
STATUS = "@@ status "
SAY_STATUS = f'status=$?; printf "\\n{STATUS}%s\\n" "$status"; (exit "$status")'


class FailedBlockError(Exception):
    """A block does not do what the page says; the message shows where, the command and the difference."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a console block and what the page says it prints; an empty text promises nothing."""

    command: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where blocks run: from `folder`, with `environment`, free to write in `scratch`."""

    folder: Path
    scratch: Path
    environment: Mapping[str, str]


def reader_environment(outer: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The environment of a person who has just installed Linernotes: our programs on the PATH, an empty home."""
    kept = {name: value for name, value in outer.items() if not name.startswith(("LINER_", "MAKE", "MFLAGS", "PYTEST"))}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{outer.get('PATH', os.defpath)}",
        "HOME": str(scratch),
        READING: "1",
        "LINER_HOME": str(scratch / "home"),
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


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


def steps(text: str) -> list[Step]:
    """Split a console block into commands and their output."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0].append(line[2:])
        elif found:
            found[-1][1].append(line)
    return [Step(command="\n".join(command), expected="\n".join(output).strip("\n")) for command, output in found]


def agrees(expected: str, actual: str) -> bool:
    """Whether `actual` is what the page shows: `...` stands for anything within a line, alone for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else _line_pattern(line) for line in expected.rstrip().splitlines()
    )
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in actual.rstrip().splitlines())) is not None


def _line_pattern(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n"


def run_block(block: Block, place: Place) -> None:
    """Run or check one block.

    Raises:
        FailedBlockError: A command failed, printed something else than the page shows, or took too long.
    """
    if block.language == "console":
        _run_console(block, place)
        return
    status, output = _execute(block, _command(block, place), place)
    if status:
        raise FailedBlockError(f"{block.where}: exit status {status}\n{output}")


def _command(block: Block, place: Place) -> list[str]:
    if block.language == "toml":
        (place.scratch / "liner.toml").write_text(block.text, encoding="utf-8")
        return ["python", "-c", CHECK_SETTINGS, str(place.scratch)]
    commands = {
        "sh": ["sh", "-eu", "-c", block.text],
        "python": ["python", "-c", block.text],
        "sql": ["liner", "query", block.text],
        "json": ["python", "-c", CHECK_JSON, block.text],
    }
    return commands[block.language]


def _run_console(block: Block, place: Place) -> None:
    promised = steps(block.text)
    if not promised:
        raise FailedBlockError(f"{block.where}: a console block without a line that starts with '$ '")
    script = "\n".join(f"{step.command}\n{SAY_STATUS}" for step in promised)
    _, output = _execute(block, ["sh", "-c", script], place)
    parts = re.split(rf"\n{STATUS}(\d+)\n", output)
    for number, step in enumerate(promised):
        printed, status = parts[2 * number], parts[2 * number + 1] if 2 * number + 1 < len(parts) else "unknown"
        if status != _status_shown_after(promised, number):
            raise FailedBlockError(f"{block.where}: exit status {status}: {step.command}\n{printed}")
        if step.expected and not agrees(step.expected, printed):
            raise FailedBlockError(
                f"{block.where}: {step.command}\n-- the page says\n{step.expected}\n-- it printed\n{printed}"
            )


def _status_shown_after(promised: Sequence[Step], number: int) -> str:
    following = promised[number + 1] if number + 1 < len(promised) else None
    return following.expected if following and following.command == "echo $?" else "0"


def _execute(block: Block, command: list[str], place: Place) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command,
            cwd=place.folder,
            env=dict(place.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FailedBlockError(f"{block.where}: not done after {TIME_LIMIT_SECONDS} s") from None
    except FileNotFoundError as error:
        raise FailedBlockError(f"{block.where}: {error}") from error
    return done.returncode, done.stdout


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
