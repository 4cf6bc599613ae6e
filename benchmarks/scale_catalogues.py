"""`make scale`, the matching of two catalogues: how time, memory and accuracy grow with the number of artists.

Each size is a process of its own: silver of two invented sources, in which most artists, labels, groups and releases
are the same thing, spelled, numbered and dated as people do; then the SQL of the models that match them, in slices.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from typing import NamedTuple

import duckdb

PROJECT = Path(__file__).parents[1]
MEMORY_LIMIT, POOL = "650MB", "585MB"
"""What `liner build` counts of 1 GB."""
MODELS = PROJECT / "src/linernotes/lake/dbt/models/silver"
MATCHED = ("artist", "label", "release_group", "release")
STAGES = ("alike", "candidate", "match")
SLICED = {"alike": 1_000_000, "candidate": 100_000}
"""Artists in a slice of the models that are made in slices."""


class Plan(NamedTuple):
    """What a macro is answered that asks for the number of slices."""

    rows: list[list[int]]


def main() -> None:
    """Run each size and print the table of docs/reference/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artists", type=int, nargs="+", default=[20_000, 200_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "scale")
    parser.add_argument("--one", type=int, help="measure one size, in this process")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one, arguments.folder / f"catalogues-{arguments.one}")))
        return
    print("| artists at MusicBrainz | model | CPU s | peak MB | pairs | matches | right | of those there are |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for artists in arguments.artists:
        command = [sys.executable, __file__, "--one", str(artists), "--folder", str(arguments.folder)]
        for row in json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout):
            print("| " + " | ".join(str(value) for value in row) + " |", flush=True)


def measure(artists: int, folder: Path) -> list[tuple[str, ...]]:
    """Match two catalogues of one size."""
    sys.path.insert(0, str(PROJECT))
    from linernotes.lake.functions import register_functions
    from tests.model_kit import render

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lake.db").unlink(missing_ok=True)
    rows = []
    with duckdb.connect(config={"threads": "2", "preserve_insertion_order": "false"}) as connection:
        connection.execute(f"SET temp_directory = '{folder}/spill'; ATTACH '{folder}/lake.db' AS lake")
        connection.execute(f"SET VARIABLE artists = {artists}")
        connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET block_allocator_memory = '{POOL}'")
        register_functions(connection)
        for entity_type in MATCHED:
            began = time.process_time()
            models = [MODELS / f"{entity_type}_{stage}.sql" for stage in STAGES]
            for model, stage in ((model, stage) for model, stage in zip(models, STAGES, strict=True) if model.exists()):
                name, slices = model.stem, ceil(artists / SLICED.get(stage, artists))
                select = render(
                    model.read_text(encoding="utf-8"),
                    config=_nothing,
                    ref=_relation,
                    model={"name": name, "resource_type": "model"},
                    execute=True,
                    run_query=lambda _, slices=slices: Plan(rows=[[slices]]),
                )
                connection.execute("SET VARIABLE slice = 0")
                connection.execute(f"CREATE TABLE lake.silver.{name} AS {select}")
                for slice_number in range(1, slices):
                    connection.execute(f"SET VARIABLE slice = {slice_number}")
                    connection.execute(f"INSERT INTO lake.silver.{name} {select}")
            seconds = time.process_time() - began
            rows.append(
                (f"{artists:,}", entity_type, f"{seconds:.1f}", f"{_peak_mb():,.0f}", *_found(connection, entity_type))
            )
    return rows


def _found(connection: duckdb.DuckDBPyConnection, entity_type: str) -> tuple[str, ...]:
    """Pairs compared, matches, the share of those that are right, and of the true ones that were found."""
    compared, matches, right = connection.execute(
        f"SELECT (SELECT count(*) FROM lake.silver.{entity_type}_candidate), count(*),"
        f" count(*) FILTER (record_id = other_record_id) FROM lake.silver.{entity_type}_match WHERE band = 'match'"
    ).fetchall()[0]
    ((true,),) = connection.execute(
        f"SELECT count(*) FROM lake.silver.{entity_type} AS m SEMI JOIN lake.silver.{entity_type} AS d"
        " ON m.record_id = d.record_id AND d.source = 'discogs' WHERE m.source = 'musicbrainz'"
    ).fetchall()
    return f"{compared:,}", f"{matches:,}", f"{right / max(matches, 1):.4f}", f"{right / true:.4f}"


def _nothing(**_: object) -> str:
    return ""


def _relation(name: str) -> str:
    return f"lake.silver.{name}"


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


if __name__ == "__main__":
    main()
