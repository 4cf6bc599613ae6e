import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.dates import PartialDate, are_compatible, parse_partial_date


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("1966", 1966, None, None),
        ("1999-00-00", 1999, None, None),
        ("1999-03", 1999, 3, None),
        ("1999-03-00", 1999, 3, None),
        ("1959-08-17", 1959, 8, 17),
        ("1959-8-7", 1959, 8, 7),
        (" 1959-08-17 ", 1959, 8, 17),
        ("1959-08-17 12:00:00", 1959, 8, 17),
        ("1959-08-17T12:00:00Z", 1959, 8, 17),
        ("????-12-25", None, 12, 25),
        ("????-02-29", None, 2, 29),
        ("0000-12-25", None, 12, 25),
        ("1999-??-??", 1999, None, None),
        ("1999-12-??", 1999, 12, None),
        ("1999-12-31", 1999, 12, 31),
        ("1999-13-01", 1999, None, None),
        ("1999-00-05", 1999, None, None),
        ("2024-02-29", 2024, 2, 29),
        ("2023-02-29", 2023, 2, None),
        ("1999-04-31", 1999, 4, None),
        ("1000", 1000, None, None),
        ("2999", 2999, None, None),
    ],
)
def test_known_parts_are_read_and_no_part_is_made_up(
    text: str, year: int | None, month: int | None, day: int | None
) -> None:
    assert parse_partial_date(text) == PartialDate(year, month, day)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "0000",
        "????",
        "0000-00-00",
        "????-00-25",
        "0001-01-01",
        "0999",
        "3000",
        "9999-12-31",
        "199",
        "19990",
        "1999-",
        "1999-123",
        "1999-01-01x",
        "March 1999",
        "05/03/1999",
        "19990305",
        "١٩٩٩",
        "-1999",
    ],
)
def test_text_without_a_known_part_is_no_date(text: str | None) -> None:
    assert parse_partial_date(text) is None


@given(st.text(st.characters(codec=None)) | st.text(st.sampled_from("0129?-T ")) | st.dates().map(str))
def test_any_text_gives_a_possible_date_or_none(text: str) -> None:
    parsed = parse_partial_date(text)
    assert parsed is None or (
        (parsed.year or parsed.month)
        and 1000 <= (parsed.year or 1000) <= 2999
        and 1 <= (parsed.month or 1) <= 12
        and 1 <= (parsed.day or 1) <= 31
        and (parsed.month or not parsed.day)
    )


@given(st.dates().filter(lambda date: 1000 <= date.year <= 2999))
def test_whole_date_is_read_whole(date: object) -> None:
    parsed = parse_partial_date(str(date))
    assert parsed
    assert f"{parsed.year:04}-{parsed.month:02}-{parsed.day:02}" == str(date)


@pytest.mark.parametrize(
    ("one", "other", "compatible"),
    [
        ((1999, None, None), (1999, 3, 5), True),
        ((None, 12, 25), (1999, None, None), True),
        ((1999, 3, None), (1999, 4, 5), False),
        ((1999, 3, 5), (1999, 3, 6), False),
        ((1999, 3, 5), (1999, 3, 5), True),
    ],
)
def test_dates_are_compatible_unless_a_part_known_of_both_differs(
    one: tuple[int | None, ...], other: tuple[int | None, ...], compatible: bool
) -> None:
    assert are_compatible(one, other) is compatible


def test_date_without_a_place_for_each_part_is_not_compared() -> None:
    with pytest.raises(ValueError, match="longer"):
        are_compatible((1999, 3), (1999, 3, 5))
