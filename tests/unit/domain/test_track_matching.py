from itertools import combinations
from math import log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linernotes.domain.facts import TrackFacts
from linernotes.domain.similarity import FIELD_FEATURES, TEXT_FEATURES
from linernotes.domain.track_matching import match_tracks

WORDS = ("river", "mountain", "garden", "silver", "thunder", "window", "candle", "harbour", "meadow", "lantern")
SOURCES = ("a", "b", "c")


def catalogue() -> list[TrackFacts]:
    """Forty tracks in three sources, the second with errors, the third without artists; one track without text."""
    tracks = []
    for number, (one, other) in enumerate(list(combinations(WORDS, 2))[:40]):
        title, artist, album = f"{one} over {other}", f"the {other}s of {one}", f"{one} {number}"
        length, year = 120.0 + 7 * number, 1970 + number
        tracks += [
            TrackFacts("a", title, artist, album, length, 1 + number % 12, year, "english"),
            TrackFacts("b", title[:-1] + "x", artist, album, length + 0.4, 1 + number % 12, year, "eng"),
            TrackFacts("c", title, "", album, length, 1 + number % 12, None, ""),
        ]
    tracks[0] = tracks[0]._replace(title="q", artist="", album="")
    return tracks


def all_pairs(tracks: list[TrackFacts]) -> list[tuple[int, int]]:
    places = range(len(tracks))
    return [(one, other) for one, other in combinations(places, 2) if tracks[one].source != tracks[other].source]


def test_tracks_are_found_in_the_other_sources_without_labels() -> None:
    tracks = catalogue()
    found = match_tracks(tracks, all_pairs(tracks))
    assert found.clusters == [[at, at + 1, at + 2] for at in range(0, 120, 3)]
    assert [model.features for model in found.models] == [FIELD_FEATURES, TEXT_FEATURES]


def test_every_candidate_has_a_score() -> None:
    tracks = catalogue()
    candidates = all_pairs(tracks)
    scores = match_tracks(tracks, candidates).scores
    assert list(scores.pairs()) == candidates
    assert scores.get(3, 4) > 0 > scores.get(3, 7)


def test_models_learn_how_many_candidates_match() -> None:
    tracks = catalogue()
    candidates = all_pairs(tracks)
    match_count = 3 * 40
    share = log((match_count + 1) / (len(candidates) - match_count + 1))
    assert [model.prior for model in match_tracks(tracks, candidates).models] == [pytest.approx(share, abs=1e-3)] * 2


def test_models_learn_that_common_text_speaks_for_a_match() -> None:
    tracks = catalogue()
    _, of_text = match_tracks(tracks, all_pairs(tracks)).models
    by_containment = of_text.by_level[0]
    assert len(by_containment) == 8
    assert by_containment[0] < by_containment[4] < by_containment[7]


def test_matches_are_told_also_where_nearly_all_candidates_match() -> None:
    tracks = catalogue()
    same = [(one, other) for one, other in all_pairs(tracks) if one // 3 == other // 3]
    found = match_tracks(tracks, sorted([*same, (0, 4), (30, 61)]))
    assert found.clusters == [[at, at + 1, at + 2] for at in range(0, 120, 3)]


def test_two_tracks_without_text_have_the_better_score_of_both_sides() -> None:
    one = TrackFacts("a", "x", "", "", 200.0, 7, None, "")
    other = TrackFacts("b", "y", "", "", 201.0, 7, None, "")
    beside = TrackFacts("c", "some other song", "", "", 202.0, 8, None, "")
    crowd = [beside, *(beside._replace(length_s=300.0 + 9 * at) for at in range(97))]
    number, length = log(100 / 2), log(100 / 2)
    score = number + length - log(100)
    assert match_tracks([one, other, *crowd], []).scores.get(0, 1) == pytest.approx(score)
    assert match_tracks([other, one, *crowd], []).scores.get(0, 1) == pytest.approx(score)


def test_track_without_text_is_found_though_nobody_proposed_it() -> None:
    tracks = catalogue()
    candidates = [pair for pair in all_pairs(tracks) if 0 not in pair]
    assert match_tracks(tracks, candidates).clusters[0] == [0, 1, 2]


def test_nothing_matches_in_an_empty_catalogue() -> None:
    assert match_tracks([], []).clusters == []


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_the_records_does_not_matter(random: Random) -> None:
    tracks = catalogue()
    order = list(range(len(tracks)))
    random.shuffle(order)
    shuffled = [tracks[at] for at in order]
    clusters = match_tracks(shuffled, all_pairs(shuffled)).clusters
    assert sorted(sorted(order[at] for at in records) for records in clusters) == [
        [at, at + 1, at + 2] for at in range(0, 120, 3)
    ]
