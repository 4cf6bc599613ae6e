"""Blocking: what every way of proposing pairs promises, and what 5-grams find."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linernotes.lake.blocking import LARGEST_FREQUENCY, NEIGHBOURS, GramBlocking
from linernotes.ports.matching import Blocking
from tests.fakes.blocking import EveryPair

BLOCKINGS = [EveryPair(), GramBlocking()]


@pytest.mark.parametrize("blocking", BLOCKINGS, ids=lambda one: type(one).__name__)
@settings(max_examples=10, deadline=None)
@given(records=st.lists(st.tuples(st.text("abcd", max_size=9), st.sampled_from("xyz")), max_size=12))
def test_pairs_are_of_different_sources_and_come_in_order_once(
    blocking: Blocking, records: list[tuple[str, str]]
) -> None:
    texts, sources = [text for text, _ in records], [source for _, source in records]
    pairs = list(blocking.candidates(texts, sources))
    assert pairs == sorted(set(pairs))
    assert all(one < other and sources[one] != sources[other] for one, other in pairs)


@pytest.mark.parametrize("blocking", BLOCKINGS, ids=lambda one: type(one).__name__)
def test_like_texts_of_different_sources_are_proposed(blocking: Blocking) -> None:
    texts = ["thelongandwindingroad", "somethingelse", "longandwindingroad", "letitbe"]
    assert (0, 2) in set(blocking.candidates(texts, ["x", "x", "y", "y"]))


@pytest.mark.parametrize("blocking", BLOCKINGS, ids=lambda one: type(one).__name__)
def test_no_records_have_no_pairs(blocking: Blocking) -> None:
    assert list(blocking.candidates([], [])) == []


def test_texts_without_a_rare_gram_in_common_are_not_proposed() -> None:
    texts = ["abcdefgh", "abcdxefgh", "abcd", "abcd"]
    assert list(GramBlocking().candidates(texts, ["x", "y", "x", "y"])) == []


def test_gram_that_many_share_tells_nothing() -> None:
    texts = [f"remix{chr(0x4E00 + number)}" for number in range(LARGEST_FREQUENCY + 1)]
    sources = ["x", *["y"] * LARGEST_FREQUENCY]
    assert list(GramBlocking().candidates(texts, sources)) == []
    assert len(list(GramBlocking().candidates(texts[:-1], sources[:-1]))) == LARGEST_FREQUENCY - 1


def test_only_the_nearest_are_proposed() -> None:
    texts = ["abcdefghij", *[f"abcdefghij{chr(ord('k') + at) * 5}" for at in range(9)]]
    sources = ["x", *["y"] * 9]
    assert len(list(GramBlocking().candidates(texts, sources))) == 9  # each of the nine proposes the first
    found = list(GramBlocking(neighbours=2).candidates([*texts[1:], texts[0]], [*sources[1:], "x"]))
    assert len(found) == 9
    assert NEIGHBOURS == 6


def test_slices_find_the_same_pairs() -> None:
    texts = [f"{word}{other}" for word in ("river", "mountain", "garden") for other in ("song", "dance", "march")] * 2
    sources = ["x"] * 9 + ["y"] * 9
    whole = list(GramBlocking().candidates(texts, sources))
    assert list(GramBlocking(records_per_slice=2).candidates(texts, sources)) == whole
    assert {(at, at + 9) for at in range(9)} <= set(whole)
