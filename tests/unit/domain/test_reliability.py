"""How often a provider is right."""

from dataclasses import replace

import pytest

from linernotes.domain.policy import Policy
from linernotes.domain.reliability import ENOUGH, Cell, Reliability, Tally, calibrate, tally_cells

BPM = "recording.tempo_bpm"


def found(*cells: Cell) -> dict[tuple[str, str], tuple[tuple[int, int], tuple[int, int]]]:
    """Right and wrong by people and by others."""
    return {
        (one.field, one.provider): ((one.people.right, one.people.wrong), (one.others.right, one.others.wrong))
        for one in tally_cells(cells)
    }


def test_a_person_says_who_is_right() -> None:
    cell = Cell(field=BPM, said=[("deezer", "136"), ("beatport", "120")], truth="136")
    assert found(cell, cell) == {
        ("tempo_bpm", "beatport"): ((0, 2), (0, 2)),
        ("tempo_bpm", "deezer"): ((2, 0), (0, 2)),
    }


def test_a_provider_alone_is_held_against_people_only() -> None:
    assert found(Cell(field="artist.country", said=[("musicbrainz", "GB")], truth="US")) == {
        ("country", "musicbrainz"): ((0, 1), (0, 0))
    }


def test_most_of_the_others_say_who_is_right() -> None:
    said = [("acousticbrainz", "68"), ("beatport", "136"), ("deezer", "136.2"), ("spotify", "99")]
    assert found(Cell(field=BPM, said=said)) == {
        ("tempo_bpm", "acousticbrainz"): ((0, 0), (1, 0)),
        ("tempo_bpm", "beatport"): ((0, 0), (1, 0)),
        ("tempo_bpm", "deezer"): ((0, 0), (1, 0)),
        ("tempo_bpm", "spotify"): ((0, 0), (0, 1)),
    }


def test_where_others_are_divided_nobody_is_right_or_wrong() -> None:
    said = [("beatport", "136"), ("deezer", "136"), ("spotify", "99")]
    assert found(Cell(field=BPM, said=said)) == {
        ("tempo_bpm", "beatport"): ((0, 0), (0, 0)),
        ("tempo_bpm", "deezer"): ((0, 0), (0, 0)),
        ("tempo_bpm", "spotify"): ((0, 0), (0, 1)),
    }


def test_a_minority_of_the_others_is_not_enough() -> None:
    said = [("a", "136"), ("b", "136"), ("c", "136"), ("d", "99"), ("e", "111"), ("f", "77")]
    assert found(Cell(field=BPM, said=said))["tempo_bpm", "a"] == ((0, 0), (0, 1))


def test_fields_of_several_types_count_together_and_come_in_order() -> None:
    cells = [
        Cell(field="release.genre", said=[("musicbrainz", "Jazz"), ("discogs", "jazz")]),
        Cell(field="artist.genre", said=[("musicbrainz", "Jazz"), ("discogs", "Rock")]),
    ]
    assert list(found(*cells).items()) == [
        (("genre", "discogs"), ((0, 0), (1, 1))),
        (("genre", "musicbrainz"), ((0, 0), (1, 1))),
    ]


def test_a_tally_is_a_posterior_with_its_interval() -> None:
    assert (Tally().total, Tally().mean) == (0, 0.5)
    assert Tally().interval == pytest.approx((0.05, 0.95))
    tally = Tally(right=95, wrong=5)
    assert tally.total == 100
    assert tally.mean == pytest.approx(96 / 102)
    assert tally.interval == pytest.approx((0.898731, 0.973815), abs=1e-6)


def test_people_count_where_they_said_enough() -> None:
    one = Reliability(field="key", provider="deezer", people=Tally(right=ENOUGH - 1), others=Tally(wrong=500))
    assert one.tally == one.others
    sure = replace(one, people=Tally(right=ENOUGH))
    assert sure.tally == sure.people


def test_a_policy_is_proposed_and_all_else_in_it_stays() -> None:
    policy = Policy.from_document(
        {
            "waterfalls": {BPM: [{"provider": "deezer"}]},
            "confidence": {"tempo_bpm": {"deezer": 0.5, "spotify": 0.4}, "key": {"deezer": 0.3}},
            "quality": {"recording": {"weights": {"key": 1}}},
        }
    )
    found_so_far = [
        Reliability(field="tempo_bpm", provider="deezer", people=Tally(), others=Tally(right=95, wrong=5)),
        Reliability(field="tempo_bpm", provider="beatport", people=Tally(right=20), others=Tally()),
        Reliability(field="tempo_bpm", provider="spotify", people=Tally(), others=Tally(right=19)),
        Reliability(field="genre", provider="discogs", people=Tally(), others=Tally(right=10, wrong=10)),
    ]
    assert calibrate(policy, found_so_far) == replace(
        policy,
        confidence={
            "tempo_bpm": {"deezer": 0.94, "spotify": 0.4, "beatport": 0.95},
            "key": {"deezer": 0.3},
            "genre": {"discogs": 0.5},
        },
    )
    assert policy.confidence["tempo_bpm"] == {"deezer": 0.5, "spotify": 0.4}
