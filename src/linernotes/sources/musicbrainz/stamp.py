"""What an archive of MusicBrainz says of itself: when it was taken, and up to which replication packet."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linernotes.domain.numbers import whole_number
from linernotes.errors import FatalError
from linernotes.sources.musicbrainz.schema import SCHEMA_SEQUENCE
from linernotes.wire.archive import open_archive

TABLE_PREFIX = "mbdump/"
_MEMBERS = ("TIMESTAMP", "SCHEMA_SEQUENCE", "REPLICATION_SEQUENCE")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The first members of an archive."""

    taken_at: datetime
    sequence: int | None
    """The newest replication packet that it contains or is; None where it does not tell."""


def read_stamp(path: Path, *, kind: str, name: str) -> Stamp:
    """Read it, and refuse a schema that we do not know.

    Args:
        path: The archive.
        kind: What it should be, for messages: `dump`, `replication packet`.
        name: The name that files of this kind have, for messages.

    Raises:
        FatalError: It cannot be read, is nothing of this kind, or of another schema.
    """
    facts: dict[str, str] = {}
    with open_archive(path, threads=1) as members:
        for member, content in members:
            if member in _MEMBERS:
                facts[member] = content.read(64).decode(errors="replace").strip()
            elif member.startswith(TABLE_PREFIX):
                break
    if not {"TIMESTAMP", "SCHEMA_SEQUENCE"} <= facts.keys():
        raise FatalError(
            f"{path.name} is no {kind} of MusicBrainz, in which TIMESTAMP and SCHEMA_SEQUENCE come first; take {name}"
        )
    if facts["SCHEMA_SEQUENCE"] != str(SCHEMA_SEQUENCE):
        raise FatalError(
            f"{path.name} has schema {facts['SCHEMA_SEQUENCE'][:20]!r}, and this version of Linernotes knows"
            f" {SCHEMA_SEQUENCE}: take a {kind} of that schema, or a version that knows the other"
        )
    try:
        moment = datetime.fromisoformat(facts["TIMESTAMP"])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FatalError(
            f"{path.name} is no {kind} of MusicBrainz, its TIMESTAMP is {facts['TIMESTAMP']!r}: take {name}"
        )
    return Stamp(taken_at=moment, sequence=whole_number(facts.get("REPLICATION_SEQUENCE")))
