"""What a command prints: tables for people, one JSON document for programs."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from uuid import UUID


def show_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: object) -> object:
    """The same value in the types that JSON has; bytes as text with replacement characters."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, str | int | float | bool) or value is None:
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return _text(value)


def show_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, group_digits: bool = True
) -> None:
    """A table for people; numbers to the right, nothing of the data is taken for markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for position, column in enumerate(columns):
        is_number = bool(listed) and all(isinstance(row[position], int | float | None) for row in listed)
        table.add_column(Text(column), justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(_cell(value, group_digits=group_digits)) for value in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def show_line(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def _cell(value: object, *, group_digits: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if group_digits else str(value)
    if isinstance(value, float):
        return f"{value:,.2f}" if group_digits else str(value)
    text = "" if value is None else _text(value)
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return (
            f"{value:%Y-%m-%d %H:%M:%S}"
            if value.tzinfo is None
            else value.astimezone().isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    return str(value)
