"""Runs the blocks of a page as a reader would; what each language means stands in tools/doc_blocks.py."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.doc_blocks import Block

CHECK_SETTINGS = "import sys, pathlib, linernotes.settings as s; s.load_settings(pathlib.Path(sys.argv[1]))"
CHECK_JSON = "import json, sys; json.loads(sys.argv[1])"
TIME_LIMIT_SECONDS = 300
NOT_THEIRS = ("LINER_", "MAKE", "MFLAGS", "PYTEST", "COVERAGE_", "PYTHONDONT")
"""Beginnings of variables that a reader does not have; what pages pass through, other tests count in less time."""
READING = "LINERNOTES_PAGE_IS_READ"
"""Set while a page's blocks run: a page must not run the tests that run the page."""

STATUS = "@@ status "
SAY_STATUS = f'status=$?; for n in 1 2; do printf "\\n{STATUS}%s\\n" "$status" >&$n; done; (exit "$status")'
SAID_STATUS = re.compile(rf"\n{STATUS}(\d+)\n")


class FailedBlockError(Exception):
    """A block does not do what the page says; the message shows where, the command and the difference."""


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
    kept = {name: value for name, value in outer.items() if not name.startswith(NOT_THEIRS)}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{outer.get('PATH', os.defpath)}",
        "HOME": str(scratch),
        READING: "1",
        "LINER_HOME": str(scratch / "home"),
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


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
    done = _execute(block, _command(block, place), place)
    if done.returncode:
        raise FailedBlockError(f"{block.where}: exit status {done.returncode}\n{done.stdout}{done.stderr}")


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
    done = _execute(block, ["sh", "-c", script], place)
    said, told = SAID_STATUS.split(done.stdout), SAID_STATUS.split(done.stderr)
    for number, step in enumerate(promised):
        output, errors = said[2 * number], "".join(told[2 * number : 2 * number + 1])
        status = said[2 * number + 1] if 2 * number + 1 < len(said) else "unknown"
        if status != _status_shown_after(promised, number):
            raise FailedBlockError(f"{block.where}: exit status {status}: {step.command}\n{output}{errors}")
        if step.expected and not (agrees(step.expected, output) or agrees(step.expected, output + errors)):
            shown = f"-- the page says\n{step.expected}\n-- it printed\n{output}{errors}"
            raise FailedBlockError(f"{block.where}: {step.command}\n{shown}")


def _status_shown_after(promised: Sequence[Step], number: int) -> str:
    following = promised[number + 1] if number + 1 < len(promised) else None
    return following.expected if following and following.command == "echo $?" else "0"


def _execute(block: Block, command: list[str], place: Place) -> "subprocess.CompletedProcess[str]":
    try:
        process = subprocess.Popen(
            command,
            cwd=place.folder,
            env=dict(place.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise FailedBlockError(f"{block.where}: {error}") from error
    with process:
        try:
            output, errors = process.communicate(timeout=TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise FailedBlockError(f"{block.where}: not done after {TIME_LIMIT_SECONDS} s") from None
    return subprocess.CompletedProcess(command, process.returncode, output, errors)
