"""Whether two values of one field say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.comparison import Agreement, Kind, compare

SAME, ALIKE, DIFFERENT = Agreement


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        (Kind.IDENTIFIER, "DEXYZ1400001", "DEXYZ1400001", SAME),
        (Kind.IDENTIFIER, "DEXYZ1400001", "dexyz1400001", DIFFERENT),
        (Kind.TEXT, "Drum & Bass", "drum and bass", SAME),
        (Kind.TEXT, "Techno", "House", DIFFERENT),
        (Kind.TEMPO, "128", "128.0", SAME),
        (Kind.TEMPO, "128", "129.2", SAME),
        (Kind.TEMPO, "128", "129.3", DIFFERENT),
        (Kind.TEMPO, "174", "87", ALIKE),
        (Kind.TEMPO, "87", "174", ALIKE),
        (Kind.TEMPO, "128", "0", DIFFERENT),
        (Kind.TEMPO, "fast", "128", DIFFERENT),
        (Kind.KEY, "F# minor", "Gbm", SAME),
        (Kind.KEY, "8A", "Am", SAME),
        (Kind.KEY, "11B", "A", SAME),
        (Kind.KEY, "A minor", "C major", ALIKE),
        (Kind.KEY, "10A", "1A", DIFFERENT),
        (Kind.KEY, "11A", "1A", DIFFERENT),
        (Kind.KEY, "A minor", "A major", DIFFERENT),
        (Kind.KEY, "H", "B", DIFFERENT),
        (Kind.KEY, "B", "H", DIFFERENT),
        (Kind.DATE, "1999-03-00", "1999-03", SAME),
        (Kind.DATE, "1999", "1999-03-05", ALIKE),
        (Kind.DATE, "1999-04", "1999-03-05", DIFFERENT),
        (Kind.DATE, "1999", "unknown", DIFFERENT),
        (Kind.DATE, "unknown", "1999", DIFFERENT),
        (Kind.POINT, "54.3227,10.1356", "54.3233,10.1228", SAME),
        (Kind.POINT, "54.32,10.13", "54.32,10.40", ALIKE),
        (Kind.POINT, "54.32,10.13", "54.32,10.60", DIFFERENT),
        (Kind.POINT, "0,0", "90,0", DIFFERENT),
        (Kind.POINT, "0,0", "0.2,0", ALIKE),
        (Kind.POINT, "0,0", "0.3,0", DIFFERENT),
        (Kind.POINT, "0,0", "0,180", DIFFERENT),
        (Kind.POINT, "54.32", "54.32,10.13", DIFFERENT),
        (Kind.POINT, "here,there", "54.32,10.13", DIFFERENT),
        (Kind.OPEN, "1200", "1300", ALIKE),
    ],
)
def test_values_agree_as_their_kind_says(kind: Kind, one: str, other: str, expected: Agreement) -> None:
    assert compare(kind, one, other) is expected
    assert compare(kind, other, one) is expected


@given(st.sampled_from(Kind), st.text(max_size=12))
def test_every_value_says_the_same_as_itself(kind: Kind, value: str) -> None:
    assert compare(kind, value, value) is SAME


@given(st.sampled_from(Kind), st.text("0123456789.,-?ABm# ", max_size=8), st.text("0123456789.,-?ABm# ", max_size=8))
def test_what_cannot_be_read_is_compared_all_the_same(kind: Kind, one: str, other: str) -> None:
    assert compare(kind, one, other) in Agreement
