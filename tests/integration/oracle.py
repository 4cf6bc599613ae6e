"""Discogs dumps as lxml reads them, written down a second time and without a look at how Linernotes reads them."""

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

Element = etree._Element
Row = tuple[Any, ...]

IMAGE = {name: f"@{name}" for name in ("type", "uri", "uri150", "width", "height")}
PERSON = {name: name for name in ("id", "name", "anv", "join", "role", "tracks")}
NAMED = {"id": "@id", "name": "."}
VIDEO = {"src": "@src", "duration": "@duration", "embed": "@embed", "title": "title", "description": "description"}
TRACK = {name: name for name in ("position", "title", "duration")}
NUMBERED = {"name": "@name", "catno": "@catno", "id": "@id"}

# table: where its rows stand, step by step (each step is one index), and where each column's value stands
TABLES: Mapping[str, Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]]] = {
    "artist": {
        "discogs_artist": ((), {name: name for name in ("name", "realname", "profile", "data_quality")}),
        "discogs_artist_image": (("images/image",), IMAGE),
        "discogs_artist_url": (("urls/url",), {"url": "."}),
        "discogs_artist_name_variation": (("namevariations/name",), {"name": "."}),
        "discogs_artist_alias": (("aliases/name",), NAMED),
        "discogs_artist_member_id": (("members/id",), {"id": "."}),
        "discogs_artist_member": (("members/name",), NAMED),
        "discogs_artist_group": (("groups/name",), NAMED),
    },
    "label": {
        "discogs_label": (
            (),
            {
                **{name: name for name in ("name", "contactinfo", "profile", "data_quality")},
                "parent_label_id": "parentLabel/@id",
                "parent_label": "parentLabel",
            },
        ),
        "discogs_label_image": (("images/image",), IMAGE),
        "discogs_label_url": (("urls/url",), {"url": "."}),
        "discogs_label_sublabel": (("sublabels/label",), NAMED),
    },
    "master": {
        "discogs_master": ((), {name: name for name in ("main_release", "year", "title", "notes", "data_quality")}),
        "discogs_master_artist": (("artists/artist",), PERSON),
        "discogs_master_genre": (("genres/genre",), {"genre": "."}),
        "discogs_master_style": (("styles/style",), {"style": "."}),
        "discogs_master_image": (("images/image",), IMAGE),
        "discogs_master_video": (("videos/video",), VIDEO),
    },
    "release": {
        "discogs_release": (
            (),
            {
                "status": "@status",
                **{name: name for name in ("title", "country", "released", "notes", "data_quality", "master_id")},
                "is_main_release": "master_id/@is_main_release",
            },
        ),
        "discogs_release_artist": (("artists/artist",), PERSON),
        "discogs_release_credit": (("extraartists/artist",), PERSON),
        "discogs_release_label": (("labels/label",), NUMBERED),
        "discogs_release_series": (("series/series",), NUMBERED),
        "discogs_release_format": (("formats/format",), {"name": "@name", "qty": "@qty", "text": "@text"}),
        "discogs_release_format_description": (("formats/format", "descriptions/description"), {"description": "."}),
        "discogs_release_genre": (("genres/genre",), {"genre": "."}),
        "discogs_release_style": (("styles/style",), {"style": "."}),
        "discogs_release_track": (("tracklist/track",), TRACK),
        "discogs_release_track_artist": (("tracklist/track", "artists/artist"), PERSON),
        "discogs_release_track_credit": (("tracklist/track", "extraartists/artist"), PERSON),
        "discogs_release_sub_track": (("tracklist/track", "sub_tracks/track"), TRACK),
        "discogs_release_sub_track_artist": (("tracklist/track", "sub_tracks/track", "artists/artist"), PERSON),
        "discogs_release_sub_track_credit": (("tracklist/track", "sub_tracks/track", "extraartists/artist"), PERSON),
        "discogs_release_identifier": (
            ("identifiers/identifier",),
            {"type": "@type", "description": "@description", "value": "@value"},
        ),
        "discogs_release_video": (("videos/video",), VIDEO),
        "discogs_release_image": (("images/image",), IMAGE),
        "discogs_release_company": (
            ("companies/company",),
            {name: name for name in ("id", "name", "catno", "entity_type", "entity_type_name", "resource_url")},
        ),
    },
}


def read_records(path: Path) -> dict[int, Element]:
    """The records of a dump file by id."""
    with gzip.open(path) as file:
        root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()
    records = {int(record.get("id") or record.findtext("id") or ""): record for record in root}
    assert len(records) == len(root), "two records have one id"
    return records


def rows_of(entity: str, record: Element) -> dict[str, list[Row]]:
    """The rows that a record must give, by table: indexes, then values; tables without rows are left out."""
    found = {}
    for table, (steps, columns) in TABLES[entity].items():
        rows = [
            (*indexes, *(_value(element, path) for path in columns.values()))
            for indexes, element in _elements(record, steps)
        ]
        if rows:
            found[table] = rows
    return found


def columns_of(entity: str, table: str) -> list[str]:
    """The columns whose values `rows_of` gives, without the indexes."""
    return list(TABLES[entity][table][1])


def all_values(record: Element) -> Counter[str]:
    """Every value that stands anywhere in a record, wherever that is: attributes and text, the record's id left out."""
    values: Counter[str] = Counter()
    for element in record.iter(etree.Element):
        values.update(str(value) for name, value in element.attrib.items() if value)
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if text and (len(element) == 0 or text.strip()):
            values[text] += 1
    values[record.get("id") or record.findtext("id") or ""] -= 1
    return +values


def _elements(element: Element, steps: tuple[str, ...]) -> Iterator[tuple[tuple[int, ...], Element]]:
    if not steps:
        yield (), element
        return
    for index, child in enumerate(element.findall(steps[0])):
        for indexes, found in _elements(child, steps[1:]):
            yield (index, *indexes), found


def _value(element: Element, path: str) -> str | None:
    place, _, attribute = path.partition("@")
    place = place.rstrip("/")
    found = element.find(place) if place not in ("", ".") else element
    if found is None:
        return None
    if attribute:
        return found.get(attribute) or None
    return (found.text or "") + "".join(child.tail or "" for child in found) or None
