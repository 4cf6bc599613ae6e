"""Read-only SQL over bronze, silver and gold."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from linernotes.errors import WrongUsageError
from linernotes.lake.engine import Engine, literal
from linernotes.lake.functions import register_functions
from linernotes.lake.incoming import bronze_views
from linernotes.lake.project import declared_bronze
from linernotes.ports.loads import Load

READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeReader:
    """Answers questions; it cannot change anything nor read files outside bronze and lake."""

    engine: Engine
    bronze: Path

    @contextlib.contextmanager
    def ask(
        self, sql: str, loads: Sequence[Load], *, snapshot: int | datetime | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run one SELECT; the rows are fetched from the connection inside the block.

        Raises:
            WrongUsageError: It is not one reading statement, or DuckDB refuses it.
        """
        with self._open(loads, snapshot) as connection:
            try:
                statements = connection.extract_statements(sql)
                if len(statements) != 1 or statements[0].type not in READING:
                    raise WrongUsageError("liner query takes one SELECT; nothing can be changed through it")
                yield connection.execute(statements[0])
            except duckdb.Error as error:
                raise WrongUsageError(str(error).split("\n\nLINE", 1)[0]) from None

    @contextlib.contextmanager
    def _open(self, loads: Sequence[Load], snapshot: int | datetime | None) -> Iterator[duckdb.DuckDBPyConnection]:
        opened = (
            self.engine.connect(snapshot=snapshot) if self.engine.exists else duckdb.connect(config=self.engine.config)
        )
        with opened as connection:
            connection.execute("ATTACH ':memory:' AS bronze")
            for statement in bronze_views(declared_bronze(), loads, self.bronze):
                connection.execute(statement)
            folders = ", ".join(literal(str(folder.absolute())) for folder in (self.bronze, self.engine.folder))
            connection.execute(f"SET allowed_directories = [{folders}]")
            connection.execute("SET enable_external_access = false")
            register_functions(connection)
            if self.engine.exists:
                connection.execute("SET search_path = 'lake.main,memory.main'")  # views of silver call macros of ours
            connection.execute("SET lock_configuration = true")
            yield connection
