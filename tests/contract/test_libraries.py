"""Libraries keep what files say, find it by key, and are whole whatever happens."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linernotes.errors import FatalError
from linernotes.lake.library import LakeLibraries
from linernotes.ports.libraries import Document, LibraryFile

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def file(name: str = "cities.zip", provider: str = "geonames") -> LibraryFile:
    return LibraryFile(provider=provider, name=name, sha256="ab" * 32, document_count=0, size_bytes=0, added_at=NOW)


@pytest.fixture
def libraries(tmp_path: Path) -> LakeLibraries:
    return LakeLibraries(folder=tmp_path / "libraries")


def found(libraries: LakeLibraries, key: str, provider: str = "geonames") -> list[tuple[int, str]]:
    with libraries.reading(provider) as find:
        return [(one.rank, one.text) for one in find(key)]


def test_documents_are_found_by_their_key_in_every_file_of_the_provider(libraries: LakeLibraries) -> None:
    libraries.put(file("one"), [Document(key="kiel", rank=2, text="b"), Document(key="bonn", text="c")])
    libraries.put(file("two"), [Document(key="kiel", rank=1, text="a"), Document(key="kiel's", text="d")])
    libraries.put(file("one", "lyrics"), [Document(key="kiel", text="x")])
    assert found(libraries, "kiel") == [(1, "a"), (2, "b")]
    assert found(libraries, "kiel's") == [(0, "d")]
    assert found(libraries, "köln") == []
    assert found(libraries, "kiel", "mixesdb") == []


def test_a_file_of_the_same_name_takes_the_place_of_the_former(libraries: LakeLibraries) -> None:
    libraries.put(file(), [Document(key="kiel", text="old")])
    kept = libraries.put(file(), [Document(key="kiel", text="new"), Document(key="bonn", text="new")])
    assert found(libraries, "kiel") == [(0, "new")]
    assert libraries.all() == [kept]
    assert (kept.document_count, kept.added_at, kept.size_bytes > 0) == (2, NOW, True)


def test_a_file_whose_reading_breaks_off_leaves_the_former(libraries: LakeLibraries) -> None:
    def broken() -> Iterator[Document]:
        yield Document(key="kiel", text="new")
        raise FatalError("cities.zip is damaged")

    libraries.put(file(), [Document(key="kiel", text="old")])
    with pytest.raises(FatalError, match="is damaged"):
        libraries.put(file(), broken())
    assert found(libraries, "kiel") == [(0, "old")]
    assert [path.name for path in (libraries.folder / "geonames").iterdir()] == ["cities.zip.parquet"]


def test_a_file_can_be_let_go_of(libraries: LakeLibraries) -> None:
    libraries.put(file(), [Document(key="kiel", text="old")])
    assert libraries.remove("geonames", "cities.zip")
    assert not libraries.remove("geonames", "cities.zip")
    assert (libraries.all(), found(libraries, "kiel")) == ([], [])


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a\\b", "a\0b"])
def test_no_name_leads_out_of_the_folder(libraries: LakeLibraries, name: str) -> None:
    with pytest.raises(FatalError, match="is no name of a file"):
        libraries.put(file(name), [])


def test_one_key_is_answered_with_so_many_documents_at_most(libraries: LakeLibraries) -> None:
    libraries.put(file(), [Document(key="intro", rank=rank, text=str(rank)) for rank in range(25_000)])
    assert [rank for rank, _ in found(libraries, "intro")] == list(range(200))


def test_a_damaged_file_is_told(libraries: LakeLibraries) -> None:
    libraries.put(file(), [Document(key="kiel", text="old")])
    (path,) = (libraries.folder / "geonames").iterdir()
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(FatalError, match="is damaged"):
        libraries.all()
    assert libraries.providers() == {"geonames"}, "the others may be asked all the same"
    with pytest.raises(FatalError, match="is damaged"):
        found(libraries, "kiel")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "libraries").write_text("a file")
    with pytest.raises(FatalError, match="cannot write"):
        LakeLibraries(folder=tmp_path / "libraries").put(file(), [Document(key="kiel", text="old")])


def test_halves_of_letters_are_stored_as_what_can_be(libraries: LakeLibraries) -> None:
    libraries.put(file(), [Document(key="caf\udce9", text="\ud800")])
    assert found(libraries, "caf\udce9") == [(0, "?")]
