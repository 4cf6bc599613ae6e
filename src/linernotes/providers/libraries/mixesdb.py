"""Track lists in tables: one line for each track, with a heading that says what stands where."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from linernotes.errors import WrongUsageError
from linernotes.ports.libraries import Document, Unread
from linernotes.ports.providers import Question
from linernotes.providers.libraries.asking import as_list
from linernotes.providers.libraries.tables import read_table
from linernotes.providers.libraries.tracks import track_key

_COLUMNS = {
    **dict.fromkeys(("artist", "artists", "artist name"), "artist"),
    **dict.fromkeys(("title", "track", "name", "track title", "track name"), "title"),
    **dict.fromkeys(("bpm", "tempo"), "bpm"),
    **dict.fromkeys(("key", "initial key", "initialkey", "camelot"), "key"),
}
"""Ours by what headings call it."""
_DIALECTS: Mapping[str, type[csv.Dialect]] = {".csv": csv.excel, ".tsv": csv.excel_tab, ".txt": csv.excel_tab}


class MixesDbFiles:
    """Lines by artist and title, in the order in which they stand."""

    provider = "mixesdb"

    def usual_file(self) -> Path | None:
        """None: they are the user's."""
        return None

    def read(self, path: Path) -> Iterator[Document | Unread]:
        """The lines of a table.

        Raises:
            WrongUsageError: It is no such table.
        """
        dialect = _DIALECTS.get(path.suffix.lower())
        if dialect is None:
            raise WrongUsageError(f"{path} is no table; those are called .csv, .tsv or .txt")
        with path.open("rb") as file:
            rows = read_table(file, dialect=dialect)
            columns = [_COLUMNS.get(name.strip().lower(), "") for name in next(rows, (1, []))[1]]
            if not {"artist", "title"} <= set(columns) or not {"bpm", "key"} & set(columns):
                raise WrongUsageError(f"{path}: its first line does not name artist, title, and bpm or key")
            for line, row in rows:
                track = {name: value.strip() for name, value in zip(columns, row, strict=False) if name}
                if track.get("artist") and track.get("title"):
                    key = track_key(track["artist"], track["title"])
                    yield Document(key=key, rank=line, text=json.dumps(track, ensure_ascii=False))
                elif row:
                    yield Unread(place=f"line {line}", reason="no artist or no title")

    def key(self, question: Question) -> str:
        """Artist and title."""
        return track_key(question.parameters["artist"], question.parameters["title"])

    def answer(self, documents: Sequence[Document]) -> bytes:
        """The lines of this artist and title."""
        return as_list(documents)
