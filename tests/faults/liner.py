"""Running `liner` as a person or a scheduler does: in a process group of its own, which a test may kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-c", "from linernotes.cli.main import main; main()")
PROJECT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a command ended."""

    arguments: tuple[str, ...]
    status: int
    stdout: str
    stderr: str

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL

    @property
    def error(self) -> str:
        """What was told as an error: the lines of standard error that are no log events."""
        lines = [line for line in self.stderr.splitlines() if " event=" not in line and not line.startswith("event=")]
        return "\n".join(lines)

    @property
    def document(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.stdout)

    def __str__(self) -> str:
        return f"liner {' '.join(self.arguments)}: status {self.status}\n{self.stdout}\n{self.stderr}"


@dataclass(frozen=True, slots=True)
class Home:
    """A home that commands run on."""

    path: Path
    is_counted: bool = True
    """Whether coverage counts what its commands pass through, which costs a quarter of their time."""

    def start(
        self,
        *arguments: str,
        failpoint: str = "",
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = PROGRAM,
    ) -> "subprocess.Popen[str]":
        """Start a command in a process group of its own."""
        left_out = ("LINER_",) if self.is_counted else ("LINER_", "COVERAGE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        return subprocess.Popen(
            [*program, "--home", str(self.path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            cwd=self.path.parent,
            env={**inherited, "LINER_FAILPOINT": failpoint, **(env or {})},
        )

    def run(
        self,
        *arguments: str,
        failpoint: str = "",
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = PROGRAM,
    ) -> Finished:
        """Run a command to its end."""
        return wait(self.start(*arguments, failpoint=failpoint, env=env, program=program))

    def run_killed_after(self, seconds: float, *arguments: str) -> Finished:
        """Run a command, and pull the plug after some time if it still runs."""
        process = self.start(*arguments)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            kill(process)
        return wait(process)

    def copy(self, target: Path) -> "Home":
        """The same home elsewhere."""
        return replace(self, path=shutil.copytree(self.path, target, symlinks=True))


def python_path() -> str:
    """Where a program of the tests finds its modules."""
    return ":".join([str(PROJECT), *filter(None, sys.path)])


def kill(process: "subprocess.Popen[str]") -> None:
    """Pull the plug of a command and everything it started."""
    os.killpg(process.pid, signal.SIGKILL)


def wait(process: "subprocess.Popen[str]") -> Finished:
    """Wait for a command's end; one that hangs is killed and fails the test."""
    with process:
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        except BaseException:
            kill(process)
            raise
    line = [str(argument) for argument in process.args] if isinstance(process.args, list) else []
    return Finished(
        arguments=tuple(line[line.index("--home") + 2 :]),
        status=process.returncode,
        stdout=stdout,
        stderr=stderr,
    )


def wait_until(condition: Any, *, seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.01)
