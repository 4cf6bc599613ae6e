"""Which records are new, changed, unchanged or gone, in whatever order they come."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linernotes.errors import FatalError
from linernotes.sources.discogs.comparison import Comparison, Verdict


def write_hashes(path: Path, hashes: dict[int, int]) -> Path:
    ids = sorted(hashes)
    columns = {
        "record_id": pa.array(ids, pa.int64()),
        "record_hash": pa.array([hashes[one] for one in ids], pa.uint64()),
    }
    pq.write_table(pa.table(columns), path, row_group_size=5)
    return path


def some_months(seed: int) -> tuple[dict[int, int], dict[int, int]]:
    """Hashes by id of two months; ids far apart and close together, hashes up to the largest."""
    chance = random.Random(seed)
    ids = chance.sample(range(1, 400), 150) + chance.sample(range(10**9, 10**18), 50)
    before = {one: chance.getrandbits(64) for one in ids[:150]}
    after = {one: before[one] for one in ids[20:130]}
    after |= {one: before[one] ^ 1 for one in ids[130:140]} | {one: chance.getrandbits(64) for one in ids[150:]}
    return before, after


def expected(before: dict[int, int], after: dict[int, int]) -> dict[int, Verdict]:
    unchanged = {one: Verdict.UNCHANGED for one in after if before.get(one) == after[one]}
    changed = {one: Verdict.CHANGED for one in after if one in before and before[one] != after[one]}
    return dict.fromkeys(after, Verdict.NEW) | unchanged | changed


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize("order", ["sorted", "reversed", "mixed"])
def test_every_record_is_judged_rightly_in_any_order(tmp_path: Path, seed: int, step: int, order: str) -> None:
    before, after = some_months(seed)
    comparison = Comparison([write_hashes(tmp_path / "before.parquet", before)])
    ids = sorted(after, reverse=order == "reversed")
    if order == "mixed":
        random.Random(seed).shuffle(ids)
    verdicts: dict[int, Verdict] = {}
    for at in range(0, len(ids), step):
        found = comparison.compare([(one, after[one]) for one in ids[at : at + step]])
        verdicts |= dict(zip(ids[at : at + step], found, strict=True))
    assert verdicts == expected(before, after)
    assert comparison.is_in_order is (order == "sorted")
    assert list(comparison.missing()) == [(one, before[one], True) for one in sorted(before.keys() - after.keys())]


def test_without_a_load_before_every_record_is_new_and_none_is_gone() -> None:
    comparison = Comparison([])
    assert comparison.compare([(1, 5), (2, 6)]) == [Verdict.NEW, Verdict.NEW]
    assert list(comparison.missing()) == []
    assert comparison.previous_count is None


def test_a_second_record_with_an_id_is_a_duplicate_however_late_it_comes(tmp_path: Path) -> None:
    comparison = Comparison([write_hashes(tmp_path / "before.parquet", {1: 5, 2: 6})])
    comparison.compare([(1, 5), (2, 6), (3, 7)])
    assert comparison.compare([(1, 5), None, (3, 8)]) == [Verdict.DUPLICATE, Verdict.UNIDENTIFIED, Verdict.DUPLICATE]
    assert comparison.compare_late((2, 6)) is Verdict.DUPLICATE
    assert comparison.compare_late((4, 6)) is Verdict.NEW


@pytest.mark.parametrize(
    ("after", "doubts", "uncertain"),
    [
        ([1, 2, 3, 7, 8], [3], [4, 5, 6]),
        ([1, 2, 3, 7, 8], [7], []),
        ([1, 4, 8], [1], [2, 3]),
        ([1, 4, 8], [1, 4], [2, 3, 5, 6, 7]),
        ([3, 4], [-1], [1, 2]),
        ([3, 4], [4], [5, 6, 7, 8]),
        ([], [-1], [1, 2, 3, 4, 5, 6, 7, 8]),
        ([4, 2], [2], [1, 3, 5, 6, 7, 8]),
    ],
)
def test_an_id_missing_where_something_could_not_be_read_is_not_gone_for_certain(
    tmp_path: Path, after: list[int], doubts: list[int], uncertain: list[int]
) -> None:
    before = {one: one for one in range(1, 9)}
    comparison = Comparison([write_hashes(tmp_path / "before.parquet", before)])
    comparison.compare([(one, one) for one in after])
    for doubt in doubts:
        comparison.doubt(doubt)
    missing = list(comparison.missing())
    assert [one for one, _, is_certain in missing if not is_certain] == uncertain
    assert [one for one, _, _ in missing] == [one for one in before if one not in after]


def test_hashes_that_cannot_be_read_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"nothing")
    with pytest.raises(FatalError, match="cannot read the record hashes of the load before"):
        Comparison([tmp_path / "broken.parquet"])
    with pytest.raises(FatalError, match="cannot read the record hashes of the load before"):
        Comparison([tmp_path / "none.parquet"])
