"""Dump files that are not what they should be: one clear line, the right exit status, and nothing lost."""

import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.contents import Contents, assert_same, read_contents
from tests.faults.liner import Finished, Home, python_path
from tests.faults.measured import PEAK
from tests.integration.small_dumps import FEBRUARY, JANUARY, document, release, write_month, zipped

RELEASES = document("releases", *FEBRUARY)
GOOD = zipped(RELEASES)
FAILED, WRONG_USAGE, NEEDS_A_PERSON = 1, 2, 3
PEAK_LIMIT_KIB = 400 << 10
MEASURED = (sys.executable, "-m", "tests.faults.measured")


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place:][1:]


def bomb(size_bytes: int) -> bytes:
    """Releases with 1 MB of notes each, which hardly take any room when compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    records = (release(number, "Bomb", f"<notes>{' ' * (1 << 20)}</notes>") for number in range(size_bytes >> 20))
    parts = [packer.compress(part.encode()) for part in ("<releases>", *records, "</releases>")]
    return b"".join([*parts, packer.flush()])


ENTITY_BOMB = "<!DOCTYPE releases [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def declared(declaration: str, entity: str) -> bytes:
    """A document that declares an entity, and a release that names it."""
    return zipped(f"{declaration}]>\n".encode() + document("releases", release(1, f"&{entity};")))


HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "XML truncated within a record": (zipped(RELEASES[:-300]), "ends before </releases>"),
    "XML truncated between records": (zipped(RELEASES.removesuffix(b"</releases>\n")), "ends before </releases>"),
    "gzip truncated": (GOOD[:-20], "ends in the middle of its gzip stream"),
    "gzip without its checksum": (GOOD[:-8], "ends in the middle of its gzip stream"),
    "wrong CRC": (flip(GOOD, len(GOOD) - 6), "is damaged"),
    "wrong length": (flip(GOOD, len(GOOD) - 2), "is damaged"),
    "garbage within": (flip(GOOD, len(GOOD) // 2), "is damaged"),
    "garbage after the end": (GOOD + b"garbage", "goes on after the end"),
    "something after the root": (zipped(RELEASES + b"<more/>"), "goes on after </releases>"),
    "a web page": (b"<!DOCTYPE html><html><body>Too many requests</body></html>", "is a web page"),
    "a compressed web page": (zipped(b"<html><body>Too many requests</body></html>"), "a web page"),
    "no gzip": (RELEASES, "not gzip-compressed"),
    "an empty file": (b"\n", "not gzip-compressed"),
    "a root of another dump": (zipped(document("artists")), "holds <artists>, not <releases>"),
    "no XML": (zipped(b"PK\x03\x04 a spreadsheet, perhaps"), "ends before its root element begins"),
    "an external entity": (declared("<!DOCTYPE releases [<!ENTITY x SYSTEM 'file:///etc/passwd'>", "x"), "refused"),
    "an entity bomb": (declared(ENTITY_BOMB, "j"), "refused"),
    "a gzip bomb": (bomb(300 << 20), "inflates"),
    "a record without end": (
        zipped(b'<releases>\n<release id="1"><notes>' + b"blah " * (4 << 20)),
        "a record of more than",
    ),
}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that holds a good month."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    loaded = home.run("pull", "discogs", "--from", str(write_month(home.path.parent / "dumps", "20260101", JANUARY)))
    assert loaded.status == 0, loaded
    return home


@pytest.fixture(scope="module")
def february(january: Home, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What it holds after another good month."""
    folder = tmp_path_factory.mktemp("february")
    home = january.copy(folder / "home")
    loaded = home.run("pull", "discogs", "--from", str(write_month(folder / "dumps", "20260201", FEBRUARY)))
    assert loaded.status == 0, loaded
    return kept(read_contents(home.path))


def kept(contents: Contents) -> Contents:
    """What must not depend on a failure in between: all but the count of retries."""
    return {name: table for name, table in contents.items() if name != "ledger.dump"}


def only_rows(contents: Contents) -> Contents:
    """Bronze without the hashes of whole files."""
    return {name: table for name, table in contents.items() if name.startswith("bronze.") and "_hash" not in name}


def check_error(finished: Finished, status: int, words: str) -> None:
    """One line, and no more, that says what is wrong."""
    assert finished.status == status, str(finished)
    assert finished.error.startswith("liner: "), str(finished)
    assert finished.error.count("\n") == 0, str(finished)
    assert words in finished.error, str(finished)


@pytest.mark.proves("A damaged or hostile file ends in one clear line and loses nothing")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_one_line_and_loses_nothing(january: Home, name: str, tmp_path: Path) -> None:
    content, words = HOSTILE[name]
    home = january.copy(tmp_path / "home")
    before = kept(read_contents(home.path))
    folder = write_month(tmp_path / "dumps", "20260201", FEBRUARY, other={"releases": content})
    check_error(home.run("pull", "discogs", "--from", str(folder)), FAILED, words)
    after = read_contents(home.path)
    assert [table for table, rows in before.items() if rows.rows - after[table].rows] == []
    assert (folder / "discogs_20260201_releases.xml.gz").read_bytes() == content


@pytest.mark.parametrize("name", ["gzip truncated", "a web page", "an entity bomb"])
def test_after_a_hostile_file_a_good_one_is_loaded_as_if_nothing_had_been(
    january: Home, february: Contents, name: str, tmp_path: Path
) -> None:
    home, folder = january.copy(tmp_path / "home"), tmp_path / "dumps"
    write_month(folder, "20260201", FEBRUARY, other={"releases": HOSTILE[name][0]})
    home.run("pull", "discogs", "--from", str(folder))
    again = home.run("pull", "discogs", "--from", str(write_month(folder, "20260201", FEBRUARY)))
    assert again.status == 0, again
    assert_same(kept(read_contents(home.path)), february)


@pytest.mark.parametrize("name", ["an entity bomb", "a gzip bomb", "a record without end"])
def test_a_bomb_takes_no_memory_to_speak_of(january: Home, name: str, tmp_path: Path) -> None:
    peak = tmp_path / "peak"
    folder = write_month(tmp_path / "dumps", "20260201", FEBRUARY, other={"releases": HOSTILE[name][0]})
    home = january.copy(tmp_path / "home")
    home.run(
        "pull", "discogs", "--from", str(folder), env={PEAK: str(peak), "PYTHONPATH": python_path()}, program=MEASURED
    )
    assert int(peak.read_text()) < PEAK_LIMIT_KIB


# Single records


BAD_RECORDS: Mapping[str, tuple[bytes, str, str | None]] = {
    "invalid UTF-8": (release(9, "Caf#").encode().replace(b"#", b"\xe9"), "invalid_utf8", "9"),
    "not well-formed": (release(9, "Rock & Roll").encode(), "not_well_formed", "9"),
    "a lost end tag": (release(9, "Lost").replace("</title>", "").encode(), "not_well_formed", "9"),
    "an unknown entity": (release(9, "&unknown;").encode(), "not_well_formed", "9"),
    "a declaration within": (release(9, "<!DOCTYPE x>").encode(), "declaration_refused", "9"),
    "an id twice": (release(1, "Impostor").encode(), "duplicate_record", "1"),
    "no id": (release(9, "Nobody").replace(' id="9"', "").encode(), "missing_id", None),
    "an id in words": (release(9, "Nine").replace(' id="9"', ' id="nine"').encode(), "invalid_id", None),
    "an id too large for any machine": (
        release(9, "Many").replace(' id="9"', f' id="{9**30}"').encode(),
        "invalid_id",
        None,
    ),
    "another kind of record": (b"<artist><id>9</id><name>Lost</name></artist>", "not_one_record", None),
}


@pytest.mark.proves("One bad record is set aside with its bytes and the reason; its neighbours are kept")
@pytest.mark.parametrize("name", BAD_RECORDS)
def test_one_bad_record_is_set_aside_and_its_neighbours_are_kept(
    january: Home, february: Contents, name: str, tmp_path: Path
) -> None:
    bad, reason, record_id = BAD_RECORDS[name]
    first, rest = RELEASES.split(b"\n" + FEBRUARY[1].encode(), 1)
    content = b"\n".join([first, bad, FEBRUARY[1].encode() + rest])
    home = january.copy(tmp_path / "home")
    folder = write_month(tmp_path / "dumps", "20260201", FEBRUARY, other={"releases": zipped(content)})
    pulled = home.run("pull", "discogs", "--from", str(folder))
    assert pulled.status == NEEDS_A_PERSON, pulled
    assert not pulled.error, pulled
    found = read_contents(home.path)
    ((_, entity, found_id, found_reason, _, body, _),) = found["ledger.quarantine"].rows
    assert (entity, found_id, found_reason, body.strip()) == ("release", record_id, reason, bad)
    assert_same(only_rows(found), only_rows(february))


def test_the_bytes_of_a_record_set_aside_are_shown(january: Home, tmp_path: Path) -> None:
    bad = BAD_RECORDS["invalid UTF-8"][0]
    home, folder = january.copy(tmp_path / "home"), tmp_path / "dumps"
    write_month(folder, "20260201", FEBRUARY, other={"releases": zipped(b"<releases>" + bad + b"</releases>")})
    home.run("pull", "discogs", "--from", str(folder), "--only", "releases")
    (record,) = home.run("quarantine", "list", "--json").document
    shown = home.run("quarantine", "show", record["quarantine_id"])
    assert (shown.status, "Caf\\xe9" in shown.stdout) == (0, True), shown


# What is wrong with a file as a whole, or with the folder


def test_a_file_with_too_many_bad_records_is_refused(january: Home, tmp_path: Path) -> None:
    bad = tuple(f'<release id="{number}"><title>Rock & Roll</title></release>' for number in range(10, 211))
    folder = write_month(tmp_path / "dumps", "20260201", (*FEBRUARY, *bad))
    home = january.copy(tmp_path / "home")
    check_error(home.run("pull", "discogs", "--from", str(folder)), FAILED, "201 of 205 records cannot be read")


def test_a_file_of_another_format_is_refused(january: Home, tmp_path: Path) -> None:
    changed = tuple(f'<release id="{number}"><heading>Blue</heading></release>' for number in range(10, 111))
    folder = write_month(tmp_path / "dumps", "20260201", (*FEBRUARY, *changed))
    home = january.copy(tmp_path / "home")
    check_error(home.run("pull", "discogs", "--from", str(folder)), FAILED, "stand where this version")


def test_a_file_that_contradicts_its_checksum_is_refused_and_left_alone(january: Home, tmp_path: Path) -> None:
    folder = write_month(tmp_path / "dumps", "20260201", FEBRUARY)
    (folder / "discogs_20260201_CHECKSUM.txt").write_text(f"{'0' * 64} *discogs_20260201_releases.xml.gz\n")
    home = january.copy(tmp_path / "home")
    check_error(home.run("pull", "discogs", "--from", str(folder)), FAILED, "its checksum file says 000000")
    assert (folder / "discogs_20260201_releases.xml.gz").read_bytes() == GOOD


@pytest.mark.parametrize(
    ("files", "words"),
    [(None, "cannot read the folder"), ((), "no dump files in"), (("notes.txt", "artists.xml.gz"), "no dump files in")],
)
def test_a_folder_without_dumps_is_wrong_usage(
    january: Home, tmp_path: Path, files: tuple[str, ...] | None, words: str
) -> None:
    folder = tmp_path / "dumps"
    for name in files or ():
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(GOOD)
    if files == ():
        folder.mkdir()
    home = january.copy(tmp_path / "home")
    check_error(home.run("pull", "discogs", "--from", str(folder)), WRONG_USAGE, words)


def test_a_folder_with_part_of_a_dump_is_wrong_usage_and_says_what_to_do(january: Home, tmp_path: Path) -> None:
    folder = write_month(tmp_path / "dumps", "20260201", FEBRUARY)
    (folder / "discogs_20260201_masters.xml.gz").unlink()
    home = january.copy(tmp_path / "home")
    words = "masters missing; to load what is there: --month 2026-02 --only labels,artists,releases"
    check_error(home.run("pull", "discogs", "--from", str(folder)), WRONG_USAGE, words)
