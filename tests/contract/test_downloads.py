"""The folder of downloads: what is listed in it, and that nothing else can be deleted through it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from linernotes.domain.dumps import StoredFile
from linernotes.errors import FatalError
from linernotes.sources.discogs.downloads import DiscogsDownloads

NAME = "discogs_20260302_labels.xml.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (NAME, f"{NAME}.part", f"{NAME}.part.json", "notes.txt", "discogs_20260401_labels.xml.gz"):
        (tmp_path / "downloads/20260302").mkdir(parents=True, exist_ok=True)
        (tmp_path / "downloads/20260302" / name).write_bytes(b"12345")
    return tmp_path / "downloads"


def test_whole_files_and_parts_are_listed_and_strange_ones_are_not(folder: Path) -> None:
    listed = DiscogsDownloads(folder).find()
    assert [(file.path, file.is_partial) for file in listed] == [
        (f"20260302/{NAME}", False),
        (f"20260302/{NAME}.part", True),
        (f"20260302/{NAME}.part.json", True),
    ]
    assert {(file.dumped_on, file.size_bytes) for file in listed} == {(date(2026, 3, 2), 5)}


def test_dumps_are_listed_oldest_first_or_one_alone(folder: Path) -> None:
    (folder / "20250101").mkdir()
    (folder / "20250101/discogs_20250101_artists.xml.gz").touch()
    downloads = DiscogsDownloads(folder)
    assert downloads.find()[0].dumped_on == date(2025, 1, 1)
    assert [file.path for file in downloads.find(dumped_on=date(2025, 1, 1))] == [
        "20250101/discogs_20250101_artists.xml.gz"
    ]


def test_there_need_not_be_a_folder(tmp_path: Path) -> None:
    assert DiscogsDownloads(tmp_path / "none").find() == []


class UnreadableDownloads(DiscogsDownloads):
    """As a folder of somebody else's is."""

    def _walk(self) -> Iterator[StoredFile]:
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FatalError, match=r"cannot read .*: Permission denied"):
        UnreadableDownloads(tmp_path).find()


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "discogs_20260501_labels.xml.gz").touch()
    (folder / "20260501").symlink_to(outside)
    (folder / "20260302/discogs_20260302_artists.xml.gz").symlink_to(folder / "20260302" / NAME)
    assert {file.dumped_on for file in DiscogsDownloads(folder).find()} == {date(2026, 3, 2)}
    assert len(DiscogsDownloads(folder).find()) == 3


def test_deleting_takes_exactly_one_file(folder: Path) -> None:
    downloads = DiscogsDownloads(folder)
    downloads.delete(downloads.find()[0])
    assert sorted(path.name for path in (folder / "20260302").iterdir()) == [
        f"{NAME}.part",
        f"{NAME}.part.json",
        "discogs_20260401_labels.xml.gz",
        "notes.txt",
    ]


def test_the_folder_of_the_last_file_goes_with_it(folder: Path) -> None:
    (folder / "20260302/notes.txt").unlink()
    (folder / "20260302/discogs_20260401_labels.xml.gz").unlink()
    downloads = DiscogsDownloads(folder)
    for file in downloads.find():
        downloads.delete(file)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("path", ["../secret", "20260302/notes.txt", "/etc/passwd", "20260302/../../secret"])
def test_nothing_but_a_downloaded_file_can_be_deleted(folder: Path, path: str) -> None:
    downloads = DiscogsDownloads(folder)
    (folder.parent / "secret").touch()
    with pytest.raises(FatalError, match="not a downloaded file"):
        downloads.delete(replace(downloads.find()[0], path=path))
    assert (folder.parent / "secret").exists()


class StuckDownloads(DiscogsDownloads):
    """Still lists what is a folder by now, which no file deletion removes."""

    def find(self, *, dumped_on: date | None = None) -> list[StoredFile]:
        return [StoredFile(dumped_on=date(2026, 3, 2), path=f"20260302/{NAME}", size_bytes=5, is_partial=False)]


def test_a_file_that_cannot_be_deleted_is_told(tmp_path: Path) -> None:
    (tmp_path / "20260302" / NAME).mkdir(parents=True)
    downloads = StuckDownloads(tmp_path)
    with pytest.raises(FatalError, match="cannot delete"):
        downloads.delete(downloads.find()[0])
