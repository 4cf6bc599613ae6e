"""Bronze tables: whole or not there, sorted, found again, swept."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linernotes import failpoints
from linernotes.errors import FatalError
from linernotes.lake.bronze import BronzeTables
from linernotes.ports.landing import Bronze
from linernotes.ports.loads import Load, LoadFile, LoadKind
from tests.fakes.bronze import MemoryBronze

LOAD_ID = UUID("01939c2e-7e4a-7000-8000-000000000001")
SCHEMA = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("track_index", pa.int32(), nullable=False),
        pa.field("title", pa.string()),
    ]
)


def tracks(*record_ids: int, title: str | None = "x") -> pa.RecordBatch:
    """Two tracks of each record."""
    rows = [{"record_id": one, "track_index": at, "title": title} for one in record_ids for at in (0, 1)]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def write(bronze: Bronze, *batches: pa.RecordBatch, table: str = "discogs_release_track") -> tuple[LoadFile, ...]:
    with bronze.writer(LOAD_ID) as writer:
        for batch in batches:
            writer.write(table, batch)
        return writer.seal()


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def load_of(sealed: Sequence[LoadFile]) -> Load:
    return Load(
        load_id=LOAD_ID,
        source="discogs",
        entity="release",
        version=date(2024, 12, 1),
        kind=LoadKind.COMPLETE,
        is_verified=True,
        file_name="x",
        file_sha256=None,
        record_count=1,
        landed_count=1,
        run_id=LOAD_ID,
        files=tuple(sealed),
    )


@pytest.fixture(params=["files", "memory"])
def bronze(request: pytest.FixtureRequest, tmp_path: Path) -> Bronze:
    return BronzeTables(tmp_path) if request.param == "files" else MemoryBronze()


def test_a_load_has_one_file_per_table_with_all_its_rows(bronze: Bronze) -> None:
    with bronze.writer(LOAD_ID) as writer:
        writer.write("discogs_release_track", tracks(1, 2))
        writer.write("discogs_release", tracks(1))
        writer.write("discogs_release_track", tracks(3))
        sealed = writer.seal()
    assert [(file.table, file.row_count) for file in sealed] == [("discogs_release", 2), ("discogs_release_track", 6)]


def test_a_declared_table_has_a_file_without_rows(bronze: Bronze) -> None:
    with bronze.writer(LOAD_ID) as writer:
        writer.declare("discogs_release", SCHEMA)
        sealed = writer.seal()
    assert [(file.table, file.row_count) for file in sealed] == [("discogs_release", 0)]


def test_the_load_id_stands_first_in_every_row(tmp_path: Path) -> None:
    (file,) = write(BronzeTables(tmp_path), tracks(1), tracks(2, title=None))
    rows = pq.read_table(BronzeTables(tmp_path).path_of(file))
    assert rows.column_names == ["load_id", "record_id", "track_index", "title"]
    assert [str(column.type) for column in rows.columns] == ["string", "int64", "int32", "string"]
    assert rows["load_id"].to_pylist() == [str(LOAD_ID)] * 4
    assert rows["title"].to_pylist() == ["x", "x", None, None]


def test_files_are_named_by_table_and_load(tmp_path: Path) -> None:
    (file,) = write(BronzeTables(tmp_path), tracks(1))
    assert file.path == f"discogs_release_track/{LOAD_ID}.parquet"
    assert file.size_bytes == (tmp_path / file.path).stat().st_size
    assert files(tmp_path) == [file.path]


def test_nothing_stands_under_its_name_before_it_is_sealed(tmp_path: Path) -> None:
    with BronzeTables(tmp_path, buffer_bytes=1).writer(LOAD_ID) as writer:
        writer.write("discogs_release_track", tracks(*range(100)))
        assert list(tmp_path.rglob("*.parquet")) == []


def give_up(bronze: Bronze) -> None:
    with bronze.writer(LOAD_ID) as writer:
        writer.write("discogs_release_track", tracks(*range(50)))
        writer.write("discogs_release_track", tracks(*range(50, 100)))
        raise KeyError


def test_a_writer_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        give_up(BronzeTables(tmp_path, buffer_bytes=1, column_chunks_per_file=1))
    assert files(tmp_path) == []


@pytest.mark.parametrize("buffer_bytes", [1, 1000, 1 << 30])
def test_the_size_of_the_buffer_does_not_change_the_rows(tmp_path: Path, buffer_bytes: int) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=buffer_bytes)
    (file,) = write(bronze, *(tracks(one, one + 1) for one in range(0, 200, 2)))
    rows = pq.read_table(bronze.path_of(file))
    assert rows["record_id"].to_pylist() == [one for one in range(200) for _ in range(2)]


def test_a_file_of_many_row_groups_is_followed_by_another(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=1, column_chunks_per_file=9)  # two row groups of four columns
    sealed = write(bronze, *(tracks(one) for one in range(5)))
    stem = f"discogs_release_track/{LOAD_ID}"
    assert [file.path for file in sealed] == [f"{stem}.parquet", f"{stem}-2.parquet", f"{stem}-3.parquet"]
    assert [file.row_count for file in sealed] == [4, 4, 2]
    rows = [pq.read_table(bronze.path_of(file)) for file in sealed]
    assert pa.concat_tables(rows)["record_id"].to_pylist() == [one for one in range(5) for _ in range(2)]
    assert files(tmp_path) == sorted(file.path for file in sealed)
    assert bronze.record(load_of(sealed), 3)["discogs_release_track"][0]["record_id"] == 3


def test_rows_out_of_order_are_sorted_into_one_file(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=1, column_chunks_per_file=1)
    sealed = write(bronze, tracks(3), tracks(1), tracks(2))
    assert [(file.path, file.row_count) for file in sealed] == [(f"discogs_release_track/{LOAD_ID}.parquet", 6)]
    assert pq.read_table(bronze.path_of(sealed[0]))["record_id"].to_pylist() == [1, 1, 2, 2, 3, 3]
    assert files(tmp_path) == [sealed[0].path]


def test_rows_wait_in_memory_only_up_to_the_buffer(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=10_000)
    with bronze.writer(LOAD_ID) as writer:
        for record_id in range(500):
            writer.write(f"discogs_release_{record_id % 5}", tracks(record_id))
        waiting = sum(table.waiting_bytes for table in writer._tables.values())
    assert 0 < waiting <= 10_000


def test_rows_that_come_out_of_order_are_sorted(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=1)
    first, second = tracks(5, 9, 9).slice(0, 4), tracks(1, 7)
    (file,) = write(bronze, first, second)
    rows = pq.read_table(bronze.path_of(file))
    assert list(zip(rows["record_id"].to_pylist(), rows["track_index"].to_pylist(), strict=True)) == [
        (1, 0), (1, 1), (5, 0), (5, 1), (7, 0), (7, 1), (9, 0), (9, 1),
    ]  # fmt: skip
    assert set(rows["load_id"].to_pylist()) == {str(LOAD_ID)}
    assert file.row_count == 8
    assert files(tmp_path) == [file.path]


def test_rows_out_of_order_within_one_batch_are_sorted(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path)
    (file,) = write(bronze, tracks(3, 1, 2))
    assert pq.read_table(bronze.path_of(file))["record_id"].to_pylist() == [1, 1, 2, 2, 3, 3]


def test_a_record_is_found_in_every_table(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path, buffer_bytes=1)
    with bronze.writer(LOAD_ID) as writer:
        for record_id in range(50):
            writer.write("discogs_release_track", tracks(record_id, title=f"t{record_id}"))
        writer.write("discogs_release_video", tracks(7))
        writer.write("discogs_release_image", tracks(8))
        load = load_of(writer.seal())
    found = bronze.record(load, 7)
    assert set(found) == {"discogs_release_track", "discogs_release_video"}
    assert [(row["record_id"], row["track_index"], row["title"]) for row in found["discogs_release_track"]] == [
        (7, 0, "t7"),
        (7, 1, "t7"),
    ]
    assert bronze.record(load, 50) == {}


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "discogs_release_track").write_text("a file where a folder must be")
    with pytest.raises(FatalError, match=r"cannot write bronze at .*discogs_release_track"):
        write(BronzeTables(tmp_path), tracks(1))


def test_a_root_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bronze").write_text("a file where a folder must be")
    with pytest.raises(FatalError, match="cannot write bronze at"):
        write(BronzeTables(tmp_path / "bronze"), tracks(1))


def write_two(bronze: Bronze) -> None:
    with bronze.writer(LOAD_ID) as writer:
        writer.write("a", tracks(1))
        writer.write("b", tracks(1))
        writer.seal()


def test_what_is_half_sealed_when_the_folder_fails_is_taken_back(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path)
    (tmp_path / "b" / f"{LOAD_ID}.parquet" / "in the way").mkdir(parents=True)
    with pytest.raises(FatalError, match="cannot write bronze"):
        write_two(bronze)
    assert files(tmp_path) == []


# Processes that die


def _write_and_die(root: Path, failpoint: str) -> None:
    os.setpgid(0, 0)
    failpoints.arm(failpoint)
    with BronzeTables(root, buffer_bytes=1).writer(LOAD_ID) as writer:
        for table in ("a", "b", "c"):
            writer.write(table, tracks(*range(10)))
        if failpoint == "":
            os.kill(os.getpid(), signal.SIGKILL)
        writer.seal()


def die(root: Path, failpoint: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(root, failpoint))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("failpoint", "finished"),
    [("", 0), ("bronze.rename.before", 0), ("bronze.rename.after", 1), ("bronze.rename.before:3", 2)],
)
def test_the_sweep_removes_what_a_dead_writer_left(tmp_path: Path, failpoint: str, finished: int) -> None:
    die(tmp_path, failpoint)
    assert BronzeTables(tmp_path).sweep() == 3 - finished
    left = files(tmp_path)
    assert left == [f"{table}/{LOAD_ID}.parquet" for table in "abc"[:finished]]
    assert [pq.read_table(tmp_path / path).num_rows for path in left] == [20] * finished


def test_the_sweep_leaves_alone_who_is_still_writing(tmp_path: Path) -> None:
    bronze = BronzeTables(tmp_path)
    with bronze.writer(LOAD_ID) as writer:
        writer.write("a", tracks(1))
        assert BronzeTables(tmp_path).sweep() == 0
        sealed = writer.seal()
    assert pq.read_table(bronze.path_of(sealed[0])).num_rows == 2


def test_the_sweep_of_a_folder_that_is_not_there_removes_nothing(tmp_path: Path) -> None:
    assert BronzeTables(tmp_path / "none").sweep() == 0


def fill(path: Path) -> int:
    rows = pa.table({"load_id": [str(LOAD_ID)] * 2, "record_id": pa.array([1, 2], pa.int64()), "title": ["a", "b"]})
    pq.write_table(rows, path)
    return int(rows.num_rows)


@pytest.mark.parametrize("kind", ["files", "memory"])
def test_a_file_that_somebody_else_wrote_is_part_of_the_load(kind: str, tmp_path: Path) -> None:
    bronze: Bronze = BronzeTables(tmp_path) if kind == "files" else MemoryBronze()
    with bronze.writer(LOAD_ID) as writer:
        assert writer.add_file("musicbrainz_track", fill) == 2
        writer.write("discogs_release_track", tracks(1))
        sealed = writer.seal()
    assert [(file.table, file.row_count) for file in sealed] == [("discogs_release_track", 2), ("musicbrainz_track", 2)]


def test_a_file_that_was_added_is_gone_with_the_writer(tmp_path: Path) -> None:
    with BronzeTables(tmp_path).writer(LOAD_ID) as writer:
        writer.add_file("musicbrainz_track", fill)
    assert files(tmp_path) == []


def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    def fail(path: Path) -> int:
        raise OSError(28, "No space left on device")

    with BronzeTables(tmp_path).writer(LOAD_ID) as writer, pytest.raises(FatalError, match="No space left on device"):
        writer.add_file("musicbrainz_track", fail)
