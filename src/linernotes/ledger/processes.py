"""Processes: whether the one that opened a run or holds a lease is still there."""

import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PROC = Path("/proc")
_STATE, _START = 0, 19  # fields of /proc/<pid>/stat after the command, see proc_pid_stat(5)


class Fate(StrEnum):
    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"
    """It ran where we cannot look: another machine, container, or before a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process, so named that nothing else is ever taken for it."""

    host: str
    pid: int
    token: str
    """`<realm>:<start>`. Pids of one host mean something within one realm only: a boot, a container."""

    @property
    def realm(self) -> str:
        return self.token.rpartition(":")[0]

    @property
    def start(self) -> str:
        return self.token.rpartition(":")[2]


def find_fate(process: Process, *, here: Process, find_start: Callable[[int], str | None]) -> Fate:
    """Whether a process still runs, as seen from `here`.

    Args:
        process: The process in question.
        here: The process that asks.
        find_start: The start of the process with a pid now; None if there is none, empty if it cannot be seen.
    """
    if (process.host, process.realm) != (here.host, here.realm):
        return Fate.UNKNOWN
    start = find_start(process.pid)
    if start is None:
        return Fate.GONE
    if not start:
        return Fate.UNKNOWN
    return Fate.ALIVE if start == process.start else Fate.GONE


def this_process(proc: Path = PROC) -> Process:
    """The process that asks."""
    start = find_start(os.getpid(), proc) or ""
    return Process(host=socket.gethostname(), pid=os.getpid(), token=f"{_find_realm(proc)}:{start}")


def find_start(pid: int, proc: Path = PROC) -> str | None:
    """When the process with this pid started, in words to compare only; None if there is none, empty if hidden.

    Args:
        pid: The process in question.
        proc: Where Linux tells about processes; where there is no such folder (macOS), `ps` is asked.
    """
    try:
        os.kill(pid, 0)
    except PermissionError:
        pass  # it exists and is somebody else's
    except (ProcessLookupError, OverflowError):
        return None
    return _find_start_by_proc(pid, proc) if (proc / "self" / "stat").exists() else _find_start_by_ps(pid)


def _find_realm(proc: Path) -> str:
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{(proc / 'self/ns/pid').readlink()}"
    except OSError:  # no /proc: start times tell processes of different boots apart
        return ""


def _find_start_by_proc(pid: int, proc: Path) -> str | None:
    try:
        fields = (proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:  # other people's processes may be hidden; or it has just ended, then the next look will tell
        return ""
    return None if fields[_STATE] in "ZX" else fields[_START]


def _find_start_by_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603 - a fixed program and a number
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        env={"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, start = answer.stdout.strip().partition(" ")
    # Colons part the token, so they cannot stand in the start.
    return None if not state or state.startswith("Z") else start.strip().replace(":", ".")
