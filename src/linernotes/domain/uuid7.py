"""UUIDv7: ids that sort by the time they were made.

Layout: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7 (48 bits of Unix milliseconds, then 74 random bits).
`uuid.uuid7` of the standard library is younger than the oldest Python that Linernotes runs on.
"""

from uuid import UUID

RANDOM_BITS = 74
_LOW_BITS = 62


def next_ordinal(previous: int, *, unix_ms: int, random_bits: int) -> int:
    """The 122 bits of the next id: greater than `previous`, also within a millisecond or when the clock goes back."""
    ordinal = (unix_ms << RANDOM_BITS) | random_bits
    if ordinal > previous:
        return ordinal
    # A random step, so that two processes that continue from the same id (after a fork) part ways.
    return previous + 1 + (random_bits & 0xFFFF_FFFF)


def to_uuid7(ordinal: int) -> UUID:
    """The id of an ordinal; ids sort as their ordinals do."""
    high, low = ordinal >> _LOW_BITS, ordinal & ((1 << _LOW_BITS) - 1)
    time, sequence = high >> 12, high & 0xFFF
    return UUID(int=(time << 80) | (0x7 << 76) | (sequence << 64) | (0b10 << _LOW_BITS) | low)
