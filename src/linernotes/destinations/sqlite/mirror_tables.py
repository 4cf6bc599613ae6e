"""The tables of somebody else's file that we fill: what their columns take of ours, and what tells their rows apart."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linernotes.errors import WrongUsageError

Mapped = Mapping[str, Mapping[str, str]]
"""By table and column of the production file one of our columns: `name`, `songs.title`; empty to leave it alone."""

VIEWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "artists": {
        "id": ("id",),
        "uuid": ("uuid",),
        "name": ("name",),
        "display_name": ("display_name",),
        "real_name": ("real_name",),
        "profile": ("profile", "bio"),
        "discogs_id": ("discogs_id",),
    },
    "albums": {
        "id": ("id",),
        "uuid": ("uuid",),
        "title": ("title", "name"),
        "artist_id": ("artist_id",),
        "artist": ("artist", "artist_name"),
        "year": ("year", "release_year"),
        "genre": ("genre",),
        "style": ("style",),
        "country": ("country",),
        "discogs_master_id": ("discogs_master_id",),
        "discogs_release_id": ("discogs_release_id",),
    },
    "songs": {
        "id": ("id",),
        "uuid": ("uuid",),
        "title": ("title", "name"),
        "artist_id": ("artist_id",),
        "artist": ("artist", "artist_name"),
        "album_id": ("album_id",),
        "album": ("album", "album_title"),
        "year": ("year",),
        "track_number": ("track_number", "track"),
        "position": ("position",),
        "duration": ("duration", "duration_seconds"),
        "duration_ms": ("duration_ms",),
        "tempo_bpm": ("tempo_bpm", "bpm", "tempo"),
        "isrc": ("isrc",),
        "spotify_id": ("spotify_id",),
        "key": ("key", "musical_key"),
        "release_id": (),
        "discogs_release_id": ("discogs_release_id",),
    },
}
"""Our views in the order of reference, each with its columns and the names that take them by default."""

REFERENCES: Mapping[str, str] = {"artist_id": "artists", "album_id": "albums"}
"""Columns of our views that hold the id of a row of another view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredTable:
    """One table of the production file that we fill."""

    name: str
    view: str
    filled: Mapping[str, str]
    """Their column: our column. Their other columns are left alone."""
    columns: tuple[str, ...]
    """All of theirs that can be written."""
    key: tuple[str, ...]
    """Theirs: tells rows apart."""
    is_numbered: bool
    """Their key is a number of their own: rows are matched by the column that takes our id, and keep their number."""
    is_unique_besides: bool
    """Another rule than the key forbids equal values in columns that we fill."""

    @property
    def identity(self) -> str | None:
        """Their column that takes our id."""
        return next((theirs for theirs, ours in self.filled.items() if ours == "id"), None)

    def column(self, ours: str) -> str | None:
        """Their column that takes one of ours."""
        return next((theirs for theirs, taken in self.filled.items() if taken == ours), None)


def read_tables(connection: sqlite3.Connection, mapping: Mapped) -> Sequence[MirroredTable]:
    """The tables of a file that we fill, in the order of reference.

    Raises:
        WrongUsageError: The mapping names a table or column that does not exist, or a table has nothing to tell its
            rows apart by; or there is no table to fill.
    """
    names = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    ]
    missing = sorted(set(mapping) - set(names))
    if missing:
        raise WrongUsageError(f"[publish.mapping] names the table {missing[0]!r}; the file has: {', '.join(names)}")
    found = [
        _read_table(connection, name, mapping.get(name, {}))
        for name in names
        if name in mapping or name.lower() in VIEWS
    ]
    if not found:
        raise WrongUsageError(f"no table artists, albums or songs among {', '.join(names)}; set [publish.mapping]")
    return sorted(found, key=lambda table: list(VIEWS).index(table.view))


def fingerprint(connection: sqlite3.Connection) -> str:
    """Changes when anything of a file's schema changes."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _read_table(connection: sqlite3.Connection, name: str, wanted: Mapping[str, str]) -> MirroredTable:
    query = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid"
    described = connection.execute(query, [name]).fetchall()
    columns = tuple(column for column, _, _ in described)
    view, filled = _choose_columns(name, columns, wanted)
    primary = sorted((place, column, kind) for column, kind, place in described if place)
    key = tuple(column for _, column, _ in primary)
    is_numbered = [kind.upper() for _, _, kind in primary] == ["INTEGER"] and key[0] not in filled
    identity = [theirs for theirs, ours in filled.items() if ours == "id"]
    if (is_numbered or not key) and not identity:
        raise WrongUsageError(
            f"nothing of {name} takes our id: set [publish.mapping.{name}], such as discogs_id = 'id'"
        )
    if not is_numbered and not set(key) <= set(filled):
        raise WrongUsageError(f"the key of {name} ({', '.join(key)}) is not filled: set [publish.mapping.{name}]")
    return MirroredTable(
        name=name,
        view=view,
        filled=filled,
        columns=columns,
        key=key or (identity[0],),
        is_numbered=is_numbered,
        is_unique_besides=_is_unique_besides(connection, name, set(filled)),
    )


def _choose_columns(name: str, columns: Sequence[str], wanted: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """The view that fills a table, and what of it each column takes: by the mapping, else by name."""
    unknown = sorted(set(wanted) - set(columns))
    if unknown:
        raise WrongUsageError(f"[publish.mapping.{name}] names {unknown[0]!r}; its columns: {', '.join(columns)}")
    views = {ours.split(".")[0] for ours in wanted.values() if "." in ours} or {name.lower()}
    view = views.pop()
    if views or view not in VIEWS:
        raise WrongUsageError(
            f"[publish.mapping.{name}] must name columns of one of {', '.join(VIEWS)}, as in songs.title"
        )
    chosen = {column: wanted.get(column, _by_name(view, column)).split(".")[-1] for column in columns}
    filled = {theirs: ours for theirs, ours in chosen.items() if ours}
    strange = sorted(set(filled.values()) - set(VIEWS[view]))
    if strange:
        raise WrongUsageError(f"{view} has no column {strange[0]!r}; it has: {', '.join(VIEWS[view])}")
    return view, filled


def _by_name(view: str, column: str) -> str:
    """Our column for one of theirs; the first of several that fit, and nothing if none does."""
    return next((ours for ours, names in VIEWS[view].items() if column.lower() in names), "")


def _is_unique_besides(connection: sqlite3.Connection, name: str, filled: set[str]) -> bool:
    indexes = connection.execute("SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin <> 'pk'", [name])
    for (index,) in indexes.fetchall():
        covered = {column for (column,) in connection.execute("SELECT name FROM pragma_index_info(?)", [index])}
        if covered & filled or None in covered:
            return True
    return False
