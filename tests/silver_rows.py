"""Silver in memory, for tests of destinations: what the lake would hold, without a lake.

    lake = SilverLake(extensions)
    lake.save(1, artist(1, "The Persuader"), release(1, "Stockholm", artists=[1], tracks=["Östermalm"]))
    with lake.at(1) as connection: …

Records are named by their Discogs ids, and what tests say of them is true.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from linernotes.domain.dates import parse_partial_date
from linernotes.domain.entities import EntityType, entity_id, track_address
from linernotes.domain.names import parse_discogs_name

LOAD = "0198a000-0000-7000-8000-00000000000a"
NEXT_LOAD = "0198a000-0000-7000-8000-00000000000b"
NAMES = {
    1: "The Persuader",
    2: "Mr. James Barth & A.D.",
    3: "Josh Wink",
    4: "Johannes Heil",
    5: "Heiko Laux",
    26: "Alexi Delano",
    27: "Cari Lekebusch",
    239: "Jesper Dahlbäck",
    267132: "Care Company (2)",
}

Row = Mapping[str, object]
Rows = Mapping[str, Sequence[Row]]
"""Silver rows by table."""

_CREDIT = "artist_record_id VARCHAR, artist_name VARCHAR, credited_name VARCHAR"
_DATES = "begin_year INTEGER, end_year INTEGER, is_ended BOOLEAN"
_TRACK = "track_number INTEGER, sub_track_number INTEGER"
COLUMNS = {
    "artist": "artist_id UUID, source_id VARCHAR, name VARCHAR, display_name VARCHAR, homonym_number INTEGER,"
    f" sort_name VARCHAR, type VARCHAR, gender VARCHAR, area_record_id VARCHAR, {_DATES}, disambiguation VARCHAR,"
    " name_key VARCHAR, real_name VARCHAR, profile VARCHAR, data_quality VARCHAR, gone_month VARCHAR",
    "artist_alias": "kind VARCHAR, position INTEGER, name VARCHAR, alias_record_id VARCHAR, type VARCHAR,"
    " locale VARCHAR",
    "membership": "position INTEGER, member_record_id VARCHAR, member_name VARCHAR, begin_year INTEGER,"
    " end_year INTEGER, is_ended BOOLEAN",
    "label": "label_id UUID, source_id VARCHAR, name VARCHAR, name_key VARCHAR, type VARCHAR, label_code INTEGER,"
    f" area_record_id VARCHAR, {_DATES}, disambiguation VARCHAR, contact_info VARCHAR, profile VARCHAR,"
    " data_quality VARCHAR, parent_label_record_id VARCHAR, parent_label_name VARCHAR, gone_month VARCHAR",
    "release_group": "release_group_id UUID, source_id VARCHAR, title VARCHAR, title_key VARCHAR, type VARCHAR,"
    " disambiguation VARCHAR, year INTEGER, notes VARCHAR, data_quality VARCHAR, main_release_record_id VARCHAR,"
    " gone_month VARCHAR",
    "release": "release_id UUID, source_id VARCHAR, title VARCHAR, title_key VARCHAR, status VARCHAR,"
    " packaging VARCHAR, language_code VARCHAR, script_code VARCHAR, disambiguation VARCHAR, country VARCHAR,"
    " released VARCHAR,"
    " released_year INTEGER, released_month INTEGER, released_day INTEGER, notes VARCHAR, data_quality VARCHAR,"
    " release_group_record_id VARCHAR, is_main_release BOOLEAN, gone_month VARCHAR",
    "medium": "medium_number INTEGER, format VARCHAR, quantity INTEGER, quantity_raw VARCHAR, text VARCHAR,"
    " track_count INTEGER",
    "medium_description": "medium_number INTEGER, position INTEGER, description VARCHAR",
    "track": f"{_TRACK}, kind VARCHAR, position VARCHAR, title VARCHAR, duration VARCHAR, duration_ms INTEGER,"
    " medium_number INTEGER, recording_record_id VARCHAR, source_id VARCHAR",
    "recording": f"{_TRACK}, recording_id UUID, title VARCHAR, duration_ms INTEGER",
    "source_recording": "recording_id UUID, source_id VARCHAR, title VARCHAR, duration_ms INTEGER, gone_month VARCHAR",
    "artist_credit": f"entity_type VARCHAR, position INTEGER, {_CREDIT}, join_phrase VARCHAR",
    "track_artist_credit": f"{_TRACK}, position INTEGER, {_CREDIT}, join_phrase VARCHAR",
    "release_credit": f"position INTEGER, {_CREDIT}, role VARCHAR, tracks VARCHAR",
    "track_credit": f"{_TRACK}, position INTEGER, {_CREDIT}, role VARCHAR",
    "release_label": "position INTEGER, label_record_id VARCHAR, label_name VARCHAR, catalogue_number VARCHAR",
    "release_series": "position INTEGER, series_record_id VARCHAR, series_name VARCHAR, catalogue_number VARCHAR",
    "release_company": "position INTEGER, company_record_id VARCHAR, company_name VARCHAR, catalogue_number VARCHAR,"
    " role_id VARCHAR, role VARCHAR",
    "genre": "entity_type VARCHAR, position INTEGER, genre VARCHAR",
    "style": "entity_type VARCHAR, position INTEGER, style VARCHAR",
    "source_identifier": "entity_type VARCHAR, position INTEGER, type VARCHAR, value VARCHAR, value_key VARCHAR,"
    " description VARCHAR",
    "video": "entity_type VARCHAR, position INTEGER, url VARCHAR, title VARCHAR, description VARCHAR,"
    " duration_ms INTEGER, is_embeddable BOOLEAN",
    "image": "entity_type VARCHAR, position INTEGER, type VARCHAR, url VARCHAR, width INTEGER, height INTEGER",
    "url": "entity_type VARCHAR, position INTEGER, type VARCHAR, url VARCHAR",
    **{
        f"{entity_type}_match": "other_source VARCHAR, other_record_id VARCHAR, band VARCHAR"
        for entity_type in ("artist", "label", "release_group", "release")
    },
    "entity_redirect": "entity_type VARCHAR, from_id UUID, to_id UUID, reason VARCHAR",
    "decision": "entity_type VARCHAR, entity_id UUID, field VARCHAR, value VARCHAR, provider VARCHAR,"
    " confidence DOUBLE, is_contested BOOLEAN, is_locked BOOLEAN, answer_id VARCHAR, observed_at TIMESTAMP",
}


def artist(record_id: int, name: str = "", **values: object) -> Rows:
    """One artist."""
    known = parse_discogs_name(name or NAMES[record_id])
    row = {
        "artist_id": _id(EntityType.ARTIST, record_id),
        "name": name or NAMES[record_id],
        "display_name": known.display_name,
        "homonym_number": known.homonym_number,
    }
    return {"artist": [_row(record_id, row, values)]}


def label(record_id: int, name: str | None, **values: object) -> Rows:
    """One label."""
    return {"label": [_row(record_id, {"label_id": _id(EntityType.LABEL, record_id), "name": name}, values)]}


def release_group(record_id: int, title: str, *, artists: Sequence[int] = (), **values: object) -> Rows:
    """One release group with its artist credit."""
    row = {"release_group_id": _id(EntityType.RELEASE_GROUP, record_id), "title": title}
    return {
        "release_group": [_row(record_id, row, values)],
        "artist_credit": _credits(record_id, artists, entity_type="release_group"),
    }


def release(
    record_id: int,
    title: str,
    *,
    artists: Sequence[int] = (),
    tracks: Sequence[str] = (),
    genres: Sequence[str] = ("Electronic",),
    labels: Sequence[tuple[int, str, str]] = (),
    released: str | None = None,
    **values: object,
) -> Rows:
    """One release with its artist credit, tracks (five minutes each), genres and labels (id, name, number)."""
    date = parse_partial_date(released)
    row = {
        "release_id": _id(EntityType.RELEASE, record_id),
        "title": title,
        "status": "Accepted",
        "released": released,
        "released_year": date.year if date else None,
        "released_month": date.month if date else None,
        "released_day": date.day if date else None,
    }
    return {
        "release": [_row(record_id, row, values)],
        "artist_credit": _credits(record_id, artists, entity_type="release"),
        "track": [_track(record_id, number, name, kind="track", duration="5:00") for number, name in _numbered(tracks)],
        "recording": [_recording(record_id, number, name) for number, name in _numbered(tracks)],
        "genre": [_child(record_id, n, entity_type="release", genre=genre) for n, genre in _numbered(genres)],
        "release_label": [
            _child(record_id, n, label_record_id=str(label_id), label_name=name, catalogue_number=number)
            for n, (label_id, name, number) in enumerate(labels, start=1)
        ],
    }


def child(table: str, record_id: int, **values: object) -> Rows:
    """One row of any child table."""
    of_release = {"entity_type": "release"} if table == "source_identifier" else {}
    return {table: [_row(record_id, {"position": 1, **of_release}, values)]}


def joined(*parts: Rows) -> Rows:
    """The rows of several records together."""
    together: dict[str, list[Row]] = {}
    for part in parts:
        for table, rows in part.items():
            together.setdefault(table, []).extend(rows)
    return together


def from_load(load_id: str, rows: Rows) -> Rows:
    """The same rows, brought by another load."""
    return {table: [{**row, "load_id": load_id} for row in part] for table, part in rows.items()}


class SilverLake:
    """Snapshots of silver."""

    def __init__(self, extensions: Path) -> None:
        self._extensions = extensions
        self._snapshots: dict[int, Rows] = {}
        self.opened = 0
        """How often somebody read it."""

    def save(self, snapshot_id: int, *parts: Rows) -> None:
        """Say what a snapshot holds."""
        self._snapshots[snapshot_id] = joined(*parts)

    def rows(self, snapshot_id: int, table: str) -> Sequence[Row]:
        """Rows of one table of a snapshot."""
        return self._snapshots[snapshot_id].get(table, ())

    @contextmanager
    def at(self, snapshot_id: int) -> Iterator[duckdb.DuckDBPyConnection]:
        """DuckDB with a snapshot attached as `lake`, and the SQLite extension loaded."""
        self.opened += 1
        config: dict[str, str | bool | int | float | list[str]] = {
            "extension_directory": str(self._extensions),
            "autoinstall_known_extensions": "false",
            "threads": "1",
        }
        with duckdb.connect(":memory:", config=config) as connection:
            connection.execute("LOAD sqlite_scanner; ATTACH ':memory:' AS lake; CREATE SCHEMA lake.silver")
            for table, columns in COLUMNS.items():
                connection.execute(
                    f"CREATE TABLE lake.silver.{table} (source VARCHAR, record_id VARCHAR, load_id VARCHAR, {columns})"
                )
                for row in self.rows(snapshot_id, table):
                    names, marks = ", ".join(row), ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO lake.silver.{table} ({names}) VALUES ({marks})", [*row.values()])
            yield connection


def _row(record_id: int, values: Row, more: Row) -> Row:
    return {"source": "discogs", "record_id": str(record_id), "load_id": LOAD, **values, **more}


def _child(record_id: int, position: int, **values: object) -> Row:
    return _row(record_id, {"position": position}, values)


def _credits(record_id: int, artists: Sequence[int], *, entity_type: str) -> list[Row]:
    return [
        _child(
            record_id,
            position,
            entity_type=entity_type,
            artist_record_id=str(artist_id),
            artist_name=NAMES[artist_id],
            credited_name=parse_discogs_name(NAMES[artist_id]).display_name,
            join_phrase=" & " if position < len(artists) else None,
        )
        for position, artist_id in enumerate(artists, start=1)
    ]


def _track(record_id: int, number: int, title: str, **values: object) -> Row:
    where = {"track_number": number, "sub_track_number": 0, "position": str(number), "title": title}
    return _row(record_id, {**where, "duration_ms": 300_000}, values)


def _recording(record_id: int, number: int, title: str) -> Row:
    recording_id = str(entity_id(EntityType.RECORDING, "discogs", track_address(str(record_id), number)))
    where = {"track_number": number, "sub_track_number": 0, "recording_id": recording_id, "title": title}
    return _row(record_id, {**where, "duration_ms": 300_000}, {})


def _id(entity_type: EntityType, record_id: int) -> str:
    return str(entity_id(entity_type, "discogs", str(record_id)))


def _numbered(values: Sequence[str]) -> list[tuple[int, str]]:
    return list(enumerate(values, start=1))


STOCKHOLM = joined(
    artist(1),
    label(5, "Svek"),
    release(
        1,
        "Stockholm",
        artists=[1],
        tracks=["Östermalm", "Vasastaden", "Kungsholmen"],
        labels=[(5, "Svek", "SK032")],
        released="1999-03-00",
        country="Sweden",
        release_group_record_id="1660109",
    ),
    child(
        "release_credit", 1, artist_record_id="239", artist_name=NAMES[239], credited_name=NAMES[239], role="Music By"
    ),
)
"""Release 1 of Discogs, without its master and without Jesper Dahlbäck, who is only named."""

KNOCKIN_BOOTS = joined(
    artist(2),
    release(
        2,
        "Knockin' Boots (Vol 2 Of 2)",
        artists=[2],
        tracks=["A Sea Apart", "Dutchmaster"],
        labels=[(5, "Svek", "SK 026"), (5, "Svek", "SK026")],
        released="1998-06-00",
        country="Sweden",
    ),
)
PROFOUND_SOUNDS = joined(
    artist(3),
    release_group(66526, "Profound Sounds Vol. 1", artists=[3], year=1999, main_release_record_id="3"),
    release(
        3,
        "Profound Sounds Vol. 1",
        artists=[3],
        tracks=["Untitled 8"],
        released="1999-07-13",
        country="US",
        release_group_record_id="66526",
        is_main_release=True,
    ),
    {
        "track_artist_credit": [
            {
                "source": "discogs",
                "record_id": "3",
                "load_id": LOAD,
                "track_number": 1,
                "sub_track_number": 0,
                "position": position,
                "artist_record_id": str(artist_id),
                "artist_name": NAMES[artist_id],
                "credited_name": NAMES[artist_id],
                "join_phrase": join,
            }
            for position, artist_id, join in ((1, 5, " & "), (2, 4, None))
        ]
    },
)
