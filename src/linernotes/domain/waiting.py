"""How long to wait before asking a server again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from linernotes.domain.numbers import whole_number

FIRST_WAIT_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0


def backoff_seconds(failures: int, *, retry_after_seconds: float | None, jitter: float) -> float:
    """How long to wait after so many failures: doubling, less by `jitter` (0 to 1), never less than the server asks."""
    backoff = min(FIRST_WAIT_SECONDS * 2.0 ** min(failures - 1, 30), LONGEST_BACKOFF_SECONDS)
    return max(backoff * (1 - jitter / 2), retry_after_seconds or 0.0)


def parse_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds of a Retry-After header, from a number or an HTTP date; None where it says nothing of use."""
    seconds = whole_number(value)
    if seconds is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
