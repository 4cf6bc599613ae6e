"""What the files of libraries say, and what they leave out."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from linernotes.bootstrap.libraries import all_librarians
from linernotes.bootstrap.providers import all_providers
from linernotes.domain.entities import EntityType
from linernotes.domain.outcomes import Outcome
from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.libraries import Document, Librarian, Unread
from linernotes.ports.providers import Subject
from linernotes.providers.acousticbrainz import AcousticBrainz
from linernotes.providers.libraries.acousticbrainz import AcousticBrainzFiles
from linernotes.providers.libraries.asking import LibraryAsker
from linernotes.providers.libraries.digest import digest
from linernotes.providers.libraries.geonames import GeoNamesFiles
from linernotes.providers.libraries.lyrics import LyricsFiles
from linernotes.providers.libraries.mixesdb import MixesDbFiles
from tests.library_kit import RHYTHM, TONAL, archive, document, table
from tests.provider_kit import ID, NOW, only_question, recording, values

MBID, OTHER = "1f518811-7cf9-4bdc-a656-0958e450cd77", "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
BLUE_MONDAY = recording(identifiers={"mbid": MBID})
KIEL = Subject(entity_type=EntityType.AREA, entity_id=ID, name="Kiel")
LIVERPOOL = "\t".join(
    (
        *("2644210", "Liverpool", "Liverpool", "Lerpwl,Ливерпуль", "53.41058", "-2.97794", "P", "PPLA2", "GB", ""),
        *("ENG", "H8", "", "", "496770", "", "23", "Europe/London", "2022-03-09"),
    )
)
MERSEY = LIVERPOOL.replace("\tP\tPPLA2", "\tH\tSTM")


def said(librarian: Librarian, path: Path) -> tuple[list[Document], list[Unread]]:
    parts = list(librarian.read(path))
    return [one for one in parts if isinstance(one, Document)], [one for one in parts if isinstance(one, Unread)]


def heard(*paths: Path) -> dict[str, str]:
    """What is known of Blue Monday by files of AcousticBrainz, asked and read as always."""
    documents = [one for path in paths for one in said(AcousticBrainzFiles(), path)[0]]
    ranked = sorted((one for one in documents if one.key == MBID), key=lambda one: one.rank)
    asker = LibraryAsker(AcousticBrainzFiles(), lambda _: ranked, files=lambda: ["dump abc"], now=lambda: NOW)
    question = only_question(AcousticBrainz(), BLUE_MONDAY)
    answer = asker.ask(question)
    assert answer.headers["library"] == "dump abc"
    return values(AcousticBrainz().read(question, answer))


def test_every_provider_with_a_library_has_a_librarian() -> None:
    assert all_librarians().keys() == {one.profile.name for one in all_providers() if one.profile.library}


@pytest.mark.parametrize("librarian", all_librarians().values(), ids=all_librarians())
def test_what_no_file_has_is_not_found(librarian: Librarian) -> None:
    provider = next(one for one in all_providers() if one.profile.name == librarian.provider)
    question = next(iter(provider.ask([BLUE_MONDAY, KIEL])))
    answer = LibraryAsker(librarian, lambda _: [], files=list, now=lambda: NOW).ask(question)
    assert provider.read(question, answer).outcome is Outcome.NOT_FOUND


def test_documents_of_a_dump_are_ranked_as_they_were_sent_in(tmp_path: Path) -> None:
    members = {
        f"acousticbrainz-lowlevel-json-20220623/lowlevel/1f/5/{MBID}-1.json": document(65.0),
        f"acousticbrainz-lowlevel-json-20220623/lowlevel/1f/5/{MBID}-0.json": document(130.0),
    }
    path = archive(tmp_path / "low.tar.zst", members)
    assert [(one.key, one.rank) for one in said(AcousticBrainzFiles(), path)[0]] == [(MBID, 1), (MBID, 0)]
    assert heard(path) == {"tempo_bpm": "130.0", "key": "D minor"}


def test_tables_of_rhythm_and_tonality_are_parts_of_one_document(tmp_path: Path) -> None:
    rhythm = table(RHYTHM, f"{MBID},0,130.5,130,130,65,65,1.1,4.2", f"{MBID},1,65.2,65,65,130,130,1.1,4.2")
    tonal = table(TONAL, f"{MBID},0,D,minor,440.1,0.1")
    packed = archive(tmp_path / "rhythm.tar.zst", {"x/features-rhythm.csv": rhythm})
    unpacked = tmp_path / "tonal.csv"
    unpacked.write_bytes(tonal)
    assert heard(packed, unpacked) == {"tempo_bpm": "130.5", "key": "D minor"}
    assert heard(unpacked) == {"key": "D minor"}


def test_a_real_document_is_read_from_an_archive_as_the_service_answered_it(shared_data: Path, tmp_path: Path) -> None:
    real = (shared_data / "providers" / "acousticbrainz" / "beets_high_low_merged.json").read_bytes()
    path = archive(tmp_path / "low.tar.zst", {f"low/{MBID}-0.json": real})
    (document,) = said(AcousticBrainzFiles(), path)[0]
    assert len(document.text) < len(real) / 10
    assert heard(path) == {"tempo_bpm": "162.532119751", "key": "A minor"}


def test_what_cannot_be_read_in_a_dump_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    members = {
        "a/readme.json": b"{}",
        f"a/{MBID}-0.json": b'{"rhythm": ',
        f"a/{MBID}-1.json": b"[1]",
        f"a/{MBID}-2.json": b"[" * 200_000,
        f"a/{MBID}-3.json": b"\xff\xfe",
        f"a/{OTHER}-0.json": document(),
        "a/COPYING": b"CC0",
        "a/none.csv": b"a,b\r\n1,2\r\n",
        "a/rhythm.csv": table(RHYTHM, "no,row", f"{MBID},-1,130,1,1,1,1,1,1", f"{MBID},0,130,1,1,1,1,1,1"),
    }
    documents, unread = said(AcousticBrainzFiles(), archive(tmp_path / "x.tar.zst", members))
    assert [one.key for one in documents] == [OTHER, MBID]
    assert [one.place for one in unread] == [
        *("a/readme.json", f"a/{MBID}-0.json", f"a/{MBID}-1.json", f"a/{MBID}-2.json", f"a/{MBID}-3.json"),
        *("a/none.csv", "a/rhythm.csv, line 2", "a/rhythm.csv, line 3"),
    ]


def test_a_dump_that_is_cut_off_or_none_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.tar.zst", {f"a/{MBID}-0.json": document() * 1000})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FatalError, match="damaged or cut off"):
        list(AcousticBrainzFiles().read(path))
    with pytest.raises(WrongUsageError, match="is a folder"):
        list(AcousticBrainzFiles().read(tmp_path))


@pytest.mark.parametrize("suffix", [".txt", ".zip"])
def test_a_city_is_found_by_each_of_its_names(tmp_path: Path, suffix: str) -> None:
    path, rows = tmp_path / f"cities{suffix}", "\n".join([LIVERPOOL, MERSEY, "no city"])
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("cities.txt", rows)
    else:
        path.write_text(rows, encoding="utf-8")
    documents, unread = said(GeoNamesFiles(), path)
    assert {one.key: one.rank for one in documents} == dict.fromkeys(("liverpool", "lerpwl", "ливерпуль"), -496_770)
    assert json.loads(documents[0].text)["latitude"] == "53.41058"
    assert [one.place for one in unread] == ["cities.txt, line 2", "cities.txt, line 3"]


def test_cities_of_the_package_are_as_they_are_there(tmp_path: Path) -> None:
    city = {"name": "Kiel", "latitude": 54.3, "longitude": 10.1, "alternatenames": ["Kiel", "Kilonia"]}
    path = tmp_path / "cities.json"
    path.write_text(json.dumps({"1": city, "2": None, "3": {}}), encoding="utf-8")
    documents, unread = said(GeoNamesFiles(), path)
    assert [(one.key, one.rank, json.loads(one.text)) for one in documents] == [("kiel", 0, city), ("kilonia", 0, city)]
    assert len(unread) == 2


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [
        ("cities.zip", b"PK\x03\x04 and no more", FatalError),
        ("cities.json", b'{"1": ', FatalError),
        ("cities.json", b"[]", WrongUsageError),
        ("cities.xml", b"<cities/>", WrongUsageError),
    ],
)
def test_what_is_no_file_of_cities_is_told(tmp_path: Path, name: str, body: bytes, error: type[Exception]) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(error, match="cities"):
        list(GeoNamesFiles().read(path))
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(WrongUsageError, match=r"it has no other\.txt"):
        list(GeoNamesFiles().read(other))


def test_track_lists_are_read_by_their_headings(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text(
        '\ufeffArtist,Track Title,Comment,BPM,Initial Key\n"New Order","Blue Monday",loud,130.0,7A\n,nobody,,1,\n\n',
        encoding="utf-8",
    )
    documents, unread = said(MixesDbFiles(), path)
    assert [(one.key, one.rank, json.loads(one.text)) for one in documents] == [
        ("new order\nblue monday", 2, {"artist": "New Order", "title": "Blue Monday", "bpm": "130.0", "key": "7A"})
    ]
    assert unread == [Unread(place="line 3", reason="no artist or no title")]
    for name, body in {"set.pdf": "x", "other.csv": "artist,title\nA,B\n", "none.csv": ""}.items():
        (tmp_path / name).write_text(body)
        with pytest.raises(WrongUsageError, match=name):
            list(MixesDbFiles().read(tmp_path / name))


def test_lyrics_are_known_by_their_names_or_their_tags(tmp_path: Path) -> None:
    (tmp_path / "New Order - Blue Monday.txt").write_text("words")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "01.lrc").write_text("[ar:New Order]\n[ti:True Faith]\n[length:05:53]\n[00:12.00]words")
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / "long.txt").write_text("x" * 300_000)
    (tmp_path / "cover.jpg").write_bytes(b"\xff")
    documents, unread = said(LyricsFiles(), tmp_path)
    told = {one.key: json.loads(one.text)["duration_ms"] for one in documents}
    assert told == {"new order\nblue monday": None, "new order\ntrue faith": 353_000}
    assert [one.place for one in unread] == ["long.txt", "notes.txt"]
    with pytest.raises(WrongUsageError, match="no folder"):
        list(LyricsFiles().read(tmp_path / "notes.txt"))


def test_a_folder_is_told_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    before = digest(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    assert digest(tmp_path) != before
    assert digest(tmp_path / "b.txt") == hashlib.sha256(b"words").hexdigest()
