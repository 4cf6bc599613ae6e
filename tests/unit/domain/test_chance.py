from math import log

import pytest

from linernotes.domain.chance import Chance
from linernotes.domain.facts import TrackFacts

SHORT = TrackFacts("a", "x", "", "", 200.0, 7, 1999, "greek")
LONG = TrackFacts("b", "a long title", "somebody", "", 200.5, 7, 1999, "gre")
CROWD = [
    TrackFacts("c", f"a long title {at}", "", "", 102.5 + 5 * at, 1 + at % 5, 2000 + at % 3, "english")
    for at in range(100)
]


def pairs(one: TrackFacts, other: TrackFacts) -> list[tuple[int, int, float]]:
    return list(Chance([one, other, *CROWD]).pairs())


def about(score: float) -> object:
    """What equals each number near the score, also within a tuple."""
    return pytest.approx(score)


def test_track_without_text_is_told_by_numbers_that_agree() -> None:
    expected = log(102 / 2) - log(102) + log(102 / 2) + log(102 / 2) + log(102 / 2)
    assert pairs(SHORT, LONG) == [(0, 1, about(expected))]
    assert pairs(LONG, SHORT) == [(0, 1, about(expected))]


def test_records_are_found_by_their_lengths_wherever_they_stand() -> None:
    lengths = [900.0, 200.0, 600.0, 500.0, 100.0, 400.0, 300.0, 700.0, 800.0]
    others = [LONG._replace(length_s=length, year=None) for length in lengths]
    assert [(one, other) for one, other, _ in Chance([*CROWD, *others, SHORT]).pairs()] == [(101, 109)]


def test_a_length_alone_may_be_rare_enough() -> None:
    crowd = [track._replace(number=7) for track in CROWD]
    both = [track._replace(year=None, language="") for track in (SHORT, LONG)]
    assert [(one, other) for one, other, _ in Chance([*crowd, *both]).pairs()] == [(100, 101)]


def test_a_length_of_seconds_is_found_among_many_records() -> None:
    seconds = [track._replace(number=9, length_s=1.5) for track in (SHORT, LONG)]
    assert [(one, other) for one, other, _ in Chance([*CROWD, *seconds]).pairs()] == [(100, 101)]


@pytest.mark.parametrize(
    "other",
    [
        LONG._replace(number=8),
        LONG._replace(length_s=201.06),
        LONG._replace(source="a"),
        LONG._replace(number=None),
    ],
)
def test_track_of_another_number_or_length_is_not_proposed(other: TrackFacts) -> None:
    assert pairs(SHORT, other) == []


def test_other_year_or_language_speaks_against_a_pair() -> None:
    same = pairs(SHORT, LONG)[0][2]
    assert pairs(SHORT, LONG._replace(year=2005))[0][2] < same - 3
    assert pairs(SHORT, LONG._replace(language="english"))[0][2] < same - 3


def test_unknown_values_say_nothing() -> None:
    without = LONG._replace(year=None, language="", length_s=None)
    assert pairs(SHORT, without) == [(0, 1, about(log(102 / 2) - log(102)))]


def test_track_without_length_is_told_by_the_rest() -> None:
    expected = log(102 / 2) - log(102) + log(102 / 2) + log(102 / 2)
    assert pairs(SHORT._replace(length_s=None), LONG) == [(0, 1, about(expected))]
    assert pairs(SHORT, LONG._replace(length_s=None)) == [(0, 1, about(expected))]


def test_many_of_the_same_numbers_are_not_proposed_to_each_other() -> None:
    same = [SHORT._replace(source=source) for source in "ab" * 100]
    assert list(Chance(same).pairs()) == []
    assert list(Chance([record._replace(length_s=None) for record in same]).pairs()) == []


def test_common_values_prove_nothing() -> None:
    common = LONG._replace(year=None, language="", length_s=None, number=1)
    assert all(score < -3 for _, _, score in pairs(SHORT._replace(number=1), common))


def test_track_with_text_is_left_to_its_text() -> None:
    assert pairs(SHORT._replace(title="abcdef"), LONG) == []
    assert len(pairs(SHORT._replace(title="abc de"), LONG)) == 1


def test_signs_are_no_text() -> None:
    assert len(pairs(SHORT._replace(title='"" (, , , )', album="- ."), LONG)) == 1


def test_two_short_tracks_are_proposed_from_both_sides() -> None:
    found = pairs(SHORT, LONG._replace(title="y", artist=""))
    assert [(one, other) for one, other, _ in found] == [(0, 1), (0, 1)]


def test_lengths_that_differ_by_the_limit_are_two() -> None:
    assert pairs(SHORT._replace(length_s=1.05), LONG._replace(length_s=2.1)) == []
    assert len(pairs(SHORT._replace(length_s=1.05), LONG._replace(length_s=2.09))) == 1
