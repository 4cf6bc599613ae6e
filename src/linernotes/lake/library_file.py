"""A file of a library as it is written: documents in the order of hashes of their keys, whatever they come in.

They are parted by that hash first, on disk, and sorted part by part: the memory that it takes is that of a part.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from linernotes.ports.libraries import Document, LibraryFile

if TYPE_CHECKING:
    import pyarrow as pa

ABOUT = "linernotes"
"""The name under which the file says what it was made from."""
_PARTS = 256
_ROWS_AT_A_TIME, _LETTERS_AT_A_TIME = 50_000, 16_000_000
_ROW_GROUP_BYTES = 500_000
"""To find a key, a row group is read."""
_MOST_ROWS = 16_384
_PLACE_BITS = 63


def storable(text: str) -> str:
    """A text without halves of letters, which names of files and escapes of JSON may have and Parquet may not."""
    return text.encode("utf-8", errors="replace").decode()


def place_of(key: str) -> int:
    """Where a key that is storable stands in a file: 63 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) >> 1


def write_library(path: Path, file: LibraryFile, documents: Iterable[Document], scratch: Path) -> int:
    """Write documents into a file, and answer how many they are.

    Args:
        path: What is written.
        file: What it is made from.
        documents: In any order.
        scratch: A folder for the parts.
    """
    import pyarrow as pa  # noqa: PLC0415 - 40 MB that asking a library does without
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    schema = pa.schema([("place", pa.int64()), ("key", pa.string()), ("rank", pa.int64()), ("text", pa.string())])
    _write_parts(documents, schema, scratch)
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=False) as writer:
        for part in sorted(scratch.glob("*.arrow")):
            with pa.OSFile(str(part)) as source:
                rows = pa.ipc.open_stream(source).read_all()
            part.unlink()
            rows = rows.sort_by([(name, "ascending") for name in schema.names])
            count += rows.num_rows
            width = max(rows["text"].nbytes // rows.num_rows, 1)
            writer.write_table(rows, row_group_size=min(max(_ROW_GROUP_BYTES // width, 1), _MOST_ROWS))
        about = {"name": file.name, "sha256": file.sha256, "added_at": file.added_at.isoformat(), "documents": count}
        writer.add_key_value_metadata({ABOUT: json.dumps(about)})
    return count


def _write_parts(documents: Iterable[Document], schema: "pa.Schema", scratch: Path) -> None:
    """Part documents by the first bits of their places."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    with ExitStack() as stack:
        writers: dict[int, pa.RecordBatchStreamWriter] = {}
        for batch in _batches(documents):
            parted: dict[int, list[tuple[int, Document]]] = {}
            for document in batch:
                place = place_of(storable(document.key))
                parted.setdefault(place * _PARTS >> _PLACE_BITS, []).append((place, document))
            for number, found in parted.items():
                if number not in writers:
                    writers[number] = stack.enter_context(
                        pa.ipc.new_stream(str(scratch / f"{number:03}.arrow"), schema)
                    )
                columns = {
                    "place": [place for place, _ in found],
                    "key": [storable(one.key) for _, one in found],
                    "rank": [one.rank for _, one in found],
                    "text": [storable(one.text) for _, one in found],
                }
                writers[number].write_table(pa.table(columns, schema=schema))


def _batches(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    batch, letters = list[Document](), 0
    for document in documents:
        batch.append(document)
        letters += len(document.text)
        if len(batch) >= _ROWS_AT_A_TIME or letters >= _LETTERS_AT_A_TIME:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch
