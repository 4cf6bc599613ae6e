"""What became of a question to a provider, and when it may be asked again."""

from datetime import datetime, timedelta
from enum import StrEnum

_DOUBLINGS = 5
"""From 1 day to 32."""


class Outcome(StrEnum):
    OK = "ok"
    NOT_FOUND = "not_found"
    """The provider knows nothing of it. Remembered, and asked again ever more rarely."""
    TRANSIENT = "transient"
    """Cut connection, timeout, a server in trouble: try again soon."""
    QUOTA = "quota"
    """The provider is parked until it takes requests again."""
    REFUSED = "refused"
    """It does not answer us this: rights, key, capability. Says nothing about the entity."""
    MALFORMED = "malformed"
    """An answer that cannot be read. Kept, for a reader that can."""


def ask_again_at(asked_at: datetime, not_found_count: int) -> datetime:
    """When to ask once more for what a provider did not know.

    Args:
        asked_at: When it was last asked.
        not_found_count: How often it was asked in a row without success, this time included.

    Returns:
        A day later after the first time, twice as long after each further one, 32 days at most.
    """
    return asked_at + timedelta(days=1 << min(max(not_found_count - 1, 0), _DOUBLINGS))
