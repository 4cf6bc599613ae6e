"""The careful reader: one record at a time with lxml, telling everything that it leaves out.

It reads what the fast reader declines, and is the oracle that the fast reader is tested against.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pyarrow as pa
from lxml import etree

from linernotes.errors import RecordError
from linernotes.sources.discogs.characters import remove_forbidden
from linernotes.sources.discogs.tables import ENTITIES, RECORD_ID, Element, columns_of, tables

Row: TypeAlias = tuple[int | str | None, ...]

_DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")
_ID = re.compile(r"[0-9]{1,18}")


class BadRecordError(RecordError):
    """One record that cannot be used."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class CarefulRecord:
    """One record as rows."""

    record_id: int
    rows: Mapping[str, Sequence[Row]]
    """By table: indexes, then values."""
    unknown: Sequence[str]
    """Where the record holds something that no column takes, such as `release/labels/label/@since`."""
    removed_raw: int = 0
    removed_references: int = 0


class CarefulReader:
    """Reads records of one entity."""

    def __init__(self, entity: str) -> None:
        self._entity = ENTITIES[entity]
        self._root = self._entity.root.encode()
        self._spec = _Spec(self._entity.record)
        self._tables = tables(entity)
        self._parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding="utf-8",
        )

    def read(self, body: bytes, *, expected_id: int | None = None) -> CarefulRecord:
        """Read one record, whose id may be known.

        Raises:
            BadRecordError: It is not UTF-8, not well-formed, not one record, has no usable id, or the like.
        """
        cleaned, raw_count, reference_count = remove_forbidden(body)
        root = self._parse(cleaned)
        walk = _Walk()
        if _direct_text(root).strip():
            walk.unknown.append(f"{self._entity.root}/text()")
        found = walk.read_row(root[0], self._spec, (), self._entity.name).get(RECORD_ID)
        if found is None:
            raise BadRecordError("missing_id", f"the <{self._entity.name}> has no id")
        if not _ID.fullmatch(found):
            raise BadRecordError("invalid_id", f"{found[:40]!r} is no id")
        if expected_id not in {None, int(found)}:
            raise BadRecordError("contradictory_id", f"begins as {expected_id}, but is {found}")
        return CarefulRecord(
            record_id=int(found),
            rows=walk.rows,
            unknown=walk.unknown,
            removed_raw=raw_count,
            removed_references=reference_count,
        )

    def batches(self, records: Sequence[CarefulRecord]) -> dict[str, pa.RecordBatch]:
        """The rows of some records as Arrow, by table; tables without rows are left out."""
        batches = {}
        for table in self._tables:
            rows = [(record.record_id, *row) for record in records for row in record.rows.get(table.name, ())]
            if rows:
                columns = zip(*rows, strict=True)
                arrays = [pa.array(column, item.type) for column, item in zip(columns, table.schema, strict=True)]
                batches[table.name] = pa.RecordBatch.from_arrays(arrays, schema=table.schema)
        return batches

    def _parse(self, body: bytes) -> etree._Element:
        """The root element around the one record."""
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRecordError("invalid_utf8", str(error)) from error
        if _DECLARATION.search(body):
            raise BadRecordError("declaration_refused", "a document type or entity is declared within the record")
        try:
            root = etree.fromstring(b"<%s>%s</%s>" % (self._root, body, self._root), self._parser)
        except etree.XMLSyntaxError as error:
            raise BadRecordError("not_well_formed", str(error)) from error
        if len(root) != 1 or root[0].tag != self._entity.name:
            found = ", ".join(f"<{str(child.tag)[:40]}>" for child in root[:3]) or "text only"
            raise BadRecordError("not_one_record", f"expected one <{self._entity.name}>, found {found}")
        return root


class _Spec:
    """One element of the format, laid out for looking things up."""

    def __init__(self, element: Element) -> None:
        self.attributes = element.attributes
        self.text_column = element.text_column
        self.table = element.table
        self.columns = tuple(columns_of(element)) if element.table else ()
        self.children = {child.tag: _Spec(child) for child in element.children}


@dataclass(slots=True)
class _Scope:
    """The row being read."""

    indexes: tuple[int, ...]
    values: dict[str, str] = field(default_factory=dict)
    row_counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Walk:
    """What was found in one record."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def read_row(self, element: etree._Element, spec: _Spec, indexes: tuple[int, ...], path: str) -> Mapping[str, str]:
        """Add the row that an element is, and those within it; answer its values."""
        scope = _Scope(indexes)
        self._read(element, spec, scope, path)
        row = (*indexes, *(scope.values.get(column) for column in spec.columns))
        self.rows.setdefault(spec.table or "", []).append(row)
        return scope.values

    def _read(self, element: etree._Element, spec: _Spec, scope: _Scope, path: str) -> None:
        for name, value in element.attrib.items():
            self._put(scope, spec.attributes.get(str(name)), str(value), f"{path}/@{name!s}")
        text = _direct_text(element)
        if spec.text_column:
            self._put(scope, spec.text_column, text, path)
        elif text.strip():
            self.unknown.append(f"{path}/text()")
        for child in element:
            known = spec.children.get(str(child.tag))
            inside = f"{path}/{child.tag!s}"
            if known is None:
                self.unknown.append(inside)
            elif known.table:
                index = scope.row_counts[known.table]
                scope.row_counts[known.table] += 1
                self.read_row(child, known, (*scope.indexes, index), inside)
            else:
                self._read(child, known, scope, inside)

    def _put(self, scope: _Scope, column: str | None, value: str, path: str) -> None:
        """Take a value; one that no column takes, or a second one for the same column, is unknown.

        Raises:
            BadRecordError: The record itself has a value twice: it is two records that a lost tag made one.
        """
        if column is None:
            self.unknown.append(path)
        elif value and column in scope.values:
            if path.count("/") == 1:
                raise BadRecordError("repeated_value", f"{path} comes twice")
            self.unknown.append(f"{path} (again)")
        elif value:
            scope.values[column] = value


def _direct_text(element: etree._Element) -> str:
    """Text of the element itself, without that of the elements in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)
