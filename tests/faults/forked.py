"""`liner` in a fork of a process that has imported what it needs: to import it takes longer than most commands do.

The fork has a session, folder, environment and output of its own, and ends with the status that the program would.
"""

import gc
import multiprocessing
import os
import sys
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import coverage

IMPORTED = (
    *("linernotes.cli.main", "linernotes.bootstrap.providers", "linernotes.bootstrap.publishing"),
    *("linernotes.lake.builder", "linernotes.lake.counts", "linernotes.lake.functions", "linernotes.lake.query"),
    *("dbt.cli.main", "dbt.task.build", "dbt.adapters.duckdb.connections", "alembic.context", "tests.faults.forked"),
)


def start(
    arguments: tuple[str, ...], env: Mapping[str, str], folder: Path, output: tuple[Path, Path], *, is_counted: bool
) -> ForkServerProcess:
    """Start a command.

    Args:
        arguments: What follows `liner`.
        env: All of its environment.
        folder: Where it runs.
        output: Files for standard output and standard error.
        is_counted: Whether coverage counts what it passes through.
    """
    process = _server().Process(target=_run, args=(arguments, dict(env), folder, output, is_counted))
    process.start()
    return process


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    return context


def _run(
    arguments: tuple[str, ...], env: dict[str, str], folder: Path, output: tuple[Path, Path], is_counted: bool
) -> None:
    from linernotes.cli.main import main  # noqa: PLC0415 - imported where this is forked from

    gc.freeze()  # nothing that was imported will be garbage
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in enumerate(output, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    sys.argv = ["liner", *arguments]
    counting = coverage.Coverage.current()
    if counting and not is_counted:
        counting.stop()
    main()
