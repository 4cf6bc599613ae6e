"""How often people confirm what a machine scored, and which limits would follow from it. Limits are only proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from linernotes.domain.judgements import Answer, Judgement
from linernotes.domain.match_policy import EntityPolicy

ENOUGH = 20
"""Judgements below which nothing is proposed."""
SURE_ENOUGH, HOPELESS = 0.99, 0.02
"""Shares of confirmed pairs from which a machine may match, and to which nobody need look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBin:
    """Judged pairs whose scores lie from `lowest` up to, but not including, one more."""

    lowest: int
    same: int
    different: int

    @property
    def share(self) -> float:
        """Share that people confirmed, 0.0 to 1.0."""
        return self.same / (self.same + self.different)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A limit that the judgements speak for."""

    limit: str
    """`match` or `review`."""
    now: float
    proposed: float
    judgements: int
    share: float
    """Share of confirmed pairs on the side of the limit that it speaks of."""


def bins_of(judgements: Iterable[Judgement]) -> Sequence[ScoreBin]:
    """The pairs that people judged, by score, lowest first; those without a score are left out.

    Who says `new` says that not even the best candidate is the same.
    """
    counts: dict[int, list[int]] = {}
    for judgement in judgements:
        if judgement.score is not None and judgement.answer is not Answer.SKIP:
            counts.setdefault(floor(judgement.score), [0, 0])[judgement.answer is not Answer.SAME] += 1
    return [
        ScoreBin(lowest=lowest, same=same, different=different) for lowest, (same, different) in sorted(counts.items())
    ]


def propose(bins: Sequence[ScoreBin], policy: EntityPolicy) -> Sequence[Proposal]:
    """Limits that the judgements speak for, where they are not those in force.

    For matches the lowest above which nearly all pairs were confirmed, for review the highest below which hardly any.
    """
    above = [_reach("match", bins[at:], bins[at].lowest, policy.match_at) for at in range(len(bins))]
    below = [_reach("review", bins[: at + 1], bins[at].lowest + 1, policy.review_at) for at in range(len(bins))]
    sure = next((one for one in above if one and one.share >= SURE_ENOUGH), None)
    hopeless = next((one for one in reversed(below) if one and one.share <= HOPELESS), None)
    return [one for one in (sure, hopeless) if one and one.proposed != one.now]


def _reach(limit: str, bins: Sequence[ScoreBin], proposed: float, now: float) -> Proposal | None:
    same = sum(one.same for one in bins)
    judged = same + sum(one.different for one in bins)
    if judged < ENOUGH:
        return None
    return Proposal(limit=limit, now=now, proposed=float(proposed), judgements=judged, share=same / judged)
