"""Dataclasses to rows and back, where fields and columns have the same names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy.dialects import postgresql, sqlite

Row = RowMapping


def to_row(record: "DataclassInstance", *, without: Collection[str] = ()) -> dict[str, object]:
    """The fields of a dataclass by name."""
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name not in without}


def insert_missing(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row and answer True, or leave the one with the same key as it is and answer False."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(row).on_conflict_do_nothing(index_elements=keys)
    return connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1


def upsert(connection: Connection, table: Table, row: Mapping[str, object], *, keys: Sequence[str]) -> None:
    """Insert a row, or replace the values of the one with the same keys."""
    statement = _insert(connection, table).values(row)
    changed = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))


def _insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """INSERT with ON CONFLICT, which both engines have and SQLAlchemy's own INSERT has not."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 30 ms that a ledger on SQLite need not spend

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - as above

    return sqlite.insert(table)
