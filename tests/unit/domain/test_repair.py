from typing import Any

import pytest

from linernotes.domain.repair import FIELDS, Repair, repair

NOTHING: dict[str, frozenset[str]] = {}


def columns(count: int = 10, **values: list[str]) -> dict[str, list[str]]:
    """Columns of ten rows; those not named are empty."""
    return {field: list(values.get(field, [""] * count)) for field in FIELDS}


def rules(done: list[Repair]) -> list[str]:
    return [one.rule for one in done]


WORDS = ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliet"]
OTHERS = ["Aria", "Blues", "Choral", "Dirge", "Elegy", "Fugue", "Gigue", "Hymn", "Intro", "Jig"]


def test_values_that_say_nothing_are_missing() -> None:
    found = columns(title=[" null ", "Unknown", "N/A", "unk.", "[unknown]", "null and void", "None", "Nil", "", "none"])
    assert repair(found, NOTHING) == []
    assert found["title"] == ["", "", "", "", "", "null and void", "", "Nil", "", ""]


def test_number_before_the_title_goes_where_it_is_a_habit() -> None:
    titles = [f"{at:03}-{word}" for at, word in enumerate(WORDS)]
    found = columns(title=[*titles[:9], "99 Luftballons"], number=[str(at) for at in range(10)])
    assert repair(found, NOTHING) == [Repair("the track's number stands before its title", 0.9, 9)]
    assert found["title"] == [*WORDS[:9], "99 Luftballons"]


def test_number_before_the_title_stays_where_it_is_none() -> None:
    titles = [f"{at}. {word}" for at, word in enumerate(WORDS[:3])] + WORDS[3:]
    found = columns(title=titles, number=[str(at) for at in range(10)])
    assert repair(found, NOTHING) == []
    assert found["title"] == titles


def test_another_number_before_the_title_shows_no_habit() -> None:
    found = columns(title=[f"7 {word}" for word in WORDS], number=["8"] * 10)
    assert repair(found, NOTHING) == []


def test_titles_without_a_number_show_no_habit() -> None:
    titles = [f"0. {word}" for word in WORDS]
    found = columns(title=list(titles), number=["7", *[""] * 9])
    assert repair(found, NOTHING) == []
    assert found["title"] == titles


def test_year_after_the_album_goes_to_the_year_where_there_is_none() -> None:
    albums = [f"{word} (1999)" for word in WORDS[:4]] + ["Echo (unknown)", "Foxtrot ()", *WORDS[6:]]
    found = columns(album=albums, year=["2001", *[""] * 9])
    assert repair(found, NOTHING) == [Repair("the year stands after the album", 0.4, 6)]
    assert found["album"] == WORDS
    assert found["year"] == ["2001", "1999", "1999", "1999", "", "", "", "", "", ""]


def test_year_in_few_albums_belongs_to_them() -> None:
    albums = [f"{word} (1999)" for word in WORDS[:3]] + WORDS[3:]
    found = columns(album=albums)
    assert repair(found, NOTHING) == []
    assert found["album"] == albums


@pytest.mark.parametrize("shape", ["{} ({})", "{} - {}"])
def test_album_after_the_title_goes(shape: str) -> None:
    titles = [shape.format(word, other) for word, other in zip(WORDS, OTHERS, strict=True)]
    found = columns(title=titles, album=list(OTHERS))
    assert rules(repair(found, NOTHING)) == ["the album stands after the title"]
    assert found["title"] == WORDS


def test_album_after_the_title_may_hold_brackets_and_errors() -> None:
    titles = ["Song (live) (Great Hits (1990))", *[f"{word} ({word} and more)" for word in WORDS[1:]]]
    found = columns(title=titles, album=["Great Hit (1990)", *[f"{word} nad more" for word in WORDS[1:]]])
    repair(found, NOTHING)
    assert found["title"] == ["Song (live)", *WORDS[1:]]


def test_title_that_is_its_album_stays() -> None:
    titles = [f" - {word}" for word in WORDS[:5]] + [f"({word})" for word in WORDS[5:]]
    found = columns(title=titles, album=list(WORDS))
    assert repair(found, NOTHING) == []


@pytest.mark.parametrize("title", ["I (Who Have Nothing)", "(I (Who Have Nothing))", "I - Who Have Nothing"])
def test_title_that_is_its_album_is_not_cut_within(title: str) -> None:
    found = columns(
        title=[title, *[f"{word} ({word})" for word in WORDS[1:]]], album=["I (Who Have Nothing)", *WORDS[1:]]
    )
    repair(found, NOTHING)
    assert found["title"] == [title, *WORDS[1:]]


def test_title_without_album_keeps_its_brackets() -> None:
    titles = [f"{word} ({other})" for word, other in zip(WORDS, OTHERS, strict=True)]
    found = columns(title=list(titles), album=[*OTHERS[:6], "", "", "", "Something else"])
    repair(found, NOTHING)
    assert found["title"] == [*WORDS[:6], *titles[6:]]


@pytest.mark.parametrize(
    ("field", "side", "artist_or_album"), [("artist", "before", WORDS), ("album", "after", OTHERS)]
)
def test_field_that_a_source_leaves_empty_is_taken_from_the_title(field: str, side: str, artist_or_album: Any) -> None:
    found = columns(title=[f"{word} - {other}" for word, other in zip(WORDS, OTHERS, strict=True)])
    known = {field: {artist_or_album[0].casefold()}}
    assert repair(found, known) == [Repair(f"the {field} stands {side} the title", 0.1, 10)]
    assert found[field] == artist_or_album
    assert found["title"] == (OTHERS if field == "artist" else WORDS)


def test_title_with_several_dashes_is_cut_at_the_outer_one() -> None:
    found = columns(title=["One - Two - Three", *[f"{word} - {word}x" for word in WORDS[1:]]])
    repair(found, {"artist": {word.casefold() for word in WORDS}})
    assert (found["artist"][0], found["title"][0]) == ("One", "Two - Three")


@pytest.mark.parametrize("known", [set[str](), {"alpha", "aria"}, {"alpha", "bravo", "aria", "blues", "choral"}])
def test_title_is_left_whole_where_the_dictionary_is_not_sure(known: set[str]) -> None:
    titles = [f"{word} - {other}" for word, other in zip(WORDS, OTHERS, strict=True)]
    found = columns(title=list(titles))
    assert repair(found, {"artist": known}) == []
    assert found["title"] == titles


def test_title_is_left_whole_where_most_rows_have_an_artist() -> None:
    titles = [f"{word} - {other}" for word, other in zip(WORDS, OTHERS, strict=True)]
    found = columns(title=list(titles), artist=["", "", "", *["Someone"] * 7])
    assert repair(found, {"artist": {word.casefold() for word in WORDS}}) == []


def test_row_whose_values_stand_a_column_too_far_is_put_back() -> None:
    count = 200
    found = columns(
        count,
        title=[f"Song about {word}" for word in WORDS * 20],
        artist=["The Band"] * count,
        album=["Album, Vol. 1"] * count,
        length=["04:46"] * count,
        number=["7"] * count,
        year=["1999"] * count,
        language=["English"] * count,
    )
    good = {field: values[0] for field, values in found.items()}
    order = ("number", "title", "length", "artist", "album", "year", "language")
    for field, wrong in zip(order, (order[-1], *order[:-1]), strict=True):
        found[field][0] = "" if field == "number" else good[wrong]
    done = repair(found, NOTHING, order)
    assert done[0] == Repair("values of a row stand in the wrong columns", 1 / count, 1)
    assert {field: values[0] for field, values in found.items()} == good | {"language": ""}


def test_row_that_is_only_unusual_stays() -> None:
    found = columns(title=["Song"] * 9 + ["1979"], album=["Album"] * 10, year=["1999"] * 10)
    assert repair(found, NOTHING) == []


def test_sources_of_no_rows_need_no_repair() -> None:
    assert repair(columns(0), NOTHING) == []
