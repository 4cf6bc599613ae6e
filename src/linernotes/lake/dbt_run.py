"""dbt, run in this process on a DuckDB connection that we prepare."""

import contextlib
import gc
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from linernotes.errors import FatalError

BAD_STATUSES = frozenset({"error", "fail", "runtime error", "skipped", "partial success"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dbt:
    """One dbt project, with the folder where dbt works and the one where it logs."""

    project: Path
    target: Path
    logs: Path
    config: Mapping[str, object] = field(default_factory=dict)
    """Settings of the DuckDB connection."""
    schema: str = "silver"
    """Where models go that name no schema."""

    def parse(self) -> Any:
        """The project as dbt reads it: whole the first time, and then what changed.

        The settings of the connection are left out, since dbt reads everything anew when one of them changes, and they
        name folders of a home, which may be moved or copied.

        Raises:
            FatalError: dbt cannot read it.
        """
        with _garbage_left_for_later():
            return replace(self, config={}).run("parse", []).result

    def run(
        self,
        verb: str,
        arguments: Sequence[str],
        *,
        manifest: Any = None,
        prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
        watch: Callable[[Any], None] | None = None,
        writes_json: bool = False,
    ) -> Any:
        """Run a dbt command and answer dbt's outcome; models that failed are in its `result`.

        Args:
            verb: `build`, `test`, `docs generate`.
            arguments: What follows the verb.
            manifest: The project as `parse` gave it, to spare a second reading.
            prepare: Called with the connection before dbt uses it.
            watch: Called with every event of dbt.
            writes_json: Leave `manifest.json` and the like in `target`, which takes a while.

        Raises:
            FatalError: dbt itself failed.
        """
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - 1.5 s of imports
        from dbt.cli.main import dbtRunner  # noqa: PLC0415 - the same

        from linernotes.lake import dbt_plugin  # noqa: PLC0415 - it imports dbt

        flags = self._flags() if writes_json else [*self._flags(), "--no-write-json"]
        self._write_profile()
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt-duckdb has no types
        dbt_plugin.prepare_with(prepare)
        try:
            with _log_kept_to_its_file():
                outcome = dbtRunner(manifest=manifest, callbacks=[watch] if watch else []).invoke(
                    [*flags, *verb.split(), *self._places(), *arguments]
                )
        finally:
            dbt_plugin.prepare_with(None)
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt-duckdb has no types
        if outcome.result is None:
            raise FatalError(f"dbt {verb} failed: {_reason(outcome.exception)}; see {self.logs / 'dbt.log'}")
        return outcome

    def _flags(self) -> list[str]:
        return [
            "--log-level", "none", "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-version-check",
            "--log-path", str(self.logs), "--log-level-file", "info",
        ]  # fmt: skip

    def _places(self) -> list[str]:
        return [
            "--project-dir", str(self.project), "--profiles-dir", str(self.target), "--target-path", str(self.target),
        ]  # fmt: skip

    def _write_profile(self) -> None:
        output = {
            "type": "duckdb",
            "path": ":memory:",
            "database": "lake",
            "schema": self.schema,
            "threads": 1,
            "config_options": self.config,
            "plugins": [{"module": "linernotes.lake.dbt_plugin"}],
            # The plugin attaches the lake; this entry tells dbt-duckdb what `lake` is, and no password is written down.
            "attach": [{"path": "ducklake:linernotes", "alias": "lake", "is_ducklake": True}],
        }
        profile = {"linernotes": {"target": "lake", "outputs": {"lake": output}}}
        try:
            self.target.mkdir(parents=True, exist_ok=True)
            (self.target / "profiles.yml").write_text(json.dumps(profile), encoding="utf-8")
        except OSError as error:
            raise FatalError(f"cannot write {self.target} ({error.strerror}); free space or change rights") from error


@contextlib.contextmanager
def _log_kept_to_its_file() -> Iterator[None]:
    """dbt leaves its log file open until it runs again, and on a full disk prints a traceback for each line of it."""
    told, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        yield
    finally:
        logging.raiseExceptions = told
        for handler in logging.getLogger("file_log").handlers:
            with contextlib.suppress(OSError):
                handler.close()


@contextlib.contextmanager
def _garbage_left_for_later() -> Iterator[None]:
    """dbt's modules and what it reads are a million objects that stay: to go through them again and again took 4 s.

    Nor are they gone through while the build runs, but when the next one begins.
    """
    was_enabled = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _reason(exception: BaseException | None) -> str:
    lines = [line.strip() for line in str(exception or "no reason given").splitlines()]
    return " ".join(filter(None, lines))
