"""Lyrics in files: one for each song, by its name, or by what an LRC file says in its first lines."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from linernotes.errors import WrongUsageError
from linernotes.ports.libraries import Document, Unread
from linernotes.ports.providers import Question
from linernotes.providers.libraries.asking import as_list
from linernotes.providers.libraries.tracks import track_key

_LONGEST_FILE = 200_000
"""Bytes; the longest songs have 20 thousand."""
_SUFFIXES = (".lrc", ".txt")
_TAG = re.compile(r"^\[(?P<name>ar|ti|length):(?P<value>[^\]\n]{1,500})\]", re.MULTILINE)
_LENGTH = re.compile(r"(?P<minutes>\d{1,3}):(?P<seconds>\d{2})")


class LyricsFiles:
    """Files by artist and title."""

    provider = "lyrics"

    def usual_file(self) -> Path | None:
        """None: they are the user's."""
        return None

    def read(self, path: Path) -> Iterator[Document | Unread]:
        """The files in a folder, and in those below it; links are not followed.

        Raises:
            WrongUsageError: It is no folder.
        """
        if not path.is_dir():
            raise WrongUsageError(f"{path} is no folder; name the one in which the files of lyrics are")
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in _SUFFIXES and file.is_file() and not file.is_symlink():
                yield _read(file, place=file.relative_to(path).as_posix())

    def key(self, question: Question) -> str:
        """Artist and title."""
        return track_key(question.parameters["artist"], question.parameters["title"])

    def answer(self, documents: Sequence[Document]) -> bytes:
        """The files of this artist and title."""
        return as_list(documents)


def _read(file: Path, *, place: str) -> Document | Unread:
    if file.stat().st_size > _LONGEST_FILE:
        return Unread(place=place, reason=f"longer than {_LONGEST_FILE:,} bytes")
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    tags = {found["name"]: found["value"].strip() for found in _TAG.finditer(text)}
    named_artist, _, named_title = file.stem.partition(" - ")
    artist, title = tags.get("ar") or named_artist, tags.get("ti") or named_title
    if not artist or not title:
        return Unread(place=place, reason="neither its name nor its tags say artist and title")
    length = _LENGTH.fullmatch(tags.get("length", ""))
    said = {
        "artist": artist,
        "title": title,
        "duration_ms": (int(length["minutes"]) * 60 + int(length["seconds"])) * 1000 if length else None,
        "file": place,
        "text": text,
    }
    return Document(key=track_key(artist, title), text=json.dumps(said, ensure_ascii=False))
