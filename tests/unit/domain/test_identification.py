"""How surely an answer is about what was asked for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.identification import Described, identified, searched

ASKED = Described(name="Blue Monday", artist="New Order", duration_ms=448_000)
TEXTS = st.none() | st.text(max_size=8)
DESCRIBED = st.builds(Described, name=TEXTS, artist=TEXTS, duration_ms=st.none() | st.integers(0, 10**7))


@pytest.mark.parametrize(
    ("told", "by_identifier", "by_search"),
    [
        (Described(name="Blue Monday", artist="New Order", duration_ms=448_000), 1.0, 1.0),
        (Described(name="Blue Monday (2016 Remaster)", artist="new order", duration_ms=451_000), 1.0, 1.0),
        (Described(name="Blue Monday", artist="New Order", duration_ms=451_001), 1.0, 0.9),
        (Described(name="Blue Monday", artist="New Order", duration_ms=458_000), 1.0, 0.9),
        (Described(name="Blue Monday", artist="New Order", duration_ms=458_001), 0.5, 0.0),
        (Described(name="Blue Monday", artist="New Order"), 1.0, 0.95),
        (Described(name="Blue Mondays", artist="New Order", duration_ms=448_000), 1.0, 0.9565),
        (Described(name="Blue Monday", artist="New Order feat. Hot Chip", duration_ms=448_000), 1.0, 0.9),
        (Described(name="Blue Monday (Hardfloor Mix)", artist="New Order", duration_ms=448_000), 0.5, 0.0),
        (Described(name="True Faith", artist="New Order", duration_ms=448_000), 0.5, 0.0),
        (Described(name="Blue Monday", artist="Orgy", duration_ms=448_000), 0.5, 0.0),
        (Described(name="Blue Monday", artist="Orgy", duration_ms=266_000), 0.25, 0.0),
        (Described(name="Alright", artist="Orgy", duration_ms=266_000), 0.125, 0.0),
        (Described(name="Blue Monday"), 1.0, 0.95),
        (Described(name="Blue Mondooo", artist="New Order", duration_ms=448_000), 0.5, 0.0),
        (Described(artist="New Order", duration_ms=448_000), 1.0, 0.0),
        (Described(), 1.0, 0.0),
    ],
)
def test_what_is_told_is_held_against_what_was_asked_for(
    told: Described, by_identifier: float, by_search: float
) -> None:
    assert identified(ASKED, told) == by_identifier
    assert searched(ASKED, told) == by_search


def test_names_are_alike_from_85_of_100_letters_on() -> None:
    one, other = "abcdefghijklmnopqrst", "abcdefghijklmnopqxyz"
    assert searched(Described(name=one), Described(name=other)) == 0.8075
    assert searched(Described(name=one, artist=one), Described(name=one, artist=other)) == 0.855


def test_what_nobody_described_cannot_be_searched_for() -> None:
    assert searched(Described(), ASKED) == 0.0


@pytest.mark.parametrize("match", [identified, searched])
@given(one=DESCRIBED, other=DESCRIBED)
def test_a_match_is_a_share_whoever_is_asked(
    match: Callable[[Described, Described], float], one: Described, other: Described
) -> None:
    assert 0.0 <= match(one, other) <= 1.0
    assert match(one, other) == match(other, one)
