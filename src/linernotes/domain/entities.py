"""Entities: their types and ids, and what the parts of a record are."""

from enum import StrEnum
from functools import cache
from uuid import UUID, uuid5

_ROOT = UUID("1d5320e8-a1bf-4e5b-8695-15a516eb4365")
"""Drawn at random once. Every entity id rests on it: another value would give every artist a new id."""
_MAX_QUANTITY_DIGITS = 4
"""The text may hold 52 digits; the largest box sets have a few hundred discs."""


class EntityType(StrEnum):
    """What the catalogue has ids for. The text is part of every id, so it never changes."""

    ARTIST = "artist"
    LABEL = "label"
    RELEASE_GROUP = "release_group"
    RELEASE = "release"
    MEDIUM = "medium"
    TRACK = "track"
    RECORDING = "recording"
    AREA = "area"
    GENRE = "genre"
    PLAYLIST = "playlist"


class TrackKind(StrEnum):
    TRACK = "track"
    HEADING = "heading"
    """A title over the tracks that follow; nothing to play."""
    INDEX = "index"
    """A title over its own sub-tracks."""
    SUB_TRACK = "sub_track"


def entity_id(entity_type: EntityType, source: str, source_id: str) -> UUID:
    """The id of an entity known from one source: UUIDv5 of `<source>:<source id>` in its type's namespace."""
    return uuid5(namespace(entity_type), f"{source}:{source_id}")


@cache
def namespace(entity_type: EntityType) -> UUID:
    """The UUIDv5 namespace of an entity type, for engines that compute ids themselves."""
    return uuid5(_ROOT, entity_type.value)


def bronze_id(load_id: UUID, source: str, record_id: str) -> UUID:
    """The id of one record as one load received it: UUIDv5 of `<source>:<record id>` in the load's namespace."""
    return uuid5(load_id, f"{source}:{record_id}")


def track_address(record_id: str, track_number: int, sub_track_number: int = 0) -> str:
    """The source id of a track and of its recording: the release, the track's number, the sub-track's (0 = none)."""
    return f"{record_id}/{track_number}/{sub_track_number}"


def track_kind(position: str | None, duration: str | None, *, has_sub_tracks: bool) -> TrackKind:
    """What an entry at the first level of a tracklist is; entries below it are sub-tracks."""
    if has_sub_tracks:
        return TrackKind.INDEX
    is_bare = not (position or "").strip() and not (duration or "").strip()
    return TrackKind.HEADING if is_bare else TrackKind.TRACK


def parse_quantity(text: str | None) -> int | None:
    """The number of pieces of a format, None where the text holds no number from 1 to 9,999."""
    if text is None:
        return None
    digits = text.strip().lstrip("0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _MAX_QUANTITY_DIGITS:
        return None
    return int(digits)
