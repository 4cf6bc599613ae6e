"""`liner evaluate matching`: how well the matcher does on records whose truth is known."""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from struct import iter_unpack

from linernotes.domain.evaluation import Accuracy, cluster_accuracy, count_pairs, pair_accuracy
from linernotes.domain.facts import TrackFacts, read_facts
from linernotes.domain.names import name_key
from linernotes.domain.repair import Repair, repair
from linernotes.domain.track_matching import match_tracks
from linernotes.ports.matching import Blocking, Dataset, Datasets, DatasetShape
from linernotes.ports.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingReport:
    """What an evaluation found."""

    records: int
    sources: int
    repairs: Mapping[str, Sequence[Repair]]
    """Rules that were switched on, by source."""
    pairs: int
    """Pairs that were compared."""
    completeness: float
    """Share of the true pairs that were compared, 0.0 to 1.0."""
    pairwise: Accuracy
    clusters: Accuracy
    cpu_seconds: Mapping[str, float]
    """By step."""
    peak_mb: float
    """Memory of the whole process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingEvaluation:
    """Measures the matcher."""

    datasets: Datasets
    blocking: Blocking
    this_year: int
    cpu_time: Callable[[], float]
    peak_mb: Callable[[], float]
    progress: Progress

    def run(self, shape: DatasetShape) -> MatchingReport:
        """Match a data set's records without looking at the truth, then compare.

        Raises:
            WrongUsageError: The file is not there, or lacks a column.
            FatalError: It cannot be read.
        """
        began = self.cpu_time()
        self.progress.step(f"reading {shape.path.name}")
        dataset = self.datasets.read(shape)
        repairs, tracks, truth = repair_tracks(dataset, this_year=self.this_year)
        repaired = self.cpu_time()
        self.progress.step(f"looking for candidates among {len(tracks):,} records")
        candidates = self._candidates(tracks)
        blocked = self.cpu_time()
        self.progress.step(f"comparing {len(candidates) // 2:,} pairs")
        match = match_tracks(tracks, iter_unpack("2I", candidates))
        matched = self.cpu_time()
        compared = sum(truth[one] == truth[other] for one, other in match.scores.pairs())
        true_pairs = count_pairs(Counter(truth).values())
        return MatchingReport(
            records=len(tracks),
            sources=len(dataset.columns),
            repairs=repairs,
            pairs=len(match.scores),
            completeness=compared / true_pairs if true_pairs else 1.0,
            pairwise=pair_accuracy(match.clusters, truth),
            clusters=cluster_accuracy(match.clusters, truth),
            cpu_seconds={
                "read and repair": repaired - began,
                "candidates": blocked - repaired,
                "compare and decide": matched - blocked,
            },
            peak_mb=self.peak_mb(),
        )

    def _candidates(self, tracks: Sequence[TrackFacts]) -> "array[int]":
        """One track and the other, pair after pair: 8 bytes each, and the blocking's memory is free again."""
        pairs = array("I")
        for pair in self.blocking.candidates([track.text for track in tracks], [track.source for track in tracks]):
            pairs.extend(pair)
        return pairs


def repair_tracks(dataset: Dataset, *, this_year: int) -> tuple[dict[str, list[Repair]], list[TrackFacts], list[str]]:
    """The tracks of all sources, in an order that the data set's has no part in, with the truth about each.

    Returns:
        The repairs that were done, by source; the tracks; what each of them is. The data set's values are used up.
    """
    repairs: dict[str, list[Repair]] = {}
    tracks: list[TrackFacts] = []
    truth: list[str] = []
    own = {source: _known_names(columns) for source, columns in dataset.columns.items()}
    for source in sorted(dataset.columns):
        others = [names for other, names in own.items() if other != source]
        known = {field: frozenset().union(*(names[field] for names in others)) for field in ("artist", "album")}
        columns = dataset.columns[source]
        repairs[source] = repair(columns, known, dataset.order)
        own_tracks = read_facts(source, columns, this_year=this_year)
        columns.clear()  # nothing else is needed of them
        order = sorted(range(len(own_tracks)), key=lambda at: "\0".join(map(str, own_tracks[at])))
        tracks += (own_tracks[at] for at in order)
        truth += (dataset.truth[source][at] for at in order)
    return repairs, tracks, truth


def _known_names(columns: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Text keys of artists and albums."""
    return {field: frozenset(map(name_key, set(columns[field]) - {""})) for field in ("artist", "album")}
