"""The dumps of AcousticBrainz: archives of documents, and the same features as tables of rhythm and of tonality.

https://acousticbrainz.org/download
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from linernotes.domain.identifiers import normalise_mbid
from linernotes.errors import WrongUsageError
from linernotes.ports.libraries import Document, Unread
from linernotes.ports.providers import Question
from linernotes.providers.libraries.tables import as_file, read_table

if TYPE_CHECKING:
    from linernotes.wire.archive import Stream

_MEMBER = re.compile(r"(?P<mbid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?P<offset>\d{1,6})\.json")
_LONGEST_DOCUMENT = 4_000_000
"""Bytes; documents have 20 to 70 thousand."""
_OFFSET = re.compile(r"\d{1,6}")
_PARTS = {"bpm": "rhythm", "key_key": "tonal"}
"""Which part of a document a table is, by a column that it has."""


class AcousticBrainzFiles:
    """Documents by MBID; those of one recording are ranked as they were sent in."""

    provider = "acousticbrainz"

    def usual_file(self) -> Path | None:
        """None: they have gigabytes."""
        return None

    def read(self, path: Path) -> Iterator[Document | Unread]:
        """The documents of an archive or of a table, in an archive or not.

        Raises:
            WrongUsageError: It is no file of AcousticBrainz.
            FatalError: It cannot be read, or is damaged.
        """
        if path.is_dir():
            raise WrongUsageError(f"{path} is a folder; name the files of the dump in it")
        if path.suffix == ".csv":
            with path.open("rb") as file:
                yield from _rows(file, path.name)
            return
        from linernotes.wire.archive import open_archive  # noqa: PLC0415 - 40 MB of pyarrow that asking does without

        with open_archive(path, threads=1) as members:
            for name, content in members:
                if name.endswith(".csv"):
                    yield from _rows(as_file(content), name)
                elif name.endswith(".json"):
                    yield _document(name, content)

    def key(self, question: Question) -> str:
        """The MBID."""
        return question.subjects[0].identifiers["mbid"]

    def answer(self, documents: Sequence[Document]) -> bytes:
        """What was sent in first, as the service answered it; its parts put together where several files have them."""
        heard: dict[str, object] = {}
        for document in documents:
            if document.rank == documents[0].rank:
                heard |= json.loads(document.text)
        return json.dumps(heard).encode()


def _document(name: str, content: "Stream") -> Document | Unread:
    found = _MEMBER.search(name)
    if found is None:
        return Unread(place=name, reason="its name has no MBID and number")
    body = content.read(_LONGEST_DOCUMENT + 1)
    if len(body) > _LONGEST_DOCUMENT:
        return Unread(place=name, reason=f"longer than {_LONGEST_DOCUMENT:,} bytes")
    try:
        said = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        return Unread(place=name, reason=f"no JSON: {error}")
    if not isinstance(said, dict):
        return Unread(place=name, reason="no JSON object")
    return Document(key=found["mbid"], rank=int(found["offset"]), text=json.dumps(_brief(said)))


def _brief(said: Mapping[str, Any]) -> dict[str, object]:
    """A document without its lists and statistics of the spectrum, which are nineteen twentieths of it."""
    parts = {name: _scalars(said.get(name)) for name in _PARTS.values()}
    metadata = said.get("metadata")
    audio = metadata.get("audio_properties") if isinstance(metadata, dict) else None
    return {**parts, "metadata": {"audio_properties": _scalars(audio)}}


def _scalars(part: object) -> dict[str, object]:
    found = part if isinstance(part, dict) else {}
    return {name: value for name, value in found.items() if not isinstance(value, (dict, list))}


def _rows(file: BinaryIO, name: str) -> Iterator[Document | Unread]:
    """Each row as the part of a document that it is."""
    rows = read_table(file)
    columns = next(rows, (1, []))[1]
    part = next((part for column, part in _PARTS.items() if column in columns), None)
    if part is None or list(columns[:2]) != ["mbid", "submission_offset"]:
        yield Unread(place=name, reason="no table of mbid, submission_offset, and bpm or key_key")
        return
    for line, row in rows:
        mbid = normalise_mbid(row[0]) if row else None
        if mbid is None or len(row) != len(columns) or not _OFFSET.fullmatch(row[1]):
            yield Unread(place=f"{name}, line {line}", reason="no row of this table")
        else:
            heard = dict(zip(columns[2:], row[2:], strict=True))
            yield Document(key=mbid, rank=int(row[1]), text=json.dumps({part: heard}))
