"""How alike two names or titles are."""

import pytest

from linernotes.domain.likeness import (
    NAME_ALIKE,
    OTHER_NAME,
    OTHER_SCRIPT,
    OTHER_TITLE,
    SAME_TITLE,
    SAME_WORDS,
    TITLE_ALIKE,
    name_level,
    title_level,
)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("haruomi hosono", "hosono haruomi", SAME_WORDS),
        ("jesper dahlback", "jesper dahlbeck", NAME_ALIKE),
        ("the velvet underground", "velvet underground", NAME_ALIKE),
        ("dahlback jesper", "jesper dahlbeck", NAME_ALIKE),
        ("cari lekebusch", "alexi delano", OTHER_NAME),
        ("坂本龍一", "細野晴臣", OTHER_NAME),
        ("坂本龍一", "ryuichi sakamoto", OTHER_SCRIPT),
        ("ryuichi sakamoto", "坂本龍一", OTHER_SCRIPT),
        ("abcdefghijklmnopqrst", "abcdefghijklmnopqxyz", NAME_ALIKE),  # 17 of 20 letters: exactly at the limit
        ("abcdefghijklmnopqrst", "abcdefghijklmnopwxyz", OTHER_NAME),
        ("aaaa bbbbbbbbbbbbbbb", "zzza bbbbbbbbbbbbbbb", NAME_ALIKE),  # at the limit as they stand
        ("bbbbbbbbbbbbbbb aaaa", "azzz bbbbbbbbbbbbbbb", NAME_ALIKE),  # at the limit with their words in order
    ],
)
def test_names_are_alike_by_words_spelling_or_script(one: str, other: str, level: int) -> None:
    assert name_level(one, other) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("remain in light", "remain in light", SAME_TITLE),
        ("remain in light", "remain in the light", TITLE_ALIKE),
        ("abcdefghijklmnopqrst", "abcdefghijklmnopqxyz", TITLE_ALIKE),
        ("abcdefghijklmnopqrst", "abcdefghijklmnopwxyz", OTHER_TITLE),
        ("debut", "post", OTHER_TITLE),
    ],
)
def test_titles_are_alike_by_spelling(one: str, other: str, level: int) -> None:
    assert title_level(one, other) == level
