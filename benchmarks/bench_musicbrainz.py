"""How fast 1.5 million recordings come out of a MusicBrainz database and into Parquet: beside a server-side cursor.

The server is a private PostgreSQL with the real schema and made-up rows. Every line is the best of three processes;
time is wall time from an open connection on, since half of the work is the server's, and memory that of the reading
process alone.
"""

import argparse
import importlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from linernotes.sources.musicbrainz.landing import MusicBrainzLander
    from linernotes.sources.musicbrainz.origin import Origin

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

Work = Callable[[], int]
"""Brings the rows, and answers how many."""
PROCESSES = 3
LOAD_ID = UUID("01939c2e-7e4a-7000-8000-000000000001")
SQL = "SELECT id AS record_id, gid, name, length, video, comment FROM musicbrainz.recording"
ROWS = """
    SET session_replication_role = replica;
    INSERT INTO musicbrainz.recording (id, gid, name, artist_credit, length, comment, video)
    SELECT n, gen_random_uuid(), 'Recording ' || md5(n::text), n % 90000, 60000 + n % 400000, '', n % 500 = 0
    FROM generate_series(1, {rows}) AS n;
    INSERT INTO musicbrainz.artist_credit_name SELECT n, 0, n, 'Artist ' || n, '' FROM generate_series(0, 89999) AS n
"""


@contextmanager
def open_peer(url: str, folder: Path) -> Iterator[Work]:
    """A server-side cursor, rows into Arrow and Parquet, as one would write it first."""
    import psycopg
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [(name, pa.string()) for name in ("gid", "name", "comment")]
    numbers = [(name, pa.int32()) for name in ("record_id", "length")]
    kinds = dict([*texts, *numbers, ("video", pa.bool_())])
    schema = pa.schema([(name, kinds[name]) for name in ("record_id", "gid", "name", "length", "video", "comment")])

    def fetch() -> int:
        count = 0
        with (
            connection.cursor(name="peer") as cursor,
            pq.ParquetWriter(folder / "peer.parquet", schema, compression="zstd", compression_level=1) as file,
        ):
            cursor.execute(SQL)
            while rows := cursor.fetchmany(20_000):
                columns = list(zip(*rows, strict=True))
                columns[1] = tuple(map(str, columns[1]))
                arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
                file.write_table(pa.Table.from_arrays(arrays, schema=schema))
                count += len(rows)
        return count

    with psycopg.connect(url) as connection:
        yield fetch


@contextmanager
def open_extract(url: str, folder: Path) -> Iterator[Work]:
    """The same rows as a pull brings them, into the file that it goes on from; nobody asks for an order here either."""
    from linernotes.sources.musicbrainz.database import DatabaseAddress, open_database
    from linernotes.sources.musicbrainz.extracts import extracts
    from linernotes.sources.musicbrainz.landing import bring

    with open_database(DatabaseAddress(dsn=url), _connect, folder) as origin:
        rows = origin.select(extracts()["recording"][0].sql)
        yield lambda: bring(origin.connection, rows, folder / "extract.parquet")


@contextmanager
def open_land(url: str, folder: Path) -> Iterator[Work]:
    """The whole entity into bronze: all its tables, hashes, in order."""
    from linernotes.sources.musicbrainz.database import DatabaseAddress, open_database

    with open_database(DatabaseAddress(dsn=url), _connect, folder) as origin:
        lander = _lander(origin, folder)
        yield lambda: lander.land("recording", load_id=LOAD_ID, previous_hashes=[], progress=_quiet()).landed_count


@contextmanager
def open_again(url: str, folder: Path) -> Iterator[Work]:
    """The same with nothing new: everything is compared, nothing lands."""
    from linernotes.sources.musicbrainz.database import DatabaseAddress, open_database

    with open_database(DatabaseAddress(dsn=url), _connect, folder) as origin:
        lander = _lander(origin, folder)
        hashes = sorted((folder.parent / "land" / "bronze" / "musicbrainz_recording_hash").glob("*.parquet"))
        yield lambda: lander.land("recording", load_id=LOAD_ID, previous_hashes=hashes, progress=_quiet()).record_count


def _lander(origin: "Origin", folder: Path) -> "MusicBrainzLander":
    from linernotes.lake.bronze import BronzeTables
    from linernotes.ports.snapshots import WHOLE
    from linernotes.sources.musicbrainz.landing import MusicBrainzLander
    from linernotes.sources.musicbrainz.selection import Part

    bronze = BronzeTables(folder / "bronze")
    return MusicBrainzLander(bronze=bronze, origin=origin, part=Part(WHOLE, origin), scratch=folder / "rows")


def _connect(spill: Path) -> AbstractContextManager[Any]:
    from linernotes.bootstrap.musicbrainz import _connect as connect

    return connect(spill, extensions=spill.parent / "extensions")


def _quiet() -> Any:
    from benchmarks.bench_parse import Quiet

    return Quiet()


PULL = ("linernotes.bootstrap", "linernotes.sources.musicbrainz.database")
IMPORTS = {"peer": ("psycopg", "pyarrow.parquet"), "extract": PULL, "land": PULL, "again": PULL}
"""What is loaded before the clock starts."""
RUNS: dict[str, tuple[str, Callable[[str, Path], AbstractContextManager[Work]]]] = {
    "peer": ("psycopg, server-side cursor", open_peer),
    "extract": ("recordings, one table", open_extract),
    "land": ("recordings into bronze, six tables", open_land),
    "again": ("the same with nothing new", open_again),
}


def measure(kind: str, url: str, folder: Path) -> tuple[float, float, int]:
    """Seconds, MB resident and rows: the best time of some processes, the most memory."""
    found = []
    for _ in range(PROCESSES):
        place = folder / kind
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        command = [sys.executable, __file__, "--run", kind, url, str(place)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    return min(one[0] for one in found), max(one[1] for one in found), found[0][2]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_500_000)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        kind, url, folder = asked.run
        for module in IMPORTS[kind]:
            importlib.import_module(module)
        with RUNS[kind][1](url, Path(folder)) as work:
            began = time.perf_counter()
            count = work()
            seconds = time.perf_counter() - began
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        print(json.dumps([seconds, peak_mb, count]))
        return
    _measure_all(asked.rows)


def _measure_all(rows: int) -> None:
    import psycopg

    from tests.musicbrainz_kit import make_schema
    from tests.postgres import find_in_wheel, find_installed, start_postgres

    with start_postgres(find_installed() or find_in_wheel()) as server, tempfile.TemporaryDirectory() as folder:
        url = server.url(server.create_database())
        with psycopg.connect(url, autocommit=True) as connection:
            make_schema(connection)
            connection.execute(ROWS.format(rows=rows))
            connection.execute("ANALYZE musicbrainz.recording")
        print(f"{'':42} {'seconds':>8} {'rows/s':>10} {'peak MB':>8}")
        figures = {}
        for kind, (name, _) in RUNS.items():
            seconds, peak_mb, count = figures[kind] = measure(kind, url, Path(folder))
            print(f"{name:42} {seconds:8.2f} {count / seconds:10,.0f} {peak_mb:8.0f}", flush=True)
    ratio = figures["peer"][0] / figures["extract"][0]
    peak_mb = max(figures[kind][1] for kind in ("extract", "land", "again"))
    print(f"\n{'times the cursor':42} {ratio:8.1f} at least 5 {'kept' if ratio >= 5 else 'MISSED'}")
    print(f"{'MB resident':42} {peak_mb:8.0f} at most 200 {'kept' if peak_mb <= 200 else 'MISSED'}")
    print(f"\n{datetime.now(tz=UTC):%Y-%m-%d}, {rows:,} recordings")


if __name__ == "__main__":
    main()
