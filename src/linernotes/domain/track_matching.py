"""Which tracks of several sources are one recording, decided from candidate pairs without any label.

Two models look at each pair: one field by field, one at the whole text. What one of them counts twice the other does
not, so the score is the mean of their log-odds. Tracks with hardly any text are told by their numbers instead.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from struct import iter_unpack

from linernotes.domain.chance import Chance
from linernotes.domain.clusters import PairScores, cluster
from linernotes.domain.facts import TrackFacts
from linernotes.domain.matching import LIKELY, UNLIKELY, Levels, Pattern, Weights, fit, score_pair
from linernotes.domain.similarity import (
    FIELD_FEATURES,
    TEXT_FEATURES,
    TextWeights,
    compare_fields,
    containment_level,
    grams,
    is_likely,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackMatch:
    """What came of matching."""

    clusters: list[list[int]]
    """Places of records that are one recording, single ones included."""
    scores: PairScores
    models: tuple[Weights, ...]
    """Field by field, and of the whole text."""


def match_tracks(tracks: Sequence[TrackFacts], candidates: Iterable[tuple[int, int]]) -> TrackMatch:
    """Decide which tracks are one recording, at most one of each source.

    Args:
        tracks: The tracks of all sources.
        candidates: Pairs of their places that may match, in order, the smaller first.
    """
    pairs = _ComparedPairs(tracks, candidates)
    models = fit((FIELD_FEATURES, TEXT_FEATURES), pairs.patterns())
    scores = pairs.score(models, _by_chance(tracks))
    return TrackMatch(clusters=cluster([track.source for track in tracks], scores), scores=scores, models=models)


class _ComparedPairs:
    """Candidate pairs with their levels, each distinct combination of levels kept once."""

    def __init__(self, tracks: Sequence[TrackFacts], candidates: Iterable[tuple[int, int]]) -> None:
        self._numbers: dict[tuple[Levels, ...], int] = {}
        self._track_count = len(tracks)
        # One track, the other, and the number of their levels, pair after pair.
        self._pairs = array("I")
        weights = TextWeights(track.text for track in tracks)
        for first, pairs in groupby(candidates, key=itemgetter(0)):
            one = tracks[first]
            own = grams(one.text)
            own_weight = weights.weight(own)
            for _, second in pairs:
                other = tracks[second]
                theirs = grams(other.text)
                fields = compare_fields(one, other)
                shared, smaller = weights.weight(own & theirs), min(own_weight, weights.weight(theirs))
                text = (containment_level(shared, smaller), *fields[-len(TEXT_FEATURES) + 1 :])
                number = self._numbers.setdefault((fields, text), len(self._numbers))
                self._pairs.extend((first, second, number))

    def patterns(self) -> dict[tuple[Levels, ...], Pattern]:
        """The pairs by their levels, with a first guess of how many of each match."""
        counts = Counter(number for *_, number in self._numbered())
        return {
            (fields, text): Pattern(counts[number], counts[number] * (LIKELY if is_likely(text) else UNLIKELY))
            for (fields, text), number in self._numbers.items()
        }

    def score(self, models: Sequence[Weights], by_chance: Mapping[tuple[int, int], float]) -> PairScores:
        """The better of what the models and chance say of each pair."""
        by_number = [score_pair(models, levels) for levels in self._numbers]
        compared = ((one, other, by_number[number]) for one, other, number in self._numbered())
        chances = ((*pair, score) for pair, score in sorted(by_chance.items()))
        scores = PairScores(self._track_count)
        for (one, other), found in groupby(merge(compared, chances), key=itemgetter(0, 1)):
            scores.add(one, other, max(score for *_, score in found))
        scores.close()
        return scores

    def _numbered(self) -> Iterator[tuple[int, int, int]]:
        return iter_unpack("3I", self._pairs)


def _by_chance(tracks: Sequence[TrackFacts]) -> dict[tuple[int, int], float]:
    scores: dict[tuple[int, int], float] = {}
    for one, other, score in Chance(tracks).pairs():
        scores[one, other] = max(score, scores.get((one, other), score))
    return scores
