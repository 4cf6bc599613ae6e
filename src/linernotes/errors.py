"""Errors, by what the caller should do: try again, set the record aside, or stop."""


class LinernotesError(Exception):
    """Anything Linernotes reports by itself; the message names the thing, the value and the next step."""

    exit_status = 1


class TransientError(LinernotesError):
    """Try again later: nothing is wrong that time would not mend."""

    exit_status = 75


class RecordError(LinernotesError):
    """One record cannot be used: put it into quarantine and go on."""

    exit_status = 3


class FatalError(LinernotesError):
    """Stop the run and keep what is committed."""


class WrongUsageError(FatalError):
    """The caller asked for something that does not exist or does not fit."""

    exit_status = 2
