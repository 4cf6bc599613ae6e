"""`liner docs`: dbt's page about every model, its columns and where its values come from."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from linernotes.errors import FatalError, WrongUsageError
from linernotes.lake.dbt_run import Dbt
from linernotes.lake.engine import Engine
from linernotes.lake.incoming import bronze_views, write_plan
from linernotes.lake.project import PROJECT, declared_bronze
from linernotes.ports.loads import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class DbtSite:
    """Writes the lineage site of a home; it reads the lake and changes nothing in it."""

    engine: Engine
    bronze: Path
    logs: Path
    target: Path
    """dbt's working files."""
    project: Path = PROJECT

    def write(self, folder: Path, loads: Sequence[Load]) -> Path:
        """Make `index.html` in a folder, one file that needs no server, and answer its path.

        Raises:
            WrongUsageError: Nothing was built yet.
            FatalError: dbt failed, or the folder cannot be written.
        """
        if not self.engine.exists:
            raise WrongUsageError("there is no lake to document yet; run `liner build` first")

        def prepare(connection: duckdb.DuckDBPyConnection) -> None:
            self.engine.attach(connection, read_only=True)
            connection.execute("ATTACH ':memory:' AS bronze")
            for statement in bronze_views(declared_bronze(self.project), loads, self.bronze):
                connection.execute(statement)
            write_plan(connection)

        target = self.target / "docs"
        dbt = Dbt(project=self.project, target=target, logs=self.logs, config=self.engine.new_config())
        dbt.run("docs generate", ["--static"], prepare=prepare, writes_json=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Path(shutil.copyfile(target / "static_index.html", folder / "index.html"))
        except OSError as error:
            raise FatalError(f"cannot write {folder / 'index.html'}: {error.strerror}") from error
