"""The tables of the catalogue: their order, what tells their rows apart, and the SQL that makes and fills them."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from linernotes.destinations.sqlite.entities import entity_statements

TABLES = (
    "artist",
    "artist_alias",
    "membership",
    "label",
    "release_group",
    "release",
    "medium",
    "medium_description",
    "recording",
    "track",
    "artist_credit",
    "track_artist_credit",
    "release_credit",
    "track_credit",
    "release_label",
    "release_series",
    "release_company",
    "genre",
    "style",
    "identifier",
    "video",
    "image",
    "url",
    "other_record",
    "decision",
    "enriched_value",
    "redirect",
)
"""In the order of loading: what is referred to comes first."""

OF_SEVERAL = ("other_record", "decision", "redirect")
"""Tables of what several sources know, which silver has not."""

PARENTS = {
    "artist_credit": ("release_group_id", "release_id"),
    "genre": ("release_group_id", "release_id"),
    "style": ("release_group_id", "release_id"),
    "video": ("release_group_id", "release_id"),
    "image": ("artist_id", "label_id", "release_group_id", "release_id"),
    "url": ("artist_id", "label_id"),
    "other_record": ("artist_id", "label_id", "release_group_id", "release_id"),
    "decision": ("artist_id", "label_id", "release_group_id", "release_id"),
    "enriched_value": ("artist_id", "release_group_id", "release_id", "recording_id"),
}
"""Tables whose rows belong to exactly one of several parents; within it a row is told apart by its position."""

_KEYS = {
    "artist_alias": ("artist_id", "kind", "position"),
    "membership": ("group_id", "position"),
    "medium": ("release_id", "medium_number"),
    "medium_description": ("release_id", "medium_number", "position"),
    "track_artist_credit": ("track_id", "position"),
    "release_credit": ("release_id", "position"),
    "track_credit": ("track_id", "position"),
    "release_label": ("release_id", "position"),
    "release_series": ("release_id", "position"),
    "release_company": ("release_id", "position"),
    "identifier": ("release_id", "position"),
    "redirect": ("uuid",),
}

LOADS = ("load_id", "other_load_id")
"""Columns that lead to a load, which are numbered anew in each generation."""

REFERENCES = (
    ("artist_alias", "alias_id", "alias_record_id", "name"),
    ("membership", "member_id", "member_record_id", "member_name"),
    ("label", "parent_label_id", "parent_label_record_id", "parent_label_name"),
    ("release_group", "main_release_id", "main_release_record_id", "title"),
    ("release", "release_group_id", "release_group_record_id", "title"),
    ("artist_credit", "artist_id", "artist_record_id", "artist_name"),
    ("track_artist_credit", "artist_id", "artist_record_id", "artist_name"),
    ("release_credit", "artist_id", "artist_record_id", "artist_name"),
    ("track_credit", "artist_id", "artist_record_id", "artist_name"),
    ("release_label", "label_id", "label_record_id", "label_name"),
    ("release_series", "series_id", "series_record_id", "series_name"),
    ("release_company", "company_id", "company_record_id", "company_name"),
)
"""Table, key, the source's own id, and a name: references that may lead out of the catalogue."""


def key_of(table: str) -> tuple[str, ...]:
    """The primary key of a table that is not in `PARENTS`."""
    return _KEYS.get(table, ("id",))


@cache
def statement(name: str) -> str:
    """The SQL of a file beside this module, such as `rows/artist.sql`."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


@cache
def shape() -> str:
    """A short name for what a catalogue made by this version looks like: it changes with any SQL that makes it."""
    parts = ["schema.sql", "indexes.sql", "search.sql", "views.sql", "loads.sql"]
    parts += [
        f"scope/{part}.sql" for part in ("macros", "entities", "all", "filter", "around", "recordings", "decided")
    ]
    parts += [f"rows/{table}.sql" for table in TABLES]
    made = [*(statement(part) for part in parts), *entity_statements()]
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:12]


def _folder() -> Traversable:
    return files(__package__)
