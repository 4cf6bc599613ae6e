import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.harmony import harmonic_level, key_from_spotify, parse_key, shift_key, to_open_key

WHEEL = [f"{number}{mode}" for number in range(1, 13) for mode in "AB"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" 08a ", "8A"),
        ("12B", "12B"),
        ("13B", None),
        ("0A", None),
        ("012A", None),
        ("12d", "7B"),
        ("02m", "9A"),
        ("13m", None),
        ("C", "8B"),
        ("C major", "8B"),
        ("C-dur", None),
        ("C dur", "8B"),
        ("Cb", "1B"),
        ("C♭", "1B"),
        ("C sharp min", "12A"),
        ("Csharp", "3B"),
        ("a", None),
        ("c#m", None),
        ("H", None),
        ("CM", None),
        ("", None),
        (None, None),
    ],
)
def test_key_is_read_in_any_notation(text: str | None, key: str | None) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize("key", WHEEL)
def test_open_key_name_is_read_as_the_key_it_was_made_from(key: str) -> None:
    assert parse_key(to_open_key(key)) == key


@pytest.mark.parametrize(
    ("key", "mode", "camelot"),
    [
        (9, 0, "8A"),
        (0, 1, "8B"),
        (11, 0, "10A"),
        (-1, 1, None),
        (12, 1, None),
        (0, 2, None),
        (0, -1, None),
        (0, None, None),
        (None, 1, None),
    ],
)
def test_spotify_key_is_known_only_within_its_range(key: int | None, mode: int | None, camelot: str | None) -> None:
    assert key_from_spotify(key, mode) == camelot


@pytest.mark.parametrize(
    ("following", "level"),
    [
        ("8A", 3),
        ("9A", 2),
        ("7A", 2),
        ("8B", 2),
        ("10A", 1),
        ("3A", 1),
        ("11B", 1),
        ("9B", 1),
        ("7B", 1),
        ("6A", 0),
        ("1A", 0),
        ("5B", 0),
        ("2A", 0),
        ("10B", 0),
    ],
)
def test_what_can_follow_a_minor(following: str, level: int) -> None:
    assert harmonic_level("8A", following) == level


@pytest.mark.parametrize(("following", "level"), [("5A", 1), ("11A", 0), ("8A", 2), ("9A", 1), ("7A", 1), ("7B", 2)])
def test_what_can_follow_c_major(following: str, level: int) -> None:
    assert harmonic_level("8B", following) == level


@given(st.sampled_from(WHEEL), st.sampled_from(WHEEL), st.integers(-24, 24))
def test_two_keys_mix_as_well_after_both_are_shifted(key: str, following: str, semitones: int) -> None:
    assert harmonic_level(shift_key(key, semitones), shift_key(following, semitones)) == harmonic_level(key, following)


@pytest.mark.parametrize(("semitones", "key"), [(1, "3A"), (-1, "1A"), (2, "10A"), (0, "8A"), (12, "8A")])
def test_a_semitone_is_seven_steps_of_the_wheel(semitones: int, key: str) -> None:
    assert shift_key("8A", semitones) == key
