"""Upkeep of the lake: what is old and not kept goes, what anybody may still need stays."""

import os
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linernotes.errors import WrongUsageError
from linernotes.lake.engine import Engine, link_extensions
from linernotes.lake.lock import writer_lock
from linernotes.lake.snapshots import count_changes, list_snapshots
from linernotes.lake.upkeep import LakeUpkeep, Tidied

FUTURE = datetime.now(tz=UTC) + timedelta(hours=1)
DAY = 86_400


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Snapshots 3 to 7 are a table of 1,000 rows and four increments."""
    engine = Engine(folder=tmp_path / "lake", extensions=link_extensions(tmp_path / "extensions"))
    with engine.create() as connection:
        connection.execute("CREATE TABLE lake.silver.track AS SELECT range AS n FROM range(1000)")
        for start in (1000, 1100, 1200, 1300):
            connection.execute(f"INSERT INTO lake.silver.track SELECT range FROM range({start}, {start + 100})")
    return engine


def tidy(engine: Engine, *, older_than: datetime = FUTURE, keep: tuple[int, ...] = (), dry_run: bool = False) -> Tidied:
    upkeep = LakeUpkeep(engine=engine, lock=lambda _: nullcontext())
    return upkeep.tidy(older_than=older_than, keep=keep, dry_run=dry_run, say=print)


def snapshot_ids(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [snapshot.snapshot_id for snapshot in list_snapshots(connection)]


def count(engine: Engine, *, snapshot: int | None = None) -> int:
    with engine.connect(snapshot=snapshot) as connection:
        return int(connection.execute("SELECT count(*) FROM lake.silver.track").fetchall()[0][0])


def test_old_snapshots_go_and_the_newest_stays(engine: Engine) -> None:
    assert tidy(engine).expired == (0, 1, 2, 3, 4, 5, 6)
    assert 7 in snapshot_ids(engine)
    assert not {0, 1, 2, 3, 4, 5, 6} & set(snapshot_ids(engine))
    assert count(engine) == 1400


def test_a_snapshot_that_is_kept_can_still_be_asked_for(engine: Engine) -> None:
    assert 5 not in tidy(engine, keep=(5,)).expired
    assert count(engine, snapshot=5) == 1200


def test_an_expired_snapshot_is_named(engine: Engine) -> None:
    tidy(engine)
    with pytest.raises(WrongUsageError, match="No snapshot found at version 5"):
        count(engine, snapshot=5)


def test_a_recent_snapshot_stays(engine: Engine) -> None:
    assert tidy(engine, older_than=datetime.now(tz=UTC) - timedelta(days=1)).expired == ()


def test_small_files_become_one_and_their_history_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        fed = count_changes(connection, "silver", "track", after=3, until=7)
    assert tidy(engine, older_than=datetime(2001, 1, 1, tzinfo=UTC)).merged_count == 5
    with engine.connect() as connection:
        assert count_changes(connection, "silver", "track", after=3, until=7) == fed
        files = connection.execute("SELECT file_count FROM ducklake_table_info('lake')").fetchall()
    assert files == [(1,)]
    assert count(engine, snapshot=5) == 1200


def test_files_that_a_killed_writer_left_go_when_they_are_old_and_not_before(engine: Engine) -> None:
    left = {name: engine.data / "silver" / f"{name}.parquet" for name in ("old", "young")}
    for path in left.values():
        path.write_bytes(b"half a file")
    os.utime(left["old"], (time.time() - 30 * DAY,) * 2)

    tidied = tidy(engine)

    assert tidied.deleted == (str(left["old"]),)
    assert (left["old"].exists(), left["young"].exists()) == (False, True)


def test_files_of_expired_snapshots_stay_until_no_reader_can_need_them(engine: Engine) -> None:
    with engine.connect(snapshot=5) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT max(n) FROM lake.silver.track").fetchall() == [(1199,)]
        tidy(engine)
        assert reader.execute("SELECT count(*) FROM lake.silver.track").fetchall() == [(1200,)]


def test_a_dry_run_tells_and_does_nothing(engine: Engine) -> None:
    before = snapshot_ids(engine)
    tidied = tidy(engine, dry_run=True)
    assert (tidied.is_dry_run, tidied.expired, tidied.merged_count) == (True, (0, 1, 2, 3, 4, 5, 6), 0)
    assert snapshot_ids(engine) == before


def test_upkeep_waits_for_the_writer(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "lake.lock"
    upkeep = LakeUpkeep(engine=engine, lock=lambda say: writer_lock(path, wait_seconds=0, say=say))
    with writer_lock(path, wait_seconds=0, say=print), pytest.raises(Exception, match="has been writing the lake"):
        upkeep.tidy(older_than=FUTURE, say=print)


def test_where_there_is_no_lake_there_is_nothing_to_do(tmp_path: Path) -> None:
    engine = Engine(folder=tmp_path / "lake", extensions=tmp_path)
    assert tidy(engine) == Tidied(is_dry_run=False, expired=(), merged_count=0, deleted=())
