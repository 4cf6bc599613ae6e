"""Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets): dumps have them, raw and as references."""

import re

_RAW = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_REFERENCE = re.compile(rb"&#(?:[xX]0*([0-9a-fA-F]*)|0*([0-9]*));")
_ALLOWED = ({9, 10, 13}, range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
_LONGEST_DIGITS = 7


def remove_forbidden(data: bytes) -> tuple[bytes, int, int]:
    """The bytes without forbidden characters, and how many there were raw and as references."""
    data, raw_count = _RAW.subn(b"", data)
    count = 0

    def keep_allowed(reference: re.Match[bytes]) -> bytes:
        nonlocal count
        if _is_allowed(reference):
            return reference[0]
        count += 1
        return b""

    return _REFERENCE.sub(keep_allowed, data), raw_count, count


def _is_allowed(reference: re.Match[bytes]) -> bool:
    digits, base = (reference[1], 16) if reference[1] is not None else (reference[2], 10)
    if len(digits) > _LONGEST_DIGITS:
        return False
    return any(int(digits or b"0", base) in points for points in _ALLOWED)
