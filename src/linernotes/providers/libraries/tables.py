"""Tables in text files, whoever wrote them."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from linernotes.wire.archive import Stream  # which imports pyarrow

_BUFFER_BYTES = 1 << 20


class _Readable(io.RawIOBase):
    """A stream as a file that is read from its start to its end."""

    def __init__(self, stream: "Stream") -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed knows any buffer
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def as_file(stream: "Stream") -> BinaryIO:
    """A stream as a file."""
    return cast("BinaryIO", io.BufferedReader(_Readable(stream), _BUFFER_BYTES))


def read_table(file: BinaryIO, *, dialect: str | type[csv.Dialect] = csv.excel) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a table with their line numbers, the heading first; one that is none is empty."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, dialect)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            text.detach()
            return
        except csv.Error:  # a field without end
            row = []
        yield reader.line_num, row
