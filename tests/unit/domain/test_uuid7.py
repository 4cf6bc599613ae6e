from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.uuid7 import RANDOM_BITS, next_ordinal, to_uuid7

milliseconds = st.integers(0, 2**47)
randomness = st.integers(0, 2**RANDOM_BITS - 1)


@given(milliseconds, randomness)
def test_an_id_carries_its_time_its_version_and_its_variant(unix_ms: int, random_bits: int) -> None:
    made = to_uuid7(next_ordinal(0, unix_ms=unix_ms, random_bits=random_bits | 1))
    assert (made.int >> 80, made.version, made.variant) == (unix_ms, 7, RFC_4122)


def test_the_example_of_the_standard_comes_out() -> None:
    # RFC 9562, appendix A.6
    ordinal = next_ordinal(0, unix_ms=0x017F22E279B0, random_bits=(0xCC3 << 62) | 0x18C4DC0C0C07398F)
    assert to_uuid7(ordinal) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")


@given(st.lists(st.tuples(milliseconds, randomness), min_size=2, max_size=20))
def test_each_id_is_greater_than_the_one_before_whatever_the_clock_does(ticks: list[tuple[int, int]]) -> None:
    ordinal, ids = 0, []
    for unix_ms, random_bits in ticks:
        ordinal = next_ordinal(ordinal, unix_ms=unix_ms, random_bits=random_bits)
        ids.append(to_uuid7(ordinal))
    assert ids == sorted(set(ids))


def test_the_smallest_step_is_to_the_next_id() -> None:
    assert next_ordinal(41, unix_ms=0, random_bits=0) == 42


@given(milliseconds, randomness, randomness)
def test_two_processes_that_go_on_from_the_same_id_part_ways(unix_ms: int, one: int, other: int) -> None:
    previous = ((unix_ms + 1) << RANDOM_BITS) - 1
    ids = {next_ordinal(previous, unix_ms=unix_ms, random_bits=bits) for bits in (one, other)}
    assert len(ids) == len({one & 0xFFFF_FFFF, other & 0xFFFF_FFFF})


@given(randomness, randomness)
def test_every_bit_of_an_ordinal_stands_in_its_id(one: int, other: int) -> None:
    assert (to_uuid7(one) == to_uuid7(other)) == (one == other)
