import math

import pytest

from linernotes.domain.tempo import AGREEMENT_TOLERANCE, parse_bpm, relate_bpm


@pytest.mark.parametrize(
    ("value", "bpm"),
    [
        ("128", 128.0),
        (" 99.5 ", 99.5),
        (20, 20.0),
        (19.99, None),
        (400, 400.0),
        (400.01, None),
        (0, None),
        (math.nan, None),
        (math.inf, None),
        ("nan", None),
        ("fast", None),
        ("", None),
        (None, None),
    ],
)
def test_tempo_is_between_20_and_400_or_unknown(value: str | float | None, bpm: float | None) -> None:
    assert parse_bpm(value) == bpm


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (100, 100, (1.0, 0.0)),
        (100, 94, (1.0, 0.06)),
        (100, 93.9, None),
        (87, 174, (2.0, 0.0)),
        (128, 65, (0.5, 0.0156)),
        (100, 0, None),
        (0, 100, None),
        (100, 150, None),
    ],
)
def test_tempos_relate_within_six_percent_of_a_ratio(
    one: float, other: float, relation: tuple[float, float] | None
) -> None:
    assert relate_bpm(one, other) == relation


def test_tempos_agree_within_one_percent() -> None:
    assert relate_bpm(100, 101, AGREEMENT_TOLERANCE) == (1.0, 0.01)
    assert relate_bpm(100, 101.1, AGREEMENT_TOLERANCE) is None
