"""The MusicBrainz tables that we read, with their columns in the order in which dumps have them.

A dump has no header, so the order is written down here, per schema sequence; a database tells its columns itself. Types
follow from names, which mean the same in every table. Described at https://musicbrainz.org/doc/MusicBrainz_Database/Schema;
a test compares with the real schema.
"""

from collections.abc import Mapping

SCHEMA_SEQUENCE = 31
"""The schema that the order of columns belongs to; a dump of another one is refused."""

_DATES = "begin_date_year begin_date_month begin_date_day end_date_year end_date_month end_date_day"
_LOOKUP = "id name parent child_order description gid"
_ALIAS = f"name locale edits_pending last_updated type sort_name {_DATES} primary_for_locale ended"
_RELATION = "id link entity0 entity1 edits_pending last_updated link_order entity0_credit entity1_credit"
_REDIRECT = "gid new_id created"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "area": f"id gid name type edits_pending last_updated {_DATES} ended comment",
        "area_gid_redirect": _REDIRECT,
        "area_type": _LOOKUP,
        "artist": f"id gid name sort_name {_DATES} type area gender comment edits_pending last_updated ended"
        " begin_area end_area",
        "artist_alias": f"id artist {_ALIAS}",
        "artist_alias_type": _LOOKUP,
        "artist_credit_name": "artist_credit position artist name join_phrase",
        "artist_gid_redirect": _REDIRECT,
        "artist_ipi": "artist ipi edits_pending created",
        "artist_isni": "artist isni edits_pending created",
        "artist_tag": "artist tag count last_updated",
        "artist_type": _LOOKUP,
        "gender": _LOOKUP,
        "genre": "id gid name comment edits_pending last_updated",
        "iso_3166_1": "area code",
        "iso_3166_2": "area code",
        "isrc": "id recording isrc edits_pending created",
        "l_area_area": _RELATION,
        "l_artist_artist": _RELATION,
        "l_artist_recording": _RELATION,
        "l_artist_release": _RELATION,
        "l_artist_url": _RELATION,
        "l_label_url": _RELATION,
        "l_recording_url": _RELATION,
        "l_release_group_url": _RELATION,
        "l_release_url": _RELATION,
        "label": f"id gid name {_DATES} label_code type area comment edits_pending last_updated ended",
        "label_alias": f"id label {_ALIAS}",
        "label_alias_type": _LOOKUP,
        "label_gid_redirect": _REDIRECT,
        "label_ipi": "label ipi edits_pending created",
        "label_isni": "label isni edits_pending created",
        "label_tag": "label tag count last_updated",
        "label_type": _LOOKUP,
        "language": "id iso_code_2t iso_code_2b iso_code_1 name frequency iso_code_3",
        "link": f"id link_type {_DATES} attribute_count created ended",
        "link_attribute": "link attribute_type created",
        "link_attribute_type": "id parent root child_order gid name description last_updated",
        "link_type": "id parent child_order gid entity_type0 entity_type1 name description link_phrase"
        " reverse_link_phrase long_link_phrase last_updated is_deprecated has_dates entity0_cardinality"
        " entity1_cardinality",
        "medium": "id release position format name edits_pending last_updated track_count gid",
        "medium_format": "id name parent child_order year has_discids description gid",
        "recording": "id gid name artist_credit length comment edits_pending last_updated video",
        "recording_gid_redirect": _REDIRECT,
        "recording_tag": "recording tag count last_updated",
        "release": "id gid name artist_credit release_group status packaging language script barcode comment"
        " edits_pending quality last_updated",
        "release_country": "release country date_year date_month date_day",
        "release_gid_redirect": _REDIRECT,
        "release_group": "id gid name artist_credit type comment edits_pending last_updated",
        "release_group_gid_redirect": _REDIRECT,
        "release_group_primary_type": _LOOKUP,
        "release_group_secondary_type": _LOOKUP,
        "release_group_secondary_type_join": "release_group secondary_type created",
        "release_group_tag": "release_group tag count last_updated",
        "release_label": "id release label catalog_number last_updated",
        "release_packaging": _LOOKUP,
        "release_status": _LOOKUP,
        "release_tag": "release tag count last_updated",
        "release_unknown_country": "release date_year date_month date_day",
        "script": "id iso_code iso_number name frequency",
        "tag": "id name ref_count",
        "track": "id gid recording medium position number name artist_credit length edits_pending last_updated"
        " is_data_track",
        "url": "id gid url edits_pending last_updated",
    }.items()
}

_KEYS: Mapping[str, tuple[str, ...]] = {
    "artist_credit_name": ("artist_credit", "position"),
    "iso_3166_1": ("code",),
    "iso_3166_2": ("code",),
    "release_unknown_country": ("release",),
}
"""Primary keys that do not follow from the columns."""

_TEXT = frozenset(
    {
        "name",
        "sort_name",
        "comment",
        "description",
        "locale",
        "url",
        "catalog_number",
        "barcode",
        "number",
        "join_phrase",
        "entity0_credit",
        "entity1_credit",
        "entity_type0",
        "entity_type1",
        "link_phrase",
        "reverse_link_phrase",
        "long_link_phrase",
        "code",
        "isrc",
        "isni",
        "ipi",
        "iso_code",
        "iso_number",
        "iso_code_1",
        "iso_code_2b",
        "iso_code_2t",
        "iso_code_3",
    }
)
_BOOLEAN = frozenset(
    {
        "ended",
        "primary_for_locale",
        "video",
        "is_data_track",
        "is_deprecated",
        "has_dates",
        "has_discids",
    }
)
_TIMES = frozenset({"last_updated", "created"})


def type_of(column: str) -> str:
    """The SQL type of a column, by its name."""
    if column in _TEXT:
        return "VARCHAR"
    if column in _BOOLEAN:
        return "BOOLEAN"
    if column in _TIMES:
        return "TIMESTAMPTZ"
    return "UUID" if column == "gid" else "INTEGER"


def keys_of(table: str) -> tuple[str, ...]:
    """The primary key of a table."""
    columns = COLUMNS[table]
    if table in _KEYS:
        return _KEYS[table]
    return columns[:1] if columns[0] in ("id", "gid") else columns[:2]
