"""The bronze folder as housekeeping and the second pull of a month see it."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pytest

from linernotes.errors import FatalError
from linernotes.lake import bronze_files
from linernotes.lake.bronze import BronzeTables
from linernotes.lake.bronze_files import BronzeFolder
from linernotes.ports.bronze import BronzeFile
from linernotes.ports.loads import Load, LoadFile, LoadKind


@pytest.fixture
def bronze(tmp_path: Path) -> Path:
    for path in ("discogs_label/a.parquet", "discogs_label/b.parquet", "discogs_label/.b.tmp", "plays/c.parquet"):
        (tmp_path / "bronze" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bronze" / path).write_bytes(b"12345")
    return tmp_path / "bronze"


def load(*files: tuple[str, int]) -> Load:
    return Load(
        load_id=UUID(int=1),
        source="discogs",
        entity="label",
        version=date(2026, 3, 1),
        kind=LoadKind.COMPLETE,
        is_verified=True,
        file_name="x",
        file_sha256=None,
        record_count=1,
        landed_count=1,
        run_id=UUID(int=2),
        files=tuple(LoadFile(table="discogs_label", path=path, row_count=1, size_bytes=size) for path, size in files),
    )


def test_files_that_are_there_are_not_missing(bronze: Path) -> None:
    assert BronzeFolder(bronze).find_missing(load(("discogs_label/a.parquet", 5))) == []


def test_lost_and_shortened_files_are_missing(bronze: Path) -> None:
    paths = ("discogs_label/none.parquet", 5), ("discogs_label/a.parquet", 6), ("none/at/all", 1)
    assert BronzeFolder(bronze).find_missing(load(*paths)) == [path for path, _ in paths]


def test_what_no_load_lists_is_found_temporary_files_too(bronze: Path) -> None:
    found = BronzeFolder(bronze).find_unlisted(source="discogs", listed={"discogs_label/a.parquet"})
    assert [(file.path, file.size_bytes) for file in found] == [
        ("discogs_label/.b.tmp", 5),
        ("discogs_label/b.parquet", 5),
    ]


def test_links_and_strange_things_are_left_alone(bronze: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.parquet").touch()
    (bronze / "discogs_linked").symlink_to(tmp_path / "outside")
    (bronze / "discogs_label/link.parquet").symlink_to(tmp_path / "outside/x.parquet")
    (bronze / "discogs_file").touch()
    (bronze / "discogs_label/folder").mkdir()
    found = BronzeFolder(bronze).find_unlisted(source="discogs", listed=())
    assert {file.path.rsplit("/", 1)[-1] for file in found} == {".b.tmp", "a.parquet", "b.parquet"}


def test_there_need_not_be_a_bronze_folder(tmp_path: Path) -> None:
    assert BronzeFolder(tmp_path / "none").find_unlisted(source="discogs", listed=()) == []


def test_what_a_killed_writer_left_is_swept(bronze: Path) -> None:
    writer = BronzeTables(bronze).writer(UUID(int=3))
    writer.declare("discogs_label", pa.schema([pa.field("record_id", pa.int64())]))
    writer._lock.release()  # as the system does when the process is gone
    assert BronzeFolder(bronze).sweep() > 0
    assert BronzeFolder(bronze).sweep() == 0


class StuckTables(BronzeTables):
    def sweep(self) -> int:
        raise PermissionError(13, "Permission denied")


def test_what_cannot_be_swept_is_told(bronze: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bronze_files, "BronzeTables", StuckTables)
    with pytest.raises(FatalError, match=r"cannot sweep .*: Permission denied"):
        BronzeFolder(bronze).sweep()


def test_one_file_is_deleted(bronze: Path) -> None:
    BronzeFolder(bronze).delete(BronzeFile(path="discogs_label/b.parquet", size_bytes=5))
    assert not (bronze / "discogs_label/b.parquet").exists()
    assert (bronze / "discogs_label/a.parquet").exists()


@pytest.mark.parametrize(
    "path", ["../secret", "discogs_label/../../secret", "/etc/passwd", "discogs_label", "", "a/.."]
)
def test_nothing_outside_can_be_deleted(bronze: Path, path: str) -> None:
    (bronze.parent / "secret").touch()
    with pytest.raises(FatalError, match="is not a bronze file"):
        BronzeFolder(bronze).delete(BronzeFile(path=path, size_bytes=5))
    assert (bronze.parent / "secret").exists()


def test_what_cannot_be_deleted_is_told(bronze: Path) -> None:
    (bronze / "discogs_label/folder").mkdir()
    with pytest.raises(FatalError, match="cannot delete"):
        BronzeFolder(bronze).delete(BronzeFile(path="discogs_label/folder", size_bytes=0))


class UnreadableFolder(type(Path())):  # type: ignore[misc]  # the path class of this system
    """As a folder of somebody else's is."""

    def glob(self, *_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FatalError, match=r"cannot read .*: Permission denied"):
        BronzeFolder(UnreadableFolder(tmp_path)).find_unlisted(source="discogs", listed=())
