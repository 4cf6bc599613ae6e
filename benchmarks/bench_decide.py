"""How fast fields are decided, and in how much memory: 500,000 recordings of which four providers say the tempo.

Observations are made up: half of the tempos agree, some are half or double, some contradict. They stand in a DuckDB
file in place of the lake; the model of decisions runs over it as a build runs it, in one thread, and into Parquet.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

LIMIT_SECONDS, LIMIT_MB = 60, 300
MEMORY_LIMIT = "80MB"
OBSERVATIONS = """
    CREATE SCHEMA lake.silver;
    CREATE TABLE lake.silver.observation AS
    SELECT
        'provider' AS source,
        (n * 4 + p)::VARCHAR AS record_id,
        '01939c2e-7e4a-7000-8000-000000000001' AS load_id,
        md5((n * 4 + p)::VARCHAR)::VARCHAR AS answer_id,
        ['beatport', 'deezer', 'acousticbrainz', 'spotify'][p + 1] AS provider,
        md5(n::VARCHAR || p) AS question,
        'recording' AS entity_type,
        md5(n::VARCHAR)::UUID AS entity_id,
        'ok' AS outcome,
        '' AS reason,
        'tempo_bpm' AS field,
        (CASE WHEN hash(n, p) % 10 < 5 THEN 60 + n % 120
              WHEN hash(n, p) % 10 < 7 THEN (60 + n % 120) / 2
              ELSE 60 + hash(n, p) % 1200 / 10 END)::DECIMAL(6, 1)::VARCHAR AS value,
        CASE WHEN hash(n, p, 1) % 10 < 8 THEN 1.0 ELSE 0.5 END AS match,
        1.0 AS signal,
        1 AS extractor_version,
        TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * (n % 1000000) AS observed_at
    FROM range({recordings}) AS r (n), range(4) AS q (p);
    CREATE TABLE lake.silver.entity_redirect (entity_type VARCHAR, from_id UUID, to_id UUID);
    CREATE TABLE lake.silver.source_value (
        source VARCHAR, entity_type VARCHAR, record_id VARCHAR, load_id VARCHAR, entity_id UUID, field VARCHAR,
        value VARCHAR
    );
"""


def make(path: Path, recordings: int) -> None:
    """Write the observations."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS lake")
        connection.execute(OBSERVATIONS.format(recordings=recordings))


def run(path: Path) -> dict[str, float]:
    """Decide all of them; CPU seconds, MB resident, and how many were decided."""
    import duckdb

    from linernotes.lake.functions import register_functions
    from linernotes.lake.rules import SCHEMA, create_rules, write_decision_rules
    from linernotes.lake.trials import select_decisions, slices_of
    from linernotes.policies.documents import shipped_policies
    from linernotes.ports.building import BuildRules
    from linernotes.ports.policies import DecisionRules, Generation

    policy = shipped_policies()["default"]
    generation = Generation(
        generation_id=UUID(int=0), policy_version=policy.version, by="", reason="", made_at=datetime.now(tz=UTC)
    )
    rules = DecisionRules(policies={policy.version: policy}, generations=[generation])
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "block_allocator_memory": MEMORY_LIMIT,
        "threads": 1,
        "temp_directory": str(path.parent / "spill"),
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"ATTACH '{path}' AS lake (READ_ONLY)")
        connection.execute(f"CREATE SCHEMA memory.{SCHEMA}")
        create_rules(connection)
        write_decision_rules(connection, rules)
        register_functions(connection, BuildRules(decisions=rules))
        began = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        count = connection.execute("SELECT count(*) FROM lake.silver.observation").fetchall()[0][0]
        slices = slices_of(count)
        select = select_decisions(slices)
        for number in range(slices):
            connection.execute(f"SET VARIABLE slice = {number}")
            connection.execute(f"COPY ({select}) TO '{path.parent / f'decided_{number}.parquet'}'")
        decided, contested = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE is_contested) FROM read_parquet(?)",
            [str(path.parent / "decided_*.parquet")],
        ).fetchall()[0]
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak_mb = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return {"seconds": sum(used[:2]) - began, "mb": peak_mb, "decided": decided, "contested": contested}


def _command(*arguments: object) -> list[str]:
    return [sys.executable, __file__, *map(str, arguments)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=500_000)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        make(asked.make, asked.recordings)
        return
    if asked.run:
        print(json.dumps(run(asked.run)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lake.duckdb"
        # each in a process of its own: a child's peak counts what its parent held
        subprocess.run(_command("--make", path, "--recordings", asked.recordings), check=True)
        found = json.loads(subprocess.run(_command("--run", path), check=True, stdout=subprocess.PIPE).stdout)
    print(f"{asked.recordings:,} recordings, {4 * asked.recordings:,} observations")
    print(f"{'decided':42} {found['decided']:8,} contested {found['contested']:,}")
    for name, value, limit in (
        ("CPU seconds", found["seconds"], LIMIT_SECONDS),
        ("MB resident", found["mb"], LIMIT_MB),
    ):
        print(f"{name:42} {value:8.0f} at most {limit} {'kept' if value <= limit else 'MISSED'}")


if __name__ == "__main__":
    main()
