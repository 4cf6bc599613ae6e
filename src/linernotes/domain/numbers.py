"""Numbers that strangers send, in headers and listings."""

MAX_DIGITS = 15
"""More digits than any size or wait has; int() of a text of millions is slow."""


def whole_number(text: str | None) -> int | None:
    """A number from 0 to 15 digits long, or None for any other text."""
    stripped = (text or "").strip()
    if stripped.isascii() and stripped.isdigit() and len(stripped) <= MAX_DIGITS:
        return int(stripped)
    return None
