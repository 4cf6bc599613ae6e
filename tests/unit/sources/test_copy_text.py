"""Reading COPY text: what PostgreSQL writes comes back, and what it would never write is set aside."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import FatalError
from linernotes.sources.musicbrainz import copy_text
from linernotes.sources.musicbrainz.copy_text import BadLine, CopyReader, unescape

TYPES = {"id": "INTEGER", "name": "VARCHAR", "ended": "BOOLEAN", "gid": "UUID"}
COLUMNS = ("id", "name", "edits", "ended")
ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def written(value: object) -> str:
    """A value as COPY TO writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return "".join(ESCAPES.get(letter, letter) for letter in str(value))


def read(text: bytes, kept: tuple[str, ...] = ("name", "id", "ended")) -> tuple[list[dict[str, Any]], list[BadLine]]:
    blocks = list(CopyReader(COLUMNS, kept=kept, type_of=TYPES.__getitem__).read(io.BytesIO(text)))
    rows = [row for block in blocks for row in block.table.to_pylist()]
    return rows, [line for block in blocks for line in block.bad]


ROWS = st.tuples(
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.none() | st.booleans(),
)


@given(st.lists(ROWS))
def test_every_row_comes_back_as_it_was_written(rows: list[tuple[int | None, str | None, bool | None]]) -> None:
    lines = [f"{written(key)}\t{written(name)}\t0\t{written(ended)}\n" for key, name, ended in rows]
    found, bad = read("".join(lines).encode())
    assert [(row["id"], row["name"], row["ended"]) for row in found] == rows
    assert not bad


@given(st.lists(ROWS))
def test_lines_that_cannot_be_read_do_not_disturb_those_around(
    rows: list[tuple[int | None, str | None, bool | None]],
) -> None:
    lines = [f"{written(key)}\t{written(name)}\t0\t{written(ended)}\n" for key, name, ended in rows]
    found, bad = read("".join(["too few\tvalues\n", *lines, "x\tname\t0\tt\n"]).encode())
    assert [(row["id"], row["name"], row["ended"]) for row in found] == rows
    assert [line.number for line in bad] == [1, len(rows) + 2]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1\tname\tt", "3 values where there are 4 columns"),
        (b"", "1 values where there are 4 columns"),
        (b"1\tname\t0\tt\tmore", "5 values where there are 4 columns"),
        (b"one\tname\t0\tt", "id is no int32: b'one'"),
        (b"1_0\tname\t0\tt", "id is no int32: b'1_0'"),
        (b"\t\t0\tt", "id is no int32: b''"),
        (b"99999999999\tname\t0\tt", "id is no int32: b'99999999999'"),
        (b"1\tname\t0\ttrue", "ended is no bool: b'true'"),
        (b"1\t\xff\xfe\t0\tt", "name is no string: b'\\xff\\xfe'"),
        (b"1\tname\\\t0\tt\n"[:-1], None),
    ],
)
def test_a_line_that_is_wrong_says_why(line: bytes, reason: str | None) -> None:
    rows, bad = read(b"7\tbefore\t0\tt\n" + line + b"\n8\tafter\t0\tf\n")
    assert [row["id"] for row in rows if row["id"] != 1] == [7, 8]
    assert [(one.number, one.body, one.reason) for one in bad] == ([(2, line, reason)] if reason else [])


def test_null_is_not_the_text_that_looks_like_it() -> None:
    rows, _ = read(b"1\t\\N\t0\tt\n2\t\\\\N\t0\tt\n3\t\t0\tt\n4\tNULL\t0\tt\n")
    assert [row["name"] for row in rows] == [None, "\\N", "", "NULL"]


def test_quotes_and_carriage_returns_mean_nothing() -> None:
    rows, bad = read(b'1\t"a\t0\tt\n2\tb"\t0\tt\n3\t\'c\\rd\t0\tf\n')
    assert [row["name"] for row in rows] == ['"a', 'b"', "'c\rd"]
    assert not bad


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (rb"a\\b", rb"a\b"),
        (rb"\q\x41\101\x4", b"qAA\x04"),
        (rb"\303\251", "é".encode()),
        (rb"end\ "[:-1], rb"end\ "[:-1]),
    ],
)
def test_escapes_mean_what_they_mean_to_postgresql(text: bytes, plain: bytes) -> None:
    assert unescape(text) == plain


def test_a_last_line_without_its_end_is_read() -> None:
    assert read(b"1\tlast\t0\tt")[0] == [{"name": "last", "id": 1, "ended": True}]


def test_a_table_larger_than_a_block_is_read_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_text, "_BLOCK_BYTES", 50)
    text = b"".join(b"%d\tname %d\t0\tt\n" % (number, number) for number in range(100))
    blocks = list(CopyReader(COLUMNS, kept=("id",), type_of=TYPES.__getitem__).read(io.BytesIO(text)))
    assert len(blocks) > 10
    assert [row["id"] for block in blocks for row in block.table.to_pylist()] == list(range(100))


def test_line_numbers_go_on_from_block_to_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_text, "_BLOCK_BYTES", 50)
    text = b"".join(b"%d\tname\t0\tt\n" % number for number in range(20)) + b"bad\n"
    assert read(text)[1] == [BadLine(21, b"bad", "1 values where there are 4 columns")]


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_text, "_BLOCK_BYTES", 50)
    monkeypatch.setattr(copy_text, "_LONGEST_LINE_BYTES", 1000)
    with pytest.raises(FatalError, match="a line of more than 1,000 bytes"):
        read(b"x" * 2000)
