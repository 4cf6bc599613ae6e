"""Review sheets as spreadsheets write them."""

import csv
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import FatalError, WrongUsageError
from linernotes.ports.review import Candidate, ReviewItem, Row
from linernotes.sources.review_sheets import COLUMNS, CsvReviewSheets, defuse, restore

ITEM = UUID("a3a80bad-d22b-5238-be0a-48d88b4236c7")
SHEETS = CsvReviewSheets()


def item(name: str, *candidates: str, detail: str = "") -> ReviewItem:
    return ReviewItem(
        item_id=ITEM,
        version="123456789012",
        entity_type="artist",
        source="musicbrainz",
        source_id="ff95eb47-41c4-4f7f-a104-cdc30f02e872",
        name=name,
        detail=detail,
        downstream=6,
        candidates=tuple(
            Candidate(
                other_source="discogs",
                other_source_id=candidate,
                name=None,
                detail="0724384960650",
                basis="score",
                score=-1.5,
                pattern="6101",
            )
            for candidate in candidates
        ),
    )


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def answer(path: Path, **values: str) -> None:
    """Fill in the first line of a sheet, as a spreadsheet saves it."""
    header, first, *others = cells(path)
    filled = {**dict(zip(header, first, strict=True)), **values}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, list(filled.values()), *others])


def test_a_sheet_has_a_line_for_each_candidate(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    assert SHEETS.write(path, [item("Brian Eno", "57", "58")]) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem,version,")
    header, first, second = cells(path)
    assert tuple(header) == COLUMNS
    assert (first[0], first[4], second[4]) == (str(ITEM), "Brian Eno", "Brian Eno")


def test_cells_that_a_spreadsheet_would_run_or_turn_into_numbers_are_defused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    SHEETS.write(path, [item("=cmd|' /C calc'!A0", "57", detail="@SUM(1)")])
    (line,) = cells(path)[1:]
    shown = dict(zip(COLUMNS, line, strict=True))
    assert (shown["name"], shown["detail"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1)")
    assert (shown["candidate"], shown["candidate_detail"], shown["score"]) == ("'57", "'0724384960650", "'-1.50")
    assert shown["version"] == "'123456789012"


def test_what_a_person_filled_in_is_read_and_other_lines_are_no_answers(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    SHEETS.write(path, [item("Brian Eno", "57", "58")])
    answer(path, judgement=" Same ", note="'=1+1")
    assert SHEETS.read(path) == [
        Row(line=2, item=str(ITEM), version="123456789012", candidate="57", answer="same", chosen="", note="=1+1")
    ]


def test_ids_are_read_with_and_without_the_apostrophe_that_a_spreadsheet_drops(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    SHEETS.write(path, [item("Brian Eno", "57")])
    answer(path, candidate="57", version="123456789012", judgement="same", chosen="'57")
    (row,) = SHEETS.read(path)
    assert (row.candidate, row.version, row.chosen) == ("57", "123456789012", "57")


@given(st.text())
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    assert restore(defuse(cell)) == cell


@given(st.text(min_size=1))
def test_no_cell_begins_with_what_is_run(cell: str) -> None:
    assert defuse(cell)[0] not in "=+-@＝＋－＠\t\r\n"


@pytest.mark.parametrize("cell", ["0724384960650", "1999-03-01", "12:30", "1e5", "3,5", "57", "GBAYE8000123"])
def test_numbers_dates_and_times_stay_text(cell: str) -> None:
    assert defuse(cell) == (cell if cell.startswith("GB") else f"'{cell}")


def test_ten_thousand_lines_with_hostile_names_come_back(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    name = 'a "quoted",\r\nname\twith\nlines'
    assert SHEETS.write(path, [item(name, *map(str, range(10_000)))]) == 10_000
    assert {line[4] for line in cells(path)[1:]} == {name}
    assert SHEETS.read(path) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"item,version\n", "has no column candidate, judgement, chosen, note; `liner review export` writes them"),
        (b"", "has no column item, version"),
    ],
)
def test_a_sheet_without_its_columns_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(WrongUsageError, match=message):
        SHEETS.read(path)


def test_a_sheet_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(",".join(COLUMNS).encode() + b"\n\xff\xfe\n")
    with pytest.raises(FatalError, match="is not CSV in UTF-8"):
        SHEETS.read(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_is_read_as_spreadsheets_of_any_country_save_it(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "sheet.csv"
    SHEETS.write(path, [item("Crosby, Stills; Nash", "57")])
    answer(path, judgement="same", note="a, b; c\td")
    lines = cells(path)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    (row,) = SHEETS.read(path)
    assert (row.candidate, row.answer, row.note) == ("57", "same", "a, b; c\td")


def test_answers_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    SHEETS.write(path, [item("Brian Eno", "57")])
    SHEETS.write(path, [item("Brian Eno", "57", "58")])
    answer(path, judgement="same")
    before = path.read_bytes()
    with pytest.raises(WrongUsageError, match="holds 1 judgements; `liner review import` it, or name another file"):
        SHEETS.write(path, [item("Brian Eno", "57")])
    assert path.read_bytes() == before
    other = tmp_path / "collection.csv"
    other.write_text("artist,title\n", encoding="utf-8")
    with pytest.raises(WrongUsageError, match="has no column item"):
        SHEETS.write(other, [])


def test_a_short_line_has_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("item,version,judgement,candidate,chosen,note\nx,y,new\n", encoding="utf-8")
    (row,) = SHEETS.read(path)
    assert (row.item, row.answer, row.candidate, row.note) == ("x", "new", "", "")


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="cannot open"):
        SHEETS.read(tmp_path / "none.csv")
    with pytest.raises(FatalError, match="cannot write"):
        SHEETS.write(tmp_path / "none" / "sheet.csv", [])
