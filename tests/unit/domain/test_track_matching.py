from itertools import combinations
from random import Random

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
