"""The fields that providers are asked for: what their values are, and which entities have them."""

from collections.abc import Mapping
from dataclasses import dataclass

from linernotes.domain.comparison import Kind
from linernotes.domain.entities import EntityType

_ARTIST, _RECORDING = EntityType.ARTIST, EntityType.RECORDING
_GROUP, _RELEASE = EntityType.RELEASE_GROUP, EntityType.RELEASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that can be known of an entity."""

    name: str
    kind: Kind
    entity_types: tuple[EntityType, ...]
    unit: str | None = None


_FIELDS = (
    Field(name="mbid", kind=Kind.IDENTIFIER, entity_types=(_ARTIST, _RECORDING, _RELEASE, _GROUP)),
    Field(name="spotify_id", kind=Kind.IDENTIFIER, entity_types=(_ARTIST, _RECORDING, _RELEASE)),
    Field(name="isrc", kind=Kind.IDENTIFIER, entity_types=(_RECORDING,)),
    Field(name="tempo_bpm", kind=Kind.TEMPO, entity_types=(_RECORDING,), unit="beats per minute"),
    Field(name="key", kind=Kind.KEY, entity_types=(_RECORDING,)),
    Field(name="genre", kind=Kind.TEXT, entity_types=(_ARTIST, _RECORDING, _RELEASE, _GROUP)),
    Field(name="release_date", kind=Kind.DATE, entity_types=(_RECORDING, _RELEASE, _GROUP)),
    Field(name="country", kind=Kind.IDENTIFIER, entity_types=(_ARTIST, _RELEASE)),
    Field(name="label", kind=Kind.TEXT, entity_types=(_RELEASE,)),
    Field(name="cover_art", kind=Kind.OPEN, entity_types=(_RELEASE, _GROUP)),
    Field(name="bio", kind=Kind.OPEN, entity_types=(_ARTIST,)),
    Field(name="tags", kind=Kind.OPEN, entity_types=(_ARTIST, _RECORDING, _GROUP)),
    Field(name="listeners", kind=Kind.OPEN, entity_types=(_ARTIST, _RECORDING), unit="people"),
    Field(name="playcount", kind=Kind.OPEN, entity_types=(_ARTIST, _RECORDING), unit="plays"),
    Field(name="popularity", kind=Kind.OPEN, entity_types=(_ARTIST, _RECORDING), unit="0 to 100"),
    Field(name="lyrics_url", kind=Kind.OPEN, entity_types=(_RECORDING,)),
    Field(name="lyrics_available", kind=Kind.IDENTIFIER, entity_types=(_RECORDING,)),
    Field(name="coordinates", kind=Kind.POINT, entity_types=(EntityType.AREA,), unit="degrees"),
)

FIELDS: Mapping[str, Field] = {
    f"{entity_type}.{field.name}": field for field in _FIELDS for entity_type in field.entity_types
}
"""By `<entity type>.<field>`, as rules and commands name them."""
