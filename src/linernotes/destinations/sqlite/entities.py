"""What counts where two sources know the same: values by field, and lists by source or from both.

`scope/entities.sql` says which record leads an entity and which follows. Here are the statements that make, of these
few, the tables and views which `rows/*.sql` read beside the records that stand alone.
"""

# ruff: noqa: S608 - names come from this file

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

from linernotes.domain.survivorship import SOURCES, surviving_source

FOLLOWING = SOURCES[1]
"""The source of the record `o` of a pair; `s` is that of the record which leads."""


class Field(NamedTuple):
    """A field of an entity."""

    name: str
    columns: tuple[str, ...]
    """The first tells whether a source has a value; the others go with it."""
    compared: tuple[str, ...] = ()
    """What two values are compared by, if not by the first column."""
    refers_to: str = ""
    """The entity type that the first column names by the source's own id."""


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "artist": (
        Field("name", ("name", "display_name", "homonym_number"), compared=("display_name",)),
        Field("sort_name", ("sort_name",)),
        Field("disambiguation", ("disambiguation",)),
        Field("type", ("type",)),
        Field("gender", ("gender",)),
        Field("begin", ("begin_year",)),
        Field("end", ("end_year",)),
        Field("real_name", ("real_name",)),
        Field("profile", ("profile",)),
    ),
    "label": (
        Field("name", ("name",)),
        Field("disambiguation", ("disambiguation",)),
        Field("type", ("type",)),
        Field("contact_info", ("contact_info",)),
        Field("profile", ("profile",)),
        Field("parent_label", ("parent_label_record_id", "parent_label_name"), refers_to="label"),
    ),
    "release_group": (
        Field("title", ("title",)),
        Field("disambiguation", ("disambiguation",)),
        Field("type", ("type",)),
        Field("year", ("year",)),
        Field("notes", ("notes",)),
        Field("main_release", ("main_release_record_id",), refers_to="release"),
    ),
    "release": (
        Field("title", ("title",)),
        Field("disambiguation", ("disambiguation",)),
        Field("status", ("status",)),
        Field("packaging", ("packaging",)),
        Field("language", ("language_code",)),
        Field("script", ("script_code",)),
        Field("country", ("country",)),
        Field(
            "released",
            ("released", "released_year", "released_month", "released_day"),
            compared=("released_year", "released_month", "released_day"),
        ),
        Field("notes", ("notes",)),
        Field("release_group", ("release_group_record_id",), refers_to="release_group"),
        Field("is_main_release", ("is_main_release",)),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Rows that belong to an entity as a whole."""

    entity_type: str
    field: str
    table: str
    """Of silver."""
    is_mixed: bool
    """The table has rows of several entity types."""
    telling: str = ""
    """The column without which rows say less than those of the other source."""

    @property
    def name(self) -> str:
        """As survivorship calls it."""
        return f"{self.entity_type}.{self.field}"

    def record(self, row: str) -> str:
        """The key of the record that a row belongs to; NULL where it belongs to another type of entity."""
        of_type = f"CASE WHEN {row}.entity_type = '{self.entity_type}' THEN {row}.record_id END"
        return f"record_key({row}.source, {of_type if self.is_mixed else f'{row}.record_id'})"


SURVIVING = (
    List(entity_type="artist", field="members", table="membership", is_mixed=False),
    List(entity_type="release_group", field="artist_credit", table="artist_credit", is_mixed=True),
    List(entity_type="release_group", field="genre", table="genre", is_mixed=True),
    List(entity_type="release", field="artist_credit", table="artist_credit", is_mixed=True),
    List(entity_type="release", field="genre", table="genre", is_mixed=True),
    List(entity_type="release", field="label", table="release_label", is_mixed=False, telling="label_name"),
    List(entity_type="release", field="credits", table="release_credit", is_mixed=False),
    List(entity_type="release", field="tracks", table="track", is_mixed=False),
)
"""Lists that come whole from one source. With its tracks go media, recordings and what is credited on tracks."""

JOINED = (
    (List(entity_type="artist", field="aliases", table="artist_alias", is_mixed=False), "{}.kind", "{}.name"),
    (List(entity_type="artist", field="urls", table="url", is_mixed=True), "''", "{}.url"),
    (List(entity_type="label", field="urls", table="url", is_mixed=True), "''", "{}.url"),
    (
        List(entity_type="release", field="identifiers", table="source_identifier", is_mixed=True),
        "''",
        "(lower({0}.type), coalesce({0}.value_key, {0}.value), {0}.description)",
    ),
)
"""Lists that go on with what the record that follows has more, each with what its positions are counted within, and
what makes two rows the same."""
_UNION = " UNION ALL "


def entity_statements() -> Iterator[str]:
    """Make `decided`, `outlived`, `continued` and `repeated`, the views `entity_<type>`, and a view of each list."""
    for entity_type in FIELDS:
        yield _matched(entity_type)
        yield _entities(entity_type)
    yield f"CREATE TEMP TABLE decided AS {_UNION.join(map(_decided, FIELDS))}"
    yield f"CREATE TEMP TABLE outlived AS {_UNION.join(map(_outlived, SURVIVING))}"
    for surviving in SURVIVING:
        yield (
            f"CREATE TEMP VIEW scope_{surviving.entity_type}_{surviving.field} AS"
            f" SELECT record, id FROM scope_{surviving.entity_type}"
            f" WHERE record NOT IN (SELECT record FROM outlived WHERE list = '{surviving.name}')"
        )
    yield f"CREATE TEMP TABLE repeated AS {_UNION.join(starmap(_repeated, JOINED))}"
    yield f"CREATE TEMP TABLE continued AS {_UNION.join(starmap(_continued, JOINED))}"


def _matched(entity_type: str) -> str:
    """The values that count, of the entities that two records know."""
    values = [
        f"CASE WHEN {_is_theirs(entity_type, field)} THEN {theirs} ELSE {ours} END AS {name}"
        for field in FIELDS[entity_type]
        for (name, ours), (_, theirs) in zip(_columns(field, "s"), _columns(field, "o"), strict=True)
    ]
    columns = ", ".join([f"f.leader AS id, {_own(entity_type)}", *values])
    return f"CREATE TEMP TABLE matched_{entity_type} AS SELECT {columns} FROM {_pairs(entity_type)}"


def _entities(entity_type: str) -> str:
    """Every entity in scope: a record that stands alone as it is, else the values that count."""
    values = [f"{value} AS {name}" for field in FIELDS[entity_type] for name, value in _columns(field, "s")]
    columns = ", ".join([f"scope.id, {_own(entity_type)}", *values])
    return (
        f"CREATE TEMP VIEW entity_{entity_type} AS SELECT {columns} FROM lake.silver.{entity_type} AS s"
        f" INNER JOIN scope_{entity_type} AS scope ON record_key(s.source, s.record_id) = scope.record"
        f" ANTI JOIN matched_{entity_type} AS m ON scope.id = m.id"
        f" UNION ALL SELECT m.* FROM matched_{entity_type} AS m"
        f" SEMI JOIN scope_{entity_type} AS scope ON m.id = scope.id"
    )


def _decided(entity_type: str) -> str:
    """One row per field in which the records of an entity differ, or which only the one that follows knows."""
    fields = ", ".join(
        f"{{position: {position}, field: '{field.name}', ours: {_said(field, 's')}, theirs: {_said(field, 'o')},"
        f" differ: {_differ(field)}, is_theirs: {_is_theirs(entity_type, field)}}}"
        for position, field in enumerate(FIELDS[entity_type], start=1)
    )
    said = f"SELECT f.leader AS id, s, o, unnest([{fields}]) AS said FROM {_pairs(entity_type)}"
    chosen = "CASE WHEN said.is_theirs THEN {} ELSE {} END"
    return (
        f"SELECT '{entity_type}' AS entity_type, id, said.position, said.field,"
        f" {chosen.format('said.theirs', 'said.ours')} AS value,"
        f" {chosen.format('o.record_id', 's.record_id')} AS record_id,"
        f" {chosen.format('o.load_id', 's.load_id')} AS load_id,"
        f" {chosen.format('said.ours', 'said.theirs')} AS other_value,"
        f" {chosen.format('s.record_id', 'o.record_id')} AS other_record_id,"
        f" {chosen.format('s.load_id', 'o.load_id')} AS other_load_id"
        f" FROM ({said})"
        f" WHERE said.theirs IS NOT NULL AND (said.ours IS NULL OR said.differ)"
    )


def _outlived(surviving: List) -> str:
    """The record of a pair whose rows do not count, where both have some."""
    rows = f"SELECT {surviving.record('t')} FROM lake.silver.{surviving.table} AS t"
    telling = f"{rows} WHERE t.{surviving.telling} IS NOT NULL" if surviving.telling else rows
    if surviving_source(surviving.name, SOURCES) == FOLLOWING:
        are_theirs = f"f.record IN ({telling}) OR f.leader NOT IN ({telling})"
    else:
        are_theirs = f"f.record IN ({telling}) AND f.leader NOT IN ({telling})"
    return (
        f"SELECT '{surviving.name}' AS list, CASE WHEN {are_theirs} THEN f.leader ELSE f.record END AS record"
        f" FROM follower AS f WHERE f.entity_type = '{surviving.entity_type}'"
        f" AND f.leader IN ({rows}) AND f.record IN ({rows})"
    )


def _repeated(joined: List, kind: str, same: str) -> str:
    """Rows of the record that follows which the one that leads has too."""
    return (
        f"SELECT '{joined.name}' AS list, f.record, {kind.format('o')} AS kind, o.position"
        f" FROM follower AS f"
        f" INNER JOIN lake.silver.{joined.table} AS o ON f.record = {joined.record('o')}"
        f" SEMI JOIN lake.silver.{joined.table} AS s ON f.leader = {joined.record('s')}"
        f" AND {kind.format('o')} = {kind.format('s')} AND {same.format('o')} IS NOT DISTINCT FROM {same.format('s')}"
        f" WHERE f.entity_type = '{joined.entity_type}'"
    )


def _continued(joined: List, kind: str, _: str) -> str:
    """The last position of the record that leads, by the record that follows."""
    return (
        f"SELECT '{joined.name}' AS list, f.record, {kind.format('s')} AS kind, max(s.position) AS position"
        f" FROM follower AS f"
        f" INNER JOIN lake.silver.{joined.table} AS s ON f.leader = {joined.record('s')}"
        f" WHERE f.entity_type = '{joined.entity_type}' GROUP BY ALL"
    )


def _is_theirs(entity_type: str, field: Field) -> str:
    """Whether the value of the record that follows counts."""
    column = field.columns[0]
    if surviving_source(f"{entity_type}.{field.name}", SOURCES) == FOLLOWING:
        return f"o.{column} IS NOT NULL"
    return f"(s.{column} IS NULL AND o.{column} IS NOT NULL)"


def _own(entity_type: str) -> str:
    """What only the record that leads can say: what it is."""
    return f"s.{entity_type}_id, s.record_id, s.load_id, s.data_quality"


def _columns(field: Field, row: str) -> Iterator[tuple[str, str]]:
    """The columns of a field by name; a reference has one more, the key of the record that is meant."""
    for column in field.columns:
        yield column, f"{row}.{column}"
    if field.refers_to:
        yield f"{field.name}_record", _key(field, row)


def _said(field: Field, row: str) -> str:
    """A value as text; of a reference the key of the entity."""
    return f"({_entity(field, row) if field.refers_to else f'{row}.{field.columns[0]}'})::VARCHAR"


def _differ(field: Field) -> str:
    if field.refers_to:
        return f"{_entity(field, 's')} <> {_entity(field, 'o')}"
    compared = field.compared or field.columns[:1]
    return " OR ".join(f"s.{column} IS DISTINCT FROM o.{column}" for column in compared)


def _entity(field: Field, row: str) -> str:
    return f"coalesce({row}_{field.name}.leader, {_key(field, row)})"


def _key(field: Field, row: str) -> str:
    return f"record_key({row}.source, {row}.{field.columns[0]})"


def _pairs(entity_type: str) -> str:
    """Records that lead, `s`, each with the one that follows, `o`."""
    referred = "".join(
        f" LEFT JOIN follower AS {row}_{field.name} ON {row}_{field.name}.entity_type = '{field.refers_to}'"
        f" AND {row}_{field.name}.record = {_key(field, row)}"
        for field in FIELDS[entity_type]
        for row in ("s", "o")
        if field.refers_to
    )
    return (
        f"(SELECT leader, record FROM follower WHERE entity_type = '{entity_type}') AS f"
        f" INNER JOIN lake.silver.{entity_type} AS s ON f.leader = record_key(s.source, s.record_id)"
        f" INNER JOIN lake.silver.{entity_type} AS o ON f.record = record_key(o.source, o.record_id){referred}"
    )
