"""Running `liner` as a person or a scheduler does: in a process group of its own, which a test may kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.faults import forked
from tests.parsed_project import bring_parsed

PROGRAM = (sys.executable, "-c", "from linernotes.cli.main import main; main()")
CAN_FORK = sys.platform == "linux"
PROJECT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 300
NOT_COUNTED = {"build"}
"""What coverage never counts: it costs a quarter of the time, and tests that build in their own process are counted."""


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
    """Whether coverage counts what its commands pass through."""

    def run(
        self,
        *arguments: str,
        failpoint: str = "",
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = (),
        killed_after: float | None = None,
    ) -> Finished:
        """Run a command to its end, or pull the plug after some seconds if it still runs.

        Args:
            arguments: What follows `liner --home …`.
            failpoint: Where it kills itself.
            env: What it has in its environment beside ours.
            program: What runs in place of `liner`, in a process of its own.
            killed_after: Seconds; without them a command that does not end fails the test.
        """
        if arguments[0] == "build" and self.path.exists():
            bring_parsed(self.path / "lake" / "dbt")
        is_counted = self.is_counted and arguments[0] not in NOT_COUNTED
        left_out = ("LINER_",) if is_counted else ("LINER_", "COVERAGE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environment = {**inherited, "LINER_FAILPOINT": failpoint, **(env or {})}
        line = ("--home", str(self.path), *arguments)
        folder = self.path.parent
        seconds, began = killed_after or TIMEOUT_SECONDS, time.monotonic()
        with tempfile.TemporaryDirectory() as kept:
            output = (Path(kept) / "out", Path(kept) / "err")
            if program or not CAN_FORK:
                status = _run_program((*(program or PROGRAM), *line), environment, folder, output, seconds)
            else:
                status = _run_fork(line, environment, folder, output, seconds, is_counted=is_counted)
            stdout, stderr = (path.read_text("utf-8") if path.exists() else "" for path in output)
        finished = Finished(arguments=arguments, status=status, stdout=stdout, stderr=stderr)
        assert killed_after or time.monotonic() - began < TIMEOUT_SECONDS, f"it never ended: {finished}"
        return finished

    def copy(self, target: Path) -> "Home":
        """The same home elsewhere."""
        return replace(self, path=shutil.copytree(self.path, target, symlinks=True, copy_function=_copy_file))


def _copy_file(source: str, target: str) -> None:
    """Copy a file; those beside a ledger may go meanwhile, when another process that only reads it is done."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        if not source.endswith(("-shm", "-wal")):
            raise


def python_path() -> str:
    """Where a program of the tests finds its modules."""
    return ":".join([str(PROJECT), *filter(None, sys.path)])


def _run_program(
    line: tuple[str, ...], env: Mapping[str, str], folder: Path, output: tuple[Path, Path], seconds: float
) -> int:
    with output[0].open("wb") as out, output[1].open("wb") as err:
        process = subprocess.Popen(
            line, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, cwd=folder, env=env
        )
    with process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            _pull_plug(process.pid)
            return process.wait()
        except BaseException:
            _pull_plug(process.pid)
            raise


def _run_fork(
    line: tuple[str, ...],
    env: Mapping[str, str],
    folder: Path,
    output: tuple[Path, Path],
    seconds: float,
    *,
    is_counted: bool,
) -> int:
    process = forked.start(line, env, folder, output, is_counted=is_counted)
    assert process.pid
    try:
        process.join(seconds)
    finally:
        if process.exitcode is None:
            _pull_plug(process.pid)
            process.join()
    assert process.exitcode is not None
    return process.exitcode


def _pull_plug(process_id: int) -> None:
    """Kill a command and everything it started; one that has no group of its own yet has started nothing."""
    try:
        os.killpg(process_id, signal.SIGKILL)
    except ProcessLookupError:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)


def wait_until(condition: Any, *, seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.01)
