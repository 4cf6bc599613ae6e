"""Homes that pull MusicBrainz, and what came into their bronze."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.faults.liner import Finished, Home

Rows = Mapping[str, list[tuple[Any, ...]]]


def pull_dump(home: Home, archives: Sequence[str | Path], *options: str, **others: Any) -> Finished:
    """Pull from the archives of a dump."""
    dumps = [part for path in archives for part in ("--dump", str(path))]
    return home.run("pull", "musicbrainz", *dumps, *options, **others)


def pull_database(home: Home, url: str, *options: str, **others: Any) -> Finished:
    """Pull from a database."""
    return home.run("pull", "musicbrainz", "--database", url, *options, **others)


def counts(finished: Finished) -> dict[str, tuple[int, int, int]]:
    """New, changed and gone records by entity, where there are any."""
    assert finished.status == 0, finished
    found = {one["entity"]: (one["new"], one["changed"], one["gone"]) for one in finished.document["entities"]}
    return {entity: numbers for entity, numbers in found.items() if any(numbers)}


def bronze(home: Home) -> Rows:
    """Every row of every table but its load, with the types of its columns."""
    rows = {}
    for table in sorted({path.parent for path in (home.path / "bronze").glob("musicbrainz_*/*.parquet")}):
        files = f"read_parquet({[str(path) for path in sorted(table.glob('*.parquet'))]})"
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT * EXCLUDE (load_id) FROM {files} ORDER BY ALL")
            types = tuple(str(column[:2]) for column in found.description or ())
            rows[table.name] = [types, *found.fetchall()]
    return rows
