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
BLUE = [
    "All I Want",
    "My Old Man",
    "Little Green",
    "Carey",
    "Blue",
    "California",
    "This Flight Tonight",
    "River",
    "A Case of You",
    "The Last Time I Saw Richard",
]


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


def test_zeros_before_a_number_do_not_matter() -> None:
    found = columns(
        title=[f"{at}. {title}" for at, title in enumerate(BLUE, 1)], number=[f"{at:02}" for at in range(1, 11)]
    )
    assert repair(found, NOTHING) == [Repair("the track's number stands before its title", 1.0, 10)]
    assert found["title"] == BLUE


def test_rows_without_a_number_say_nothing_about_the_habit() -> None:
    found = columns(title=["1. All I Want", "2. My Old Man", *BLUE[2:]], number=["1", "2", *[""] * 8])
    assert repair(found, NOTHING) == [Repair("the track's number stands before its title", 1.0, 2)]
    assert found["title"] == BLUE


@pytest.mark.parametrize(("before", "number"), [("7. ", "8"), ("7. ", "A7"), ("7. ", "X7"), ("7 ", "7")])
def test_another_number_before_the_title_shows_no_habit(before: str, number: str) -> None:
    found = columns(title=[f"{before}{word}" for word in WORDS], number=[number] * 10)
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


def test_rows_without_an_album_say_nothing_about_its_year() -> None:
    found = columns(album=["Blue (1971)", "Hejira (1976)", *[""] * 8])
    assert repair(found, NOTHING) == [Repair("the year stands after the album", 1.0, 2)]
    assert (found["album"][:3], found["year"][:3]) == (["Blue", "Hejira", ""], ["1971", "1976", ""])


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


@pytest.mark.parametrize(
    ("title", "album", "alone"),
    [
        ("RIVER (BLUE)", "Blue", "RIVER"),
        ("River (Bloe)", "Blue", "River"),
        ("River (Blow)", "Blue", "River (Blow)"),
        ("River (Live)", "Blue", "River (Live)"),
        ("River (Live) (Blue)", "Blue", "River (Live)"),
        ("7 - Love Symbol", "Love Symbol", "7"),
        ("7 (Love Symbol)", "Love Symbol", "7"),
        ("Concerto No. 4 - Winter - The Four Seasons", "The Four Seasons", "Concerto No. 4 - Winter"),
        ("Let It Be - Past Masters (Volume Two)", "Past Masters (Volume Two)", "Let It Be"),
        ("Let It Be (live) (Past Master (Volume 2))", "Past Masters (Volume Two)", "Let It Be (live)"),
        ("Blue", "Blue", "Blue"),
        ("Untitled ()", "", "Untitled ()"),
    ],
)
def test_title_ends_where_it_begins_to_repeat_its_album(title: str, album: str, alone: str) -> None:
    habit = [f"{word} ({other})" for word, other in zip(WORDS, OTHERS, strict=True)]
    found = columns(11, title=[title, *habit], album=[album, *OTHERS])
    repair(found, NOTHING)
    assert found["title"] == [alone, *WORDS]


def test_album_after_few_titles_belongs_to_them() -> None:
    titles = [f"{title} (Blue)" for title in BLUE[:3]] + BLUE[3:]
    found = columns(title=titles, album=["Blue"] * 10)
    assert repair(found, NOTHING) == []
    assert found["title"] == titles


def test_only_rows_with_title_and_album_say_whether_it_is_repeated() -> None:
    found = columns(title=["River (Blue)", "Carey (Blue)", "", "", "", *BLUE[5:]], album=["Blue"] * 6 + [""] * 4)
    assert repair(found, NOTHING) == [Repair("the album stands after the title", 2 / 3, 2)]
    assert found["title"] == ["River", "Carey", "", "", "", *BLUE[5:]]


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


@pytest.mark.parametrize(
    ("field", "part", "rest"), [("artist", "Vivaldi", "Winter - Largo"), ("album", "Largo", "Vivaldi - Winter")]
)
def test_title_with_several_dashes_is_cut_at_the_outer_one(field: str, part: str, rest: str) -> None:
    found = columns(title=["Vivaldi - Winter - Largo"] * 10)
    repair(found, {field: {part.casefold()}})
    assert (found[field], found["title"]) == ([part] * 10, [rest] * 10)


@pytest.mark.parametrize(
    ("known", "side"), [({"alpha", "bravo", "aria"}, "before"), ({"alpha", "aria", "blues"}, "after")]
)
def test_twice_as_many_names_on_one_side_decide(known: set[str], side: str) -> None:
    found = columns(title=[f"{word} - {other}" for word, other in zip(WORDS, OTHERS, strict=True)])
    assert repair(found, {"artist": known}) == [Repair(f"the artist stands {side} the title", 0.2, 10)]


@pytest.mark.parametrize(("known", "others", "is_cut"), [(2, 23, False), (3, 22, True)])
def test_few_known_names_may_be_a_coincidence(known: int, others: int, is_cut: bool) -> None:
    titles = ["Joni Mitchell - River"] * known + ["Nobody - Nothing"] * others
    found = columns(25, title=titles)
    assert bool(repair(found, {"artist": {"joni mitchell"}})) == is_cut


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


@pytest.mark.parametrize(
    ("title", "artist"),
    [("Hells Bells", "AC/DC"), ("22", "U2"), ("17", "1349"), ("Opus No. 1", "Sinfonia da Camera")],
)
def test_swapped_values_are_told_by_their_shape(title: str, artist: str) -> None:
    found = columns(100, title=[artist, artist] + [title] * 98, artist=[title, title] + [artist] * 98)
    done = repair(found, NOTHING, ("title", "artist"))
    assert done == [Repair("values of a row stand in the wrong columns", 0.02, 2)]
    assert (found["title"], found["artist"]) == ([title] * 100, [artist] * 100)


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("River", "Björk"),
        ("1979", "10538"),
        ("Opus No. 1", "Quartet No. Three"),
        (
            "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
            "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch 58",
        ),
    ],
)
def test_values_that_begin_alike_are_not_told_apart(title: str, artist: str) -> None:
    found = columns(100, title=[artist] + [title] * 99, artist=[title] + [artist] * 99)
    assert repair(found, NOTHING, ("title", "artist")) == []


@pytest.mark.parametrize(("others", "is_put_back"), [(51, False), (52, True)])
def test_row_is_put_back_where_enough_others_speak_against_it(others: int, is_put_back: bool) -> None:
    words = (WORDS * 6)[:others]
    found = columns(others + 1, number=["", *["7"] * others], title=["7", *words], year=["River", *["1971"] * others])
    repair(found, NOTHING, ("number", "title", "year"))
    assert (found["number"][0], found["title"][0]) == (("7", "River") if is_put_back else ("", "7"))


def test_row_that_is_only_unusual_stays() -> None:
    found = columns(title=["Song"] * 9 + ["1979"], album=["Album"] * 10, year=["1999"] * 10)
    assert repair(found, NOTHING) == []


@pytest.mark.parametrize(
    ("short", "order"), [("number", ("title",)), ("year", ("title",)), ("album", ("title",)), ("language", FIELDS)]
)
def test_columns_of_unequal_length_are_refused(short: str, order: tuple[str, ...]) -> None:
    found = columns(title=[f"{word} (1999)" for word in WORDS])
    found[short].pop()
    with pytest.raises(ValueError, match=r"shorter|longer"):
        repair(found, NOTHING, order)


def test_sources_of_no_rows_need_no_repair() -> None:
    assert repair(columns(0), NOTHING) == []
