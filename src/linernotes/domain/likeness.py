"""How alike two names or titles are, as levels of a matching policy; both are text keys (`names.name_key`)."""

from rapidfuzz import fuzz

ALIKE_PERCENT = 85.0
"""From here on two keys are taken for spellings of one name: `jesper dahlback` and `jesper dahlbeck` are at 93."""
OTHER_NAME, OTHER_SCRIPT, NAME_ALIKE, SAME_WORDS = range(4)
"""Levels of names that are not the same."""
OTHER_TITLE, TITLE_ALIKE, SAME_TITLE = range(3)


def name_level(one: str, other: str) -> int:
    """Level of two names that differ; names in different scripts say nothing for or against each other."""
    if sorted(one.split()) == sorted(other.split()):
        return SAME_WORDS
    if fuzz.ratio(one, other) >= ALIKE_PERCENT or fuzz.token_sort_ratio(one, other) >= ALIKE_PERCENT:
        return NAME_ALIKE
    return OTHER_NAME if one.isascii() == other.isascii() else OTHER_SCRIPT


def title_level(one: str, other: str) -> int:
    """Level of two titles."""
    if one == other:
        return SAME_TITLE
    return TITLE_ALIKE if fuzz.ratio(one, other) >= ALIKE_PERCENT else OTHER_TITLE
