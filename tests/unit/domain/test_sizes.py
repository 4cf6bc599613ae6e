"""Sizes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.domain.sizes import format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("0", 0),
        ("512", 512),
        ("500MB", 500_000_000),
        ("20 GB", 20_000_000_000),
        ("1.5G", 1_500_000_000),
        ("1GiB", 2**30),
        ("4 KiB", 4096),
        ("3kB", 3000),
        (" 2TB ", 2_000_000_000_000),
        ("7B", 7),
    ],
)
def test_a_size_is_read(text: str, size_bytes: int) -> None:
    assert parse_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1,5GB", "20 giga", "1e9", "1 2"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="500MB or 20GB"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (999_999, "1 MB"),
        (41_234_567_890, "41.2 GB"),
        (2_500_000_000_000, "2.5 TB"),
    ],
)
def test_a_size_is_told_in_three_digits(size_bytes: int, text: str) -> None:
    assert format_size(size_bytes) == text


@given(st.integers(0, 10**14))
def test_a_size_told_and_read_again_is_within_a_percent(size_bytes: int) -> None:
    assert parse_size(format_size(size_bytes)) == pytest.approx(size_bytes, rel=0.01)
