import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.credits import credited_name, join_discogs, join_musicbrainz, join_phrase

any_text = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("join", "phrase"),
    [
        (",", ", "),
        ("&", " & "),
        ("Feat.", " Feat. "),
        (" And ", " And "),
        ("; ", "; "),
        (", Conducting The", ", Conducting The "),
        ("", ", "),
        (None, ", "),
        (" ", ", "),
    ],
)
def test_join_phrase_has_its_spaces(join: str | None, phrase: str) -> None:
    assert join_phrase(join) == phrase


@pytest.mark.parametrize(
    ("name", "variation", "credited"),
    [
        ("Nirvana (2)", None, "Nirvana"),
        ("Nirvana (2)", "", "Nirvana"),
        ("Ryuichi Sakamoto", "坂本龍一", "坂本龍一"),
        ("Band, The", None, "The Band"),
        ("X", "Ex (2)", "Ex (2)"),
    ],
)
def test_name_variation_is_credited_as_printed_and_a_name_without_its_number(
    name: str, variation: str | None, credited: str
) -> None:
    assert credited_name(name, variation) == credited


def test_artists_are_joined_into_one_line() -> None:
    artists: list[dict[str, str | None]] = [
        {"name": "Stan Getz", "anv": None, "join": "/"},
        {"name": "João Gilberto", "anv": "", "join": "Featuring"},
        {"name": "Antonio Carlos Jobim", "anv": "A.C. Jobim", "join": None},
    ]
    assert join_discogs(artists) == "Stan Getz / João Gilberto Featuring A.C. Jobim"


@pytest.mark.parametrize("join", ["", ",", "&", None])
def test_last_join_leads_nowhere(join: str | None) -> None:
    assert join_discogs([{"name": "Prince", "join": "And"}, {"name": "The Revolution", "join": join}]) == (
        "Prince And The Revolution"
    )


def test_no_artists_give_an_empty_line() -> None:
    assert join_discogs([]) == ""


def test_artist_without_a_name_leaves_the_others() -> None:
    assert join_discogs([{"name": None, "anv": None, "join": "&"}, {"name": "Nico", "join": None}]) == " & Nico"


@given(st.lists(st.fixed_dictionaries({"name": any_text, "anv": any_text | st.none(), "join": any_text | st.none()})))
def test_every_credited_name_is_in_the_line(artists: list[dict[str, str | None]]) -> None:
    line = join_discogs(artists)
    assert all(credited_name(artist["name"] or "", artist["anv"]) in line for artist in artists)


def test_musicbrainz_join_phrases_have_their_spaces() -> None:
    assert join_musicbrainz([{"name": "A", "joinphrase": " & "}, {"name": "B", "joinphrase": "!"}]) == "A & B!"
    assert join_musicbrainz([]) == ""
