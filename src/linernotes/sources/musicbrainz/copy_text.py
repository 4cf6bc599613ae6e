"""COPY text, PostgreSQL's own format of rows (https://www.postgresql.org/docs/current/sql-copy.html), into columns.

A line is a row and a tab ends a value; `\\N` is NULL; tabs, line ends and backslashes inside values are escaped.
Blocks of lines are read by Arrow's CSV reader. What it refuses is read again line by line, and what is wrong set aside.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from linernotes.errors import FatalError, RecordError
from linernotes.wire.archive import Stream

_BLOCK_BYTES = 4 << 20
_LONGEST_LINE_BYTES = 64 << 20
_NULL = b"\\N"
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_CONTROLS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_BOOLEANS = {b"t": True, b"f": False}
ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "UUID": pa.string(),
    "TIMESTAMPTZ": pa.string(),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be read."""

    number: int
    """From 1, within the table."""
    body: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, and what stood between them and could not be read."""

    table: pa.Table
    bad: tuple[BadLine, ...] = ()


class CopyReader:
    """Reads one table."""

    def __init__(self, columns: Sequence[str], *, kept: Sequence[str], type_of: Callable[[str], str]) -> None:
        """Prepare to read.

        Args:
            columns: All columns of a line, in order.
            kept: Those to read, in the order wanted.
            type_of: Tells the SQL type of a kept column: VARCHAR, UUID, BOOLEAN, INTEGER or BIGINT.
        """
        self._columns = columns
        self.schema = pa.schema([(name, ARROW_TYPES[type_of(name)]) for name in kept])
        self._texts = [name for name in kept if type_of(name) == "VARCHAR"]
        self._places = [columns.index(name) for name in kept]
        self._lines = 0

    def read(self, stream: Stream) -> Iterator[Rows]:
        """Yield the rows of a table, some thousands at a time; none of a table without rows.

        Raises:
            FatalError: A line has no end.
        """
        for block in _blocks(stream):
            try:
                rows = Rows(self._unescaped(self._read_fast(block)))
            except pa.ArrowException:
                rows = self._read_carefully(block)
            self._lines += block.count(b"\n")
            yield rows

    def _read_fast(self, block: bytes) -> pa.Table:
        return csv.read_csv(
            pa.BufferReader(block),
            read_options=csv.ReadOptions(
                column_names=list(self._columns), block_size=len(block) + 1, use_threads=False
            ),
            parse_options=csv.ParseOptions(
                delimiter="\t", quote_char=False, escape_char=False, double_quote=False, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=self.schema,
                include_columns=self.schema.names,
                null_values=[_NULL.decode()],
                strings_can_be_null=True,
                true_values=["t"],
                false_values=["f"],
            ),
        )

    def _unescaped(self, table: pa.Table) -> pa.Table:
        for name in self._texts:
            column = table[name].combine_chunks()
            has_escape = pc.fill_null(pc.match_substring(column, "\\"), fill_value=False)
            if pc.any(has_escape).as_py():
                plain = [unescape(value.encode()).decode() for value in column.filter(has_escape).to_pylist()]
                column = pc.replace_with_mask(column, has_escape, pa.array(plain, column.type))
                table = table.set_column(table.column_names.index(name), name, column)
        return table

    def _read_carefully(self, block: bytes) -> Rows:
        good: list[list[object]] = []
        bad: list[BadLine] = []
        for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), self._lines + 1):
            try:
                good.append(self._values(line))
            except RecordError as error:
                bad.append(BadLine(number, line, str(error)))
        columns = zip(*good, strict=True) if good else [()] * len(self._places)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
        return Rows(pa.Table.from_arrays(arrays, schema=self.schema), tuple(bad))

    def _values(self, line: bytes) -> list[object]:
        values = line.split(b"\t")
        if len(values) != len(self._columns):
            raise RecordError(f"{len(values)} values where there are {len(self._columns)} columns")
        return [self._value(values[place], field) for place, field in zip(self._places, self.schema, strict=True)]

    def _value(self, text: bytes, field: pa.Field) -> object:
        if text == _NULL:
            return None
        try:
            if pa.types.is_string(field.type):
                return unescape(text).decode()
            if pa.types.is_boolean(field.type):
                return _BOOLEANS[text]
            return pa.scalar(text.decode()).cast(field.type).as_py()
        except (ValueError, KeyError, OverflowError, pa.ArrowException):
            raise RecordError(f"{field.name} is no {field.type}: {text[:80]!r}") from None


def unescape(text: bytes) -> bytes:
    """A value as PostgreSQL reads it: controls by letter, bytes by octal or hexadecimal number, all else as it is."""
    return _ESCAPE.sub(_plain, text) if b"\\" in text else text


def _plain(escape: re.Match[bytes]) -> bytes:
    octal, hexadecimal, letter = escape.groups()
    if letter is not None:
        return _CONTROLS.get(letter, letter)
    return bytes([(int(octal, 8) if octal else int(hexadecimal, 16)) & 0xFF])


def _blocks(stream: Stream) -> Iterator[bytes]:
    """Whole lines, some megabytes at a time."""
    rest = b""
    while piece := stream.read(_BLOCK_BYTES):
        lines, end, tail = piece.rpartition(b"\n")
        if not end:
            rest += piece
            if len(rest) > _LONGEST_LINE_BYTES:
                raise FatalError(f"a line of more than {_LONGEST_LINE_BYTES:,} bytes: this is no table of a dump")
            continue
        yield rest + lines + end
        rest = tail
    if rest:
        yield rest + b"\n"
