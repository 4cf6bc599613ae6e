"""The peer of bench_parse.py: the same tables by lxml's iterparse, as a careful programmer writes it, unchecked."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from isal import igzip
from lxml import etree

from linernotes.sources.discogs.tables import ENTITIES, Element, columns_of, tables

RECORDS_AT_ONCE = 5_000


class Spec:
    """One element of the format, laid out for looking things up."""

    def __init__(self, element: Element) -> None:
        self.attributes = element.attributes
        self.text = element.text_column
        self.table = element.table
        self.columns = tuple(columns_of(element)) if element.table else ()
        self.children = {child.tag: Spec(child) for child in element.children}


class Rows:
    """Rows of all tables, written to Parquet now and then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schemas = {table.name: table.schema for table in tables("release")}
        self._rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in self._schemas}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, element: etree._Element, spec: Spec, record_id: int, indexes: tuple[int, ...]) -> None:
        """Add the row that an element is, and those within it."""
        values: dict[str, str | None] = {}
        self._read(element, spec, values, record_id, indexes)
        self._rows[str(spec.table)].append((record_id, *indexes, *[values.get(column) for column in spec.columns]))

    def _read(
        self,
        element: etree._Element,
        spec: Spec,
        values: dict[str, str | None],
        record_id: int,
        indexes: tuple[int, ...],
    ) -> None:
        for name, value in element.attrib.items():
            values[spec.attributes[name]] = value or None
        if spec.text:
            values[spec.text] = element.text
        index = 0
        for child in element:
            known = spec.children[str(child.tag)]
            if known.table:
                self.add(child, known, record_id, (*indexes, index))
                index += 1
            else:
                self._read(child, known, values, record_id, indexes)

    def flush(self) -> None:
        for name, rows in self._rows.items():
            if not rows:
                continue
            schema = self._schemas[name]
            columns = [
                pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            if name not in self._writers:
                path = self._folder / f"{name}.parquet"
                self._writers[name] = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
            self._writers[name].write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows.clear()

    def close(self) -> None:
        self.flush()
        for writer in self._writers.values():
            writer.close()


def load(path: Path, folder: Path) -> int:
    """Load a releases file; answer how many records it has."""
    spec = Spec(ENTITIES["release"].record)
    rows = Rows(folder)
    count = 0
    with igzip.open(path, "rb") as file:
        for _, release in etree.iterparse(file, tag="release", recover=True):  # real dumps have forbidden characters
            rows.add(release, spec, int(release.get("id", "")), ())
            release.clear()
            parent = release.getparent()
            while parent is not None and release.getprevious() is not None:
                del parent[0]
            count += 1
            if count % RECORDS_AT_ONCE == 0:
                rows.flush()
    rows.close()
    return count
