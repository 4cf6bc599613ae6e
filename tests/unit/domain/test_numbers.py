"""Numbers that strangers send."""

import pytest

from linernotes.domain.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("9" * 15, 999_999_999_999_999),
        ("9" * 16, None),
        ("-5", None),
        ("1.5", None),
        ("\u0661\u0662", None),  # digits of another script
        ("\u00b2", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_has_up_to_15_digits_and_nothing_else(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number
