"""What SQLite and PostgreSQL report, in our errors: one line with the thing, the reason and the next step."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from linernotes.errors import FatalError, LinernotesError, TransientError
from linernotes.ledger.place import Place

_FULL = "no space left for the ledger {place}; free some, then run the same command again (nothing committed is lost)"
_READ_ONLY = "cannot write the ledger {place} ({why}); make it and its folder writable, or choose another --home"
_DAMAGED = "the ledger {place} is damaged ({why}); move it away and put a copy from the backups in its place"
_LOCKED = "the ledger {place} is locked by another process, for {wait:g} s already; try again when that one is done"
_UNREACHABLE = "cannot reach the ledger {place} ({why}); check that the server runs, then try again"
_REFUSED = "the server refuses the ledger {place} ({why}); check user, password, database and rights"

_SQLITE: tuple[tuple[tuple[str, ...], type[LinernotesError], str], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"), TransientError, _LOCKED),
    (("SQLITE_FULL",), FatalError, _FULL),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"), FatalError, _READ_ONLY),
    (("SQLITE_CORRUPT", "SQLITE_NOTADB"), FatalError, _DAMAGED),
)

# Classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: tuple[tuple[tuple[str, ...], type[LinernotesError], str], ...] = (
    (("55P03", "40001", "40P01"), TransientError, _LOCKED),
    (("53100",), FatalError, _FULL),
    (("08", "53", "57P"), TransientError, _UNREACHABLE),
    (("28", "3D", "42501"), FatalError, _REFUSED),
    (("25006",), FatalError, _READ_ONLY),
    (("XX001", "XX002"), FatalError, _DAMAGED),
)
# A refused connection comes without a code.
_REFUSALS = ("password authentication failed", "does not exist", "no pg_hba.conf entry", "not permitted", "no password")


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn what the database raises in the block into an error of ours."""
    try:
        yield
    except DBAPIError as error:
        raise translate(error, place) from error


def translate(error: DBAPIError, place: Place) -> LinernotesError:
    """The error of ours that says what to do about one of the database."""
    original = error.orig or error
    why = place.without_secrets((str(original).strip() or type(original).__name__).splitlines()[0])
    if isinstance(error, IntegrityError):
        return FatalError(f"the ledger {place} refuses a row that contradicts others ({why})")
    kind, text = _find_kind(original, place)
    return kind(text.format(place=place, why=why, wait=place.wait_seconds))


def _find_kind(original: BaseException, place: Place) -> tuple[type[LinernotesError], str]:
    code = getattr(original, "sqlite_errorname" if place.is_sqlite else "sqlstate", None) or ""
    for codes, kind, text in _SQLITE if place.is_sqlite else _POSTGRES:
        if code.startswith(codes):
            return kind, text
    if not place.is_sqlite and not code:
        is_refused = any(words in str(original) for words in _REFUSALS)
        return (FatalError, _REFUSED) if is_refused else (TransientError, _UNREACHABLE)
    return FatalError, "the ledger {place} failed ({why}); check its disk, then run the same command again"
