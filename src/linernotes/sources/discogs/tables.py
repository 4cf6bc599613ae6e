"""The Discogs dump format, written down once: which element and attribute becomes which bronze column.

Both readers, the grammar of the fast path, the Arrow schemas and the drift report derive from the
trees below, so nothing can be read by one of them and be unknown to another.
Format: https://data.discogs.com/ (see docs/reference/discogs.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

TEXT = "."
"""Where a value comes from: an element's text, or `@name` for an attribute."""
RECORD_ID = "record_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of the format, with what is inside it."""

    tag: str
    values: tuple[tuple[str, str], ...] = ()
    """Where a value comes from (TEXT or `@attribute`), and its column in the nearest row around it."""
    children: tuple["Element", ...] = ()
    table: str | None = None
    """Bronze table of which each such element is one row."""
    index: str | None = None
    """Column holding the row's 0-based position within its parent; None for a record."""

    @property
    def text_column(self) -> str | None:
        """Column of the element's own text, if it has one."""
        return dict(self.values).get(TEXT)

    @property
    def attributes(self) -> dict[str, str]:
        """Column by attribute name."""
        return {source[1:]: column for source, column in self.values if source != TEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One bronze table."""

    name: str
    indexes: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """Record id, indexes and values; the bronze writer puts `load_id` before them."""
        fields = [pa.field(RECORD_ID, pa.int64(), nullable=False)]
        fields += [pa.field(name, pa.int32(), nullable=False) for name in self.indexes]
        fields += [pa.field(name, pa.string()) for name in self.columns]
        return pa.schema(fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of dump file."""

    name: str
    """`artist`, `label`, `master` or `release`; also the record's tag."""
    record: Element

    @property
    def root(self) -> str:
        """Tag of the root element."""
        return f"{self.name}s"

    @property
    def table(self) -> str:
        """The record table."""
        return f"discogs_{self.name}"

    @property
    def image_tables(self) -> tuple[str, ...]:
        """Tables that dumps without images say nothing about."""
        return tuple(table.name for table in tables(self.name) if table.name.endswith("_image"))


def _text(tag: str, column: str | None = None) -> Element:
    return Element(tag=tag, values=((TEXT, column or tag),))


def _list(tag: str, *rows: Element) -> Element:
    return Element(tag=tag, children=rows)


def _row(
    tag: str, table: str, *values: tuple[str, str], index: str = "", children: tuple[Element, ...] = ()
) -> Element:
    return Element(tag=tag, table=table, index=f"{index or tag}_index", values=values, children=children)


def _images(entity: str) -> Element:
    values = tuple((f"@{name}", name) for name in ("type", "uri", "uri150", "width", "height"))
    return _list("images", _row("image", f"discogs_{entity}_image", *values))


def _urls(entity: str) -> Element:
    return _list("urls", _row("url", f"discogs_{entity}_url", (TEXT, "url")))


def _names(tag: str, entity: str, singular: str) -> Element:
    row = _row("name", f"discogs_{entity}_{singular}", ("@id", "id"), (TEXT, "name"), index=singular)
    return _list(tag, row)


def _credits(tag: str, table: str) -> Element:
    fields = tuple(_text(name) for name in ("id", "name", "anv", "join", "role", "tracks"))
    return _list(tag, _row("artist", table, index=table.rpartition("_")[2], children=fields))


def _words(tag: str, table: str) -> Element:
    word = table.rpartition("_")[2]
    return _list(tag, _row(word, table, (TEXT, word)))


def _videos(entity: str) -> Element:
    values = tuple((f"@{name}", name) for name in ("src", "duration", "embed"))
    row = _row("video", f"discogs_{entity}_video", *values, children=(_text("title"), _text("description")))
    return _list("videos", row)


def _track(kind: str, *children: Element) -> Element:
    table = f"discogs_release_{kind}"
    inside = (
        *(_text(name) for name in ("position", "title", "duration")),
        _credits("artists", f"{table}_artist"),
        _credits("extraartists", f"{table}_credit"),
        *children,
    )
    return _row("track", table, index=kind, children=inside)


def _attributes(tag: str, table: str, *names: str) -> Element:
    return _row(tag, table, *((f"@{name}", name) for name in names))


ARTIST = Element(
    tag="artist",
    table="discogs_artist",
    children=(
        _text("id", RECORD_ID),
        *(_text(name) for name in ("name", "realname", "profile", "data_quality")),
        _images("artist"),
        _urls("artist"),
        _list("namevariations", _row("name", "discogs_artist_name_variation", (TEXT, "name"), index="name_variation")),
        _names("aliases", "artist", "alias"),
        _list(
            "members",
            _row("id", "discogs_artist_member_id", (TEXT, "id"), index="member_id"),
            _row("name", "discogs_artist_member", ("@id", "id"), (TEXT, "name"), index="member"),
        ),
        _names("groups", "artist", "group"),
    ),
)

LABEL = Element(
    tag="label",
    table="discogs_label",
    children=(
        _text("id", RECORD_ID),
        *(_text(name) for name in ("name", "contactinfo", "profile", "data_quality")),
        Element(tag="parentLabel", values=(("@id", "parent_label_id"), (TEXT, "parent_label"))),
        _images("label"),
        _urls("label"),
        _list("sublabels", _row("label", "discogs_label_sublabel", ("@id", "id"), (TEXT, "name"), index="sublabel")),
    ),
)

MASTER = Element(
    tag="master",
    table="discogs_master",
    values=(("@id", RECORD_ID),),
    children=(
        *(_text(name) for name in ("main_release", "year", "title", "notes", "data_quality")),
        _images("master"),
        _credits("artists", "discogs_master_artist"),
        _words("genres", "discogs_master_genre"),
        _words("styles", "discogs_master_style"),
        _videos("master"),
    ),
)

RELEASE = Element(
    tag="release",
    table="discogs_release",
    values=(("@id", RECORD_ID), ("@status", "status")),
    children=(
        *(_text(name) for name in ("title", "country", "released", "notes", "data_quality")),
        Element(tag="master_id", values=((TEXT, "master_id"), ("@is_main_release", "is_main_release"))),
        _images("release"),
        _credits("artists", "discogs_release_artist"),
        _credits("extraartists", "discogs_release_credit"),
        _list("labels", _attributes("label", "discogs_release_label", "name", "catno", "id")),
        _list("series", _attributes("series", "discogs_release_series", "name", "catno", "id")),
        _list(
            "formats",
            _row(
                "format",
                "discogs_release_format",
                *((f"@{name}", name) for name in ("name", "qty", "text")),
                children=(_words("descriptions", "discogs_release_format_description"),),
            ),
        ),
        _words("genres", "discogs_release_genre"),
        _words("styles", "discogs_release_style"),
        _list("tracklist", _track("track", _list("sub_tracks", _track("sub_track")))),
        _list("identifiers", _attributes("identifier", "discogs_release_identifier", "type", "description", "value")),
        _videos("release"),
        _list(
            "companies",
            _row(
                "company",
                "discogs_release_company",
                children=tuple(
                    _text(name) for name in ("id", "name", "catno", "entity_type", "entity_type_name", "resource_url")
                ),
            ),
        ),
    ),
)

ENTITIES = {record.tag: Entity(name=record.tag, record=record) for record in (LABEL, ARTIST, MASTER, RELEASE)}
"""In the order they are loaded."""


def columns_of(row: Element) -> Iterator[str]:
    """Columns of one row element, those of its nested single values included, without the record id."""
    yield from (column for _, column in row.values if column != RECORD_ID)
    for child in row.children:
        if child.table is None:
            yield from columns_of(child)


def _tables(element: Element, indexes: tuple[str, ...]) -> Iterator[Table]:
    if element.table:
        indexes = (*indexes, element.index) if element.index else indexes
        yield Table(name=element.table, indexes=indexes, columns=tuple(columns_of(element)))
    for child in element.children:
        yield from _tables(child, indexes)


@cache
def tables(entity: str) -> tuple[Table, ...]:
    """Every bronze table of an entity, the record table first."""
    return tuple(_tables(ENTITIES[entity].record, ()))
