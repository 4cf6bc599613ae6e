import pytest

from linernotes.domain.facts import TrackFacts, read_facts
from linernotes.domain.repair import FIELDS


def facts(count: int = 1, **values: list[str]) -> list[TrackFacts]:
    columns = {field: list(values.get(field, [""] * count)) for field in FIELDS}
    return read_facts("s", columns, this_year=2026)


def test_texts_become_keys() -> None:
    (track,) = facts(title=["Für Elise"], artist=["Guns N' Roses"], album=["A/B"], language=["Eng."])
    assert track == TrackFacts("s", "fur elise", "guns n roses", "a b", None, None, None, "eng")
    assert (track.text, track.words) == ("gunsnrosesabfurelise", "guns n roses a b fur elise")


def test_columns_of_different_lengths_are_not_read() -> None:
    with pytest.raises(ValueError, match="shorter"):
        facts(2, title=["Help!", "Yesterday"], album=["Help!"])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("04:46", 286.0),
        ("1m 58sec", 118.0),
        ("2min 5s", 125.0),
        ("7.322", 439.32),
        ("2. 967", 178.02),
        ("219", 219.0),
        ("0", None),
        ("", None),
        ("long", None),
        ("²", None),
        ("9" * 5_000, None),
    ],
)
def test_length_is_read_in_every_notation(value: str, seconds: float | None) -> None:
    assert facts(length=[value])[0].length_s == seconds


def test_whole_numbers_are_milliseconds_where_the_median_says_so() -> None:
    assert [track.length_s for track in facts(3, length=["321266", "7000", "0"])] == [321.266, 7.0, None]
    assert [track.length_s for track in facts(3, length=["6000", "6000", "6000"])] == [6000.0] * 3
    assert [track.length_s for track in facts(1, length=["6001"])] == [6.001]


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", 7), ("007", 7), ("0", None), ("A3", None), ("", None), ("²", None), ("٣", None), ("9" * 5_000, None)],
)
def test_number_is_digits(value: str, number: int | None) -> None:
    assert facts(number=[value])[0].number == number


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("1999", 1999),
        ("'98", 1998),
        ("19 98", 1998),
        ("26", 2026),
        ("27", 1927),
        ("5", 2005),
        ("1880", 1880),
        ("1879", None),
        ("2027", 2027),
        ("2028", None),
        ("199", None),
        ("20001", None),
        ("", None),
    ],
)
def test_year_of_two_digits_is_the_last_one_that_has_been(value: str, year: int | None) -> None:
    assert facts(year=[value])[0].year == year
