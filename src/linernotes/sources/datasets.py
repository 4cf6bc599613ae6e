"""Data sets on which a matcher is measured: CSV with one record per line, its source and the truth about it."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from linernotes.domain.repair import FIELDS
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.matching import Dataset, DatasetShape


class CsvDatasets:
    """Reads data sets from CSV in UTF-8 with a header."""

    def read(self, shape: DatasetShape) -> Dataset:
        """Read a file of labelled records; a field without a column is empty."""
        try:
            with shape.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, strict=True)
                return _read(shape, next(reader, []), reader)
        except OSError as error:
            raise WrongUsageError(f"cannot open {shape.path}: {error.strerror}") from error
        except (csv.Error, UnicodeDecodeError) as error:
            raise FatalError(f"{shape.path.name} is not CSV in UTF-8: {error}") from error


def _read(shape: DatasetShape, header: Sequence[str], rows: Iterator[list[str]]) -> Dataset:
    fields = _fields(shape, header)
    source_at, truth_at = header.index(shape.source_column), header.index(shape.truth_column)
    columns: dict[str, dict[str, list[str]]] = defaultdict(lambda: {name: [] for name in (*FIELDS, *fields.values())})
    truth: dict[str, list[str]] = defaultdict(list)
    seen: dict[str, str] = {}  # values repeat: one copy of each takes 0.4 GB less of 1,000,000 records
    for row in rows:
        if len(row) != len(header):
            raise FatalError(f"{shape.path.name} has {len(row)} values, not {len(header)}, in one record: {row[:3]}")
        source = row[source_at]
        values = columns[source]
        for at, name in fields.items():
            values[name].append(seen.setdefault(row[at], row[at]))
        truth[source].append(seen.setdefault(row[truth_at], row[truth_at]))
    for values in columns.values():
        count = max(map(len, values.values()))
        for name in FIELDS:
            values[name] = values[name] or [""] * count
    return Dataset(columns=columns, truth=truth, order=tuple(fields.values()))


def _fields(shape: DatasetShape, header: Sequence[str]) -> Mapping[int, str]:
    """The field of each column that matters: what is compared, and what stands between or beside it in the file."""
    needed = {shape.source_column, shape.truth_column, *shape.columns.values()}
    if missing := sorted(needed - set(header)):
        raise WrongUsageError(f"{shape.path.name} has no column {', '.join(missing)}; it has {', '.join(header)}")
    if unknown := sorted(set(shape.columns) - set(FIELDS)):
        raise WrongUsageError(f"there is no field {', '.join(unknown)}; fields: {', '.join(FIELDS)}")
    named = {column: field for field, column in shape.columns.items()}
    named |= {name: name for name in header if name in FIELDS and name not in {*shape.columns, *named}}
    if "title" not in named.values():
        raise WrongUsageError(f"{shape.path.name} has no column title; say which it is: --column title=NAME")
    fields: dict[int, str] = {}

    def is_apart(numbered: tuple[int, str]) -> bool:
        return numbered[1] in (shape.source_column, shape.truth_column)

    for apart, run in groupby(enumerate(header), key=is_apart):
        numbered = list(run)
        if not apart and any(name in named for _, name in numbered):
            fields |= {at: named.get(name, f"beside {name}") for at, name in numbered}
    return fields
