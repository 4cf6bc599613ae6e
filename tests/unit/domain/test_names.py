import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linernotes.domain.names import DiscogsName, is_various, name_key, parse_discogs_name

any_text = st.text(st.characters(codec=None))
odd_text = st.text(st.sampled_from(list("ab.&'! (2)\t\x07\x1f\u0301\u3099かйøæßΣﷺ’´\u200d\ud800א😀ƀ")))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("AC/DC", "ac dc"),
        ("Björk", "bjork"),
        ("Bjo\u0308rk", "bjork"),
        ("Sigur Rós", "sigur ros"),
        ("Ágætis Byrjun", "agaetis byrjun"),
        ("Antonín Dvořák", "antonin dvorak"),
        ("Mø", "mo"),
        ("Łona", "lona"),
        ("Þórir", "thorir"),
        ("Straße", "strasse"),
        ("Εύα", "ευα"),
        ("坂本龍一", "坂本龍一"),
        ("はっぴいえんど", "はっぴいえんど"),
        ("ガ", "ガ"),
        ("カ\u3099", "ガ"),
        ("ｶﾞ", "ガ"),
        ("Цой", "цой"),
        ("أم كلثوم", "أم كلثوم"),
        ("뉴진스", "뉴진스"),
        ("หมอลำ", unicodedata.normalize("NFC", unicodedata.normalize("NFKD", "หมอลำ"))),
    ],
)
def test_key_keeps_letters_and_loses_western_accents(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("M.I.A.", "MIA"),
        ("R.E.M", "R.E.M."),
        ("É.S.T.", "EST"),
        ("St.Vincent", "St. Vincent"),
        ("J.S.Bach", "J.S. Bach"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Simon＆Garfunkel", "Simon And Garfunkel"),
        ("D’Angelo", "D'Angelo"),
        ("D´Angelo", "D`Angelo"),
        ("Sinéad O\u02bcConnor", "Sinead O'Connor"),
        ("Godspeed You! Black Emperor", "Godspeed You Black Emperor!"),
        ("Earth, Wind & Fire", "Earth Wind And Fire"),
        ("  The\tBeatles ", "the beatles"),
        ("The\xa0Beatles", "The Beatles"),
        ("The Beatles\x1f\x07", "The Beatles"),
        ("M\u200bI\u00adA", "MIA"),
        ("Björk\ud800", "Bjork"),
        ("Ｂｊöｒｋ", "Björk"),
        ("Ǽon", "aeon"),
        ('Twelve 12"', "Twelve 12″"),
    ],
)
def test_spellings_of_one_name_share_a_key(name: str, other: str) -> None:
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Air", "Ayr"),
        ("カ", "ガ"),
        ("Цои", "Цой"),
        ("The Band", "Band"),
        ("Nirvana", "Nirvana (2)"),
        ("M I A", "M.I.A."),
        ("!!!", "!"),
        ("+", "-"),
        ("Кино", "Kino"),
        ("का", "क"),
    ],
)
def test_different_names_have_different_keys(name: str, other: str) -> None:
    assert name_key(name) != name_key(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("!!!", "!!!"),
        ("+", "+"),
        ("( )", "( )"),
        ("†††", "†††"),
        ("❤\ufe0f", "❤"),
        ("’", "’"),
        ("…", "..."),
        ("\x07!\x07", "!"),
    ],
)
def test_name_of_symbols_alone_keeps_them(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize("name", ["", " ", "\x07\x1f", "\u200b", "\ud800", "\u0301"])
def test_name_without_a_visible_character_has_no_key(name: str) -> None:
    assert name_key(name) == ""


@given(any_text | odd_text)
@example("'\u0301.a")
@example(".\u02bc\u0301")
@example("a\x1b.a.")
def test_key_of_a_key_is_that_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(any_text | odd_text)
def test_key_has_single_spaces_and_no_case_and_is_not_much_longer_than_its_name(name: str) -> None:
    key = name_key(name)
    assert key == " ".join(key.split())
    assert key == key.casefold()
    assert len(key) <= 18 * len(name)
    key.encode("utf-8")


@given(st.text(st.sampled_from(list("ab.&'`! _\t\r\x1f")), max_size=12))
def test_plain_text_folds_as_it_does_beside_a_foreign_letter(name: str) -> None:
    assert name_key(f"{name} ガ") == " ".join(
        [*([name_key(name)] if name_key(f"a{name}a") and has_word(name) else []), "ガ"]
    )


def has_word(name: str) -> bool:
    return any(character in "ab&" for character in name)


@pytest.mark.parametrize(("marks", "kept"), [(40, 40), (999, 999), (1_000, 30)])
def test_run_of_marks_is_cut_to_thirty_in_long_texts_only(marks: int, kept: int) -> None:
    assert name_key("ж" + "\u0301" * marks) == "ж" + "\u0301" * kept


def test_run_of_several_marks_is_one_run() -> None:
    assert name_key("ж" + "\u0301\u0316" * 600) == "ж" + "\u0316" * 15 + "\u0301" * 15


def test_long_text_keeps_all_its_letters() -> None:
    assert name_key("ж" * 1_001 + "\u0301") == "ж" * 1_001 + "\u0301"


@pytest.mark.parametrize("unit", ["a.b.", "\u0301\u0316", "&", "(2)", "😀\u200d", "か\u3099\u0323", "אָ", " ", "\x07é"])
def test_a_megabyte_of_anything_is_folded_in_little_time(unit: str) -> None:
    name = unit * (1_000_000 // len(unit))
    started = time.process_time()
    name_key(name)
    parse_discogs_name(name)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("name", "display_name", "number"),
    [
        ("Nirvana (2)", "Nirvana", 2),
        ("John Williams (4)", "John Williams", 4),
        ("Nirvana (10)", "Nirvana", 10),
        ("Nirvana (1)", "Nirvana (1)", None),
        ("Nirvana (02)", "Nirvana (02)", None),
        ("Nirvana (0)", "Nirvana (0)", None),
        ("Nirvana(2)", "Nirvana(2)", None),
        ("Nirvana  (2)", "Nirvana", 2),
        ("Band , The", "The Band", None),
        ("Nirvana (2) ", "Nirvana", 2),
        ("Nirvana (999999)", "Nirvana", 999_999),
        ("Nirvana (1000000)", "Nirvana (1000000)", None),
        ("Nirvana (²)", "Nirvana (²)", None),
        ("Nirvana (2) (3)", "Nirvana (2)", 3),
        ("Sunn O)))", "Sunn O)))", None),
        ("Blaze (Kevin Hedge)", "Blaze (Kevin Hedge)", None),
        ("(2)", "(2)", None),
        (" (2)", "(2)", None),
        ("The, The", "The The", None),
        ("Band, The (2)", "The Band", 2),
        (", The", ", The", None),
        ("Delano, Alexi", "Delano, Alexi", None),
        ("坂本龍一 (2)", "坂本龍一", 2),
        ("", "", None),
    ],
)
def test_discogs_name_is_split_from_its_number(name: str, display_name: str, number: int | None) -> None:
    assert parse_discogs_name(name) == DiscogsName(display_name, number)


@given(any_text)
def test_discogs_number_is_at_least_two_and_never_leaves_an_empty_name(name: str) -> None:
    parsed = parse_discogs_name(name)
    assert parsed.homonym_number is None or 2 <= parsed.homonym_number <= 999_999
    assert bool(parsed.display_name) == bool(name.strip())


@given(any_text.filter(lambda text: text.strip() and not text.strip().endswith(", The")), st.integers(2, 999_999))
def test_number_put_behind_a_name_is_found_again(name: str, number: int) -> None:
    assert parse_discogs_name(f"{name} ({number})") == DiscogsName(name.strip(), number)


@pytest.mark.parametrize("name", ["Various", "Various Artists", "VA", "V.A.", "V/A", "V. A.", "various artists"])
def test_name_says_various_where_there_is_no_id(name: str) -> None:
    assert is_various(name)


@pytest.mark.parametrize("record_id", ["194", "89ad4ac3-39f7-470e-963a-56509c546377"])
def test_known_id_says_various_under_any_name(record_id: str) -> None:
    assert is_various("Verschiedene", record_id)


@pytest.mark.parametrize(
    ("name", "record_id"), [("Various", "195"), ("Vanilla", None), ("", None), ("Unknown Artist", "355")]
)
def test_others_are_not_various(name: str, record_id: str | None) -> None:
    assert not is_various(name, record_id)
