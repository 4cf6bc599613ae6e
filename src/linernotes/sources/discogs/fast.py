"""The fast reader: many plain records at a time through xml2arrow, outside the interpreter lock.

What it is given must be in the plain form (grammar.py): xml2arrow drops unknown elements without a word.
"""

import json
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from xml2arrow import Xml2ArrowError, XmlToArrowParser

from linernotes.errors import RecordError
from linernotes.sources.discogs.grammar import plain_record
from linernotes.sources.discogs.tables import ENTITIES, RECORD_ID, TEXT, Element, Entity, Table, tables

_OPTIONS = {"strip_namespaces": False, "validate_closing_tags": True, "validate_attributes": True}
"""The grammar proves that there are no namespaces; end tags and repeated attributes it leaves to xml2arrow."""


class FastReadError(RecordError):
    """One of the records is not for the fast reader."""


class FastReader:
    """Reads plain records of one entity; threads may share it."""

    def __init__(self, entity: str) -> None:
        self._entity = ENTITIES[entity]
        self._pattern = plain_record(entity)
        self._lists = tuple(_row_lists(self._entity))
        self._parser = _parser(self._lists)
        self._begin = f"<{self._entity.root}>".encode()
        self._end = f"</{self._entity.root}>".encode()

    def are_plain(self, data: bytes, spans: Sequence[tuple[int, int]]) -> list[bool]:
        """Which of the records at these places in `data` are in the plain form."""
        if any(one[1] != other[0] for one, other in pairwise(spans)):
            data = b"".join([data[begin:end] for begin, end in spans])
            offsets = array("q", accumulate((end - begin for begin, end in spans), initial=0))
        else:
            offsets = array("q", [spans[0][0], *(end for _, end in spans)])
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        records = pa.Array.from_buffers(pa.large_binary(), len(spans), buffers)
        matches: list[bool] = pc.match_substring_regex(records, pattern=self._pattern).to_pylist()
        return matches

    def read(self, records: Sequence[bytes | memoryview], record_ids: pa.Array) -> dict[str, pa.RecordBatch]:
        """The rows of plain records as Arrow, by table; tables without rows are left out.

        Args:
            records: XML of one or more whole records each.
            record_ids: The id of every record, in order.

        Raises:
            FastReadError: xml2arrow declines, finds other records, or a list or value comes twice within a record.
        """
        try:
            found = self._parser.parse(b"".join([self._begin, *records, self._end]))
        except (Xml2ArrowError, TypeError) as error:  # TypeError stands for invalid UTF-8 in xml2arrow 0.19
            raise FastReadError(str(error)) from error
        self._check_records(found[self._lists[0].path], record_ids)
        batches: dict[str, pa.RecordBatch] = {}
        for rows in self._lists:
            batch = found[rows.path]
            if batch.num_rows:
                batches |= rows.tables(batch, record_ids)
        return batches

    def _check_records(self, records: pa.RecordBatch, record_ids: pa.Array) -> None:
        if records.num_rows != len(record_ids):
            raise FastReadError(f"xml2arrow found {records.num_rows} records, not {len(record_ids)}")
        if not records["0." + RECORD_ID].cast(pa.int64()).equals(record_ids):
            raise FastReadError("xml2arrow found other record ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of row, and how xml2arrow's columns of it are called."""

    prefix: str
    element: Element
    table: Table

    def rows(self, levels: Sequence[pa.Array], batch: pa.RecordBatch, record_ids: pa.Array) -> pa.RecordBatch:
        """The rows of a batch that holds this kind alone."""
        attributes = self.element.attributes.values()
        columns = [record_ids.take(levels[0]), *(level.view(pa.int32()) for level in levels[1:])]
        for column in self.table.columns:
            values = batch[self.prefix + column]
            columns.append(_without_empty(values) if column in attributes else values)
        return pa.RecordBatch.from_arrays(columns, schema=self.table.schema)

    def own_rows(self, batch: pa.RecordBatch, record_ids: pa.Array) -> pa.RecordBatch:
        """The rows of this kind among others, counted by themselves; in the plain form each of them has text."""
        own = batch.filter(pc.is_valid(batch[self.prefix + (self.element.text_column or "")]))
        parents = own.column(0)
        positions = pa.array(range(own.num_rows), pa.uint32())
        if own.num_rows:
            is_first = pa.concat_arrays([pa.array([True]), pc.not_equal(parents[1:], parents[:-1])])
            begins = pc.fill_null_forward(pc.if_else(is_first, positions, None))
            positions = pc.subtract(positions, begins)
        return self.rows([parents, positions], own, record_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowList:
    """An element whose children are rows: mostly of one kind, but <members> holds bare ids among names."""

    path: str
    levels: tuple[str, ...]
    kinds: tuple[_Kind, ...]

    def tables(self, batch: pa.RecordBatch, record_ids: pa.Array) -> dict[str, pa.RecordBatch]:
        """What xml2arrow found, as our tables."""
        levels = [batch.column(at) for at in range(len(self.levels))]
        if len(levels) > 1:
            _refuse_repeated(levels, self.path)
        if len(self.kinds) == 1:
            return {self.kinds[0].table.name: self.kinds[0].rows(levels, batch, record_ids)}
        found = {kind.table.name: kind.own_rows(batch, record_ids) for kind in self.kinds}
        return {name: rows for name, rows in found.items() if rows.num_rows}


def _without_empty(values: pa.Array) -> pa.Array:
    """The values with null for the empty ones, which xml2arrow keeps where they are attributes."""
    has_text = pc.fill_null(pc.greater(pc.binary_length(values), 0), fill_value=False)
    buffers = values.buffers()
    return pa.Array.from_buffers(values.type, len(values), [has_text.buffers()[1], *buffers[1:]], offset=values.offset)


def _refuse_repeated(levels: Sequence[pa.Array], path: str) -> None:
    """Refuse a list that comes twice within its parent: xml2arrow counts the second from 0 again."""
    changes = [pc.not_equal(level[1:], level[:-1]) for level in levels[:-1]]
    if pc.equal(levels[-1], 0).true_count != reduce(pc.or_, changes).true_count + 1:
        raise FastReadError(f"{path} comes twice within a record")


def _row_lists(entity: Entity) -> Iterator[_RowList]:
    all_tables = {table.name: table for table in tables(entity.name)}

    def walk(element: Element, path: str, levels: tuple[str, ...]) -> Iterator[_RowList]:
        rows = [child for child in element.children if child.table]
        inner = (*levels, rows[0].index or RECORD_ID) if rows else levels
        kinds = (
            _Kind(prefix=f"{number}.", element=row, table=all_tables[row.table or ""])
            for number, row in enumerate(rows)
        )
        if rows:
            yield _RowList(path=path, levels=inner, kinds=tuple(kinds))
        for child in element.children:
            yield from walk(child, f"{path}/{child.tag}", inner)

    yield from walk(Element(tag=entity.root, children=(entity.record,)), f"/{entity.root}", ())


def _parser(lists: Sequence[_RowList]) -> XmlToArrowParser:
    """The xml2arrow parser; it wants its configuration in a file, where JSON will do for YAML."""
    config = {
        "parser_options": _OPTIONS,
        "tables": [
            {
                "name": rows.path,
                "xml_path": rows.path,
                "levels": rows.levels,
                "fields": [
                    {"name": kind.prefix + column, "xml_path": path, "data_type": "Utf8", "nullable": True}
                    for kind in rows.kinds
                    for column, path in _values(kind.element, f"{rows.path}/{kind.element.tag}")
                ],
            }
            for rows in lists
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "xml2arrow.yaml"
        file.write_text(json.dumps(config), encoding="utf-8")
        return XmlToArrowParser(file)


def _values(row: Element, path: str) -> Iterator[tuple[str, str]]:
    """Column and path of every single value of a row."""
    for source, column in row.values:
        yield column, path if source == TEXT else f"{path}/{source}"
    for child in row.children:
        if child.table is None:
            yield from _values(child, f"{path}/{child.tag}")
