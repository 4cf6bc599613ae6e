"""Rows of a query, as a table, CSV, JSON or Parquet, without holding them all."""

import csv
import json
import sys
from itertools import chain
from pathlib import Path
from typing import TextIO

import duckdb

from linernotes.cli.output import plain, show_line, show_table
from linernotes.errors import WrongUsageError

SHOWN_ROWS = 100
BATCH_ROWS = 10_000


def write_rows(rows: duckdb.DuckDBPyConnection, *, format_name: str, output: Path | None) -> None:
    """Print or write the rows of an executed query.

    Raises:
        WrongUsageError: Parquet was asked for without a file.
    """
    if format_name == "parquet":
        _write_parquet(rows, output)
    elif format_name == "table" and output is None:
        _show(rows)
    elif output is None:
        _write_text(rows, format_name, sys.stdout)
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            _write_text(rows, format_name, file)


def _columns(rows: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in rows.description or []]


def _show(rows: duckdb.DuckDBPyConnection) -> None:
    columns, shown = _columns(rows), rows.fetchmany(SHOWN_ROWS + 1)
    show_table(columns, shown[:SHOWN_ROWS], group_digits=False)
    if len(shown) > SHOWN_ROWS:
        show_line(f"first {SHOWN_ROWS} rows; --format csv, json or parquet gives all")


def _write_text(rows: duckdb.DuckDBPyConnection, format_name: str, file: TextIO) -> None:
    columns = _columns(rows)
    batches = iter(lambda: rows.fetchmany(BATCH_ROWS), [])
    if format_name == "csv":
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(chain.from_iterable(batches))
        return
    file.write("[")
    for position, row in enumerate(chain.from_iterable(batches)):
        file.write("\n" if position == 0 else ",\n")
        json.dump({column: plain(value) for column, value in zip(columns, row, strict=True)}, file, ensure_ascii=False)
    file.write("\n]\n")


def _write_parquet(rows: duckdb.DuckDBPyConnection, output: Path | None) -> None:
    if output is None:
        raise WrongUsageError("Parquet needs a file: --format parquet --output rows.parquet")
    import pyarrow.parquet as pq

    reader = rows.to_arrow_reader(BATCH_ROWS)
    with pq.ParquetWriter(output, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
