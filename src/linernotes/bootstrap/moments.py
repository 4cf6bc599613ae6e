"""Times and snapshots as people write them."""

from datetime import datetime

from linernotes.errors import WrongUsageError


def read_snapshot(at: str | None) -> int | datetime | None:
    """A snapshot number or a time; None for now.

    Raises:
        WrongUsageError: It is neither.
    """
    if at is None or at.isdigit():
        return int(at) if at else None
    try:
        return read_moment(at)
    except ValueError:
        raise WrongUsageError(f"--at {at} is no snapshot number and no ISO time, such as 2026-01-31T12:00") from None


def read_moment(text: str) -> datetime:
    """A time with its time zone, that of this machine where none is written.

    Raises:
        ValueError: It is no ISO time.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.astimezone()
