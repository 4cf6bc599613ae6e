"""The order in which records and sources come has no part in which of them are one track."""

from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from linernotes.domain.facts import TrackFacts
from linernotes.domain.repair import FIELDS, Columns
from linernotes.domain.track_matching import match_tracks
from linernotes.lake.blocking import GramBlocking
from linernotes.ports.matching import Dataset
from linernotes.usecases.evaluate import repair_tracks

WORDS = ("river", "mountain", "garden", "silver", "thunder", "window", "candle", "harbour")
SOURCES = ("x", "y", "z")
Rows = list[tuple[str, ...]]


def rows() -> dict[str, Rows]:
    """Songs of three sources: one has the artist in the title, one makes errors; some are there twice, some alike."""
    songs: dict[str, Rows] = {source: [] for source in SOURCES}
    for at, (one, other) in enumerate(combinations(WORDS, 2)):
        title, artist, album = f"{one} over {other}", f"the {other}s of {one}", f"{one} {at % 3}"
        seconds, number, year = 120 + 7 * (at % 9), str(1 + at % 4), str(1970 + at % 5)
        songs["x"].append((f"{artist} - {title}", "", album, str(seconds), number, year, "Eng."))
        songs["y"].append((title[:-1] + "x", artist, album, str(1000 * seconds), number, "", "English"))
        songs["z"].append((one if at % 7 else "", artist, "", str(seconds), number, year, ""))
    songs["z"] += songs["z"][:5]
    return songs


def clusters(songs: dict[str, Rows]) -> list[list[TrackFacts]]:
    columns: dict[str, Columns] = {
        source: {field: list(values) for field, values in zip(FIELDS, zip(*own, strict=True), strict=True)}
        for source, own in songs.items()
    }
    truth = {source: [""] * len(own) for source, own in songs.items()}
    _, tracks, _ = repair_tracks(Dataset(columns=columns, truth=truth, order=FIELDS), this_year=2026)
    candidates = GramBlocking().candidates([track.text for track in tracks], [track.source for track in tracks])
    return [[tracks[at] for at in records] for records in match_tracks(tracks, candidates).clusters]


@settings(max_examples=15, deadline=None)
@given(random=st.randoms(use_true_random=False), sources=st.permutations(SOURCES))
def test_records_and_sources_in_any_order_give_the_same_clusters_in_the_same_order(
    random: Random, sources: list[str]
) -> None:
    songs = rows()
    expected = clusters(songs)
    assert max(map(len, expected)) == len(SOURCES)
    shuffled = {source: random.sample(songs[source], len(songs[source])) for source in sources}
    assert clusters(shuffled) == expected
