"""Sizes of data, as people write and read them."""

import re

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kKMGT]?)(i?)B?\s*")
_POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4}
_DECIMAL, _BINARY = 1000, 1024


def parse_size(text: str) -> int:
    """Bytes of `500MB`, `20 GB` or `1GiB`; a number alone is bytes.

    Raises:
        ValueError: It is no size.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no size; write it as 500MB or 20GB")
    number, unit, is_binary = match.groups()
    factor: int = (_BINARY if is_binary else _DECIMAL) ** _POWERS[unit]
    return round(float(number) * factor)


def format_size(size_bytes: int) -> str:
    """`41.2 GB`: three digits are enough to decide by."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if round(size) < _DECIMAL:
            return f"{size:.3g} {unit}"
        size /= _DECIMAL
    return f"{size:.3g} TB"
