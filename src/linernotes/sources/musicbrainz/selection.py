"""Which records of MusicBrainz are wanted: those of some artists, of an area, or updated since a day.

The queries in `selection/` lead from the artists to what is theirs. They are plain SQL, as the extracts are, and run
where those run: what nobody asked for is not brought.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from linernotes.domain.identifiers import normalise_mbid
from linernotes.domain.names import name_key
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.snapshots import WHOLE, Selection
from linernotes.sources.musicbrainz.extracts import Extract, read_extract
from linernotes.sources.musicbrainz.origin import Origin
from linernotes.sources.musicbrainz.server import literal

_FOLDER = Path(__file__).parent / "selection"
_LED_TO = ("release_group", "release", "recording", "label")
"""What the artists lead to, each after what leads to it."""
_NARROWED = {"artist", *_LED_TO}
"""Areas and genres come whole: they are few, and mean little without their parents."""
_AS_TIME = "CAST(%s AS timestamp with time zone)"
"""In a dump times are text."""
_ROWS_AT_A_TIME = 10_000
_SHOWN_NAMES = 3


class Part:
    """The records of one origin that a selection names."""

    def __init__(self, selection: Selection, origin: Origin) -> None:
        """Find the artists.

        Raises:
            WrongUsageError: None of the names is an artist's, or the area is none.
            FatalError: The origin lacks the tables that tell.
        """
        self._selection = selection
        self._origin = origin
        self.unknown_artists: tuple[str, ...] = ()
        """Names and MBIDs that no artist has."""
        self._chosen = self._choose() if selection.is_of_artists else {}

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out, so that a record that is absent is gone."""
        return self._selection == WHOLE

    def narrowed(self, extract: Extract) -> str:
        """The query of an extract, for the wanted records only."""
        wanted = []
        if self._chosen and extract.entity in _NARROWED:
            wanted.append(f"SELECT id FROM chosen_{extract.entity}")
        if self._selection.since is not None:
            moment = literal(self._selection.since.isoformat())
            wanted.append(f"SELECT id FROM {extract.entity} WHERE {_AS_TIME % 'last_updated'} >= {_AS_TIME % moment}")
        if not wanted:
            return extract.sql
        conditions = " AND ".join(f"e.record_id IN ({query})" for query in wanted)
        return f"{self._with()} SELECT e.* FROM (\n{extract.sql}\n) AS e WHERE {conditions}"

    def _choose(self) -> dict[str, str]:
        """By entity, the query for the ids of the wanted records."""
        chosen = {}
        conditions = []
        if self._selection.area:
            chosen["area"] = self._area()
            conditions.append("a.area IN (SELECT id FROM chosen_area)")
        if self._selection.artists:
            ids = ", ".join(map(str, sorted(self._named())))
            conditions.append(f"a.id IN ({ids})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        limit = "" if self._selection.limit is None else f" LIMIT {self._selection.limit}"
        chosen["artist"] = f"SELECT a.id FROM artist AS a{where} ORDER BY a.id{limit}"
        for entity in _LED_TO:
            queries = [query.sql for query in _ways() if query.entity == entity and query.tables <= self._origin.tables]
            chosen[entity] = "\nUNION\n".join(queries or [f"SELECT id FROM {entity} WHERE false"])
        return chosen

    def _with(self) -> str:
        named = ", ".join(f"chosen_{entity} AS (\n{query}\n)" for entity, query in self._chosen.items())
        return f"WITH RECURSIVE {named}" if named else ""

    def _area(self) -> str:
        way = read_extract(_FOLDER / "area.sql")
        if missing := sorted(way.tables - self._origin.tables):
            raise FatalError(f"areas cannot be told without the table {missing[0]}; pull without --area")
        sql = way.sql.replace(":area", literal(self._selection.area))
        ((count,),) = self._rows(f"WITH RECURSIVE chosen_area AS (\n{sql}\n) SELECT count(*) FROM chosen_area")
        if not count:
            raise WrongUsageError(f"no area {self._selection.area!r}: write its name, ISO code or MBID")
        return sql

    def _named(self) -> set[int]:
        """Row numbers of the artists with one of the names or MBIDs, those of merged artists included."""
        by_key = {normalise_mbid(name) or name_key(name): name for name in self._selection.artists}
        found: set[int] = set()
        known: set[str] = set()
        queries = ["SELECT id, CAST(gid AS varchar) AS gid, name FROM artist"]
        if "artist_gid_redirect" in self._origin.tables:
            queries.append("SELECT new_id AS id, CAST(gid AS varchar) AS gid, NULL AS name FROM artist_gid_redirect")
        for query in queries:
            for record_id, mbid, name in self._rows(query):
                for key in (mbid, name_key(name) if name else None):
                    if key in by_key:
                        found.add(record_id)
                        known.add(key)
        self.unknown_artists = tuple(name for key, name in by_key.items() if key not in known)
        if not found:
            shown = ", ".join(self.unknown_artists[:_SHOWN_NAMES])
            raise WrongUsageError(f"no artist is called {shown}: write names or MBIDs, one on each line")
        return found

    def _rows(self, sql: str) -> Iterator[Sequence[Any]]:
        result = self._origin.connection.execute(self._origin.select(sql))
        while rows := result.fetchmany(_ROWS_AT_A_TIME):
            yield from rows


@cache
def _ways() -> Sequence[Extract]:
    """The queries that lead from one entity to another."""
    return [read_extract(path) for path in sorted(_FOLDER.glob("*_by_*.sql"))]
