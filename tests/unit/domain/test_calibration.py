"""How often people confirm what machines scored."""

from dataclasses import replace

import pytest

from linernotes.domain.calibration import Proposal, ScoreBin, bins_of, propose
from linernotes.domain.match_policy import SHIPPED
from tests.unit.domain.test_judgements import said

ARTIST = SHIPPED.entities["artist"]
"""Matches from 4.0, review from 0.5."""


def bins(*counts: tuple[int, int, int]) -> list[ScoreBin]:
    return [ScoreBin(lowest=lowest, same=same, different=different) for lowest, same, different in counts]


def test_judged_pairs_are_counted_by_score() -> None:
    judged = [
        replace(said(1, "same"), score=1.0),
        replace(said(2, "different"), score=1.99),
        replace(said(3, "same"), score=2.0),
        replace(said(4, "same"), score=-0.5),
        replace(said(8, "same"), score=-0.1),
        replace(said(5, "same"), score=None),
        replace(said(6, "new"), score=2.5),
        replace(said(7, "skip"), score=2.5),
    ]
    assert bins_of(judged) == bins((-1, 2, 0), (1, 1, 1), (2, 1, 1))
    assert [one.share for one in bins_of(judged)] == [1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("judged", "proposals"),
    [
        ([], []),
        ([(2, 19, 0)], []),  # too few
        (
            [(2, 20, 0)],
            [Proposal(limit="match", now=4.0, proposed=2.0, judgements=20, share=1.0)],
        ),
        ([(4, 20, 0)], []),  # as it is now
        ([(2, 99, 1)], [Proposal(limit="match", now=4.0, proposed=2.0, judgements=100, share=0.99)]),
        (
            [(1, 10, 10), (2, 50, 1), (3, 200, 0)],  # 250 of 251 from 2 on
            [Proposal(limit="match", now=4.0, proposed=2.0, judgements=251, share=250 / 251)],
        ),
        (
            [(0, 0, 30), (1, 0, 30), (2, 15, 15)],
            [Proposal(limit="review", now=0.5, proposed=2.0, judgements=60, share=0.0)],
        ),
        (
            [(0, 1, 49), (1, 30, 0)],  # 1 of 50
            [
                Proposal(limit="match", now=4.0, proposed=1.0, judgements=30, share=1.0),
                Proposal(limit="review", now=0.5, proposed=1.0, judgements=50, share=0.02),
            ],
        ),
        ([(0, 2, 48)], []),  # 1 of 25
    ],
)
def test_limits_are_proposed_where_enough_people_agree(
    judged: list[tuple[int, int, int]], proposals: list[Proposal]
) -> None:
    assert propose(bins(*judged), ARTIST) == proposals
