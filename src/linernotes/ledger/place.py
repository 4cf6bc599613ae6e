"""Where a ledger is, in words that may be shown."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from linernotes.errors import WrongUsageError

_FORMS = "sqlite:////path/to/ledger.db or postgresql://user@host/database"
_UNQUOTED = ("", "/", " +")  # what different writers of URLs leave as it is; the last is SQLAlchemy's
_SECRET_OPTIONS = ("password", "sslpassword", "passfile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A ledger's address; printing it shows no password."""

    url: URL = field(repr=False)
    wait_seconds: float
    """How long a connection waits for a lock of another process."""
    code_version: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path:
        """The file of a ledger on SQLite."""
        return Path(self.url.database or "").absolute()

    def __str__(self) -> str:
        if self.is_sqlite:
            return str(self.path)
        shown = self.url.set(
            drivername="postgresql",
            query={key: self.url.query[key] for key in ("host", "port") if key in self.url.query},
        )
        return shown.render_as_string(hide_password=True)

    def without_secrets(self, text: str) -> str:
        """Foreign text about this ledger, fit to be shown."""
        values = [self.url.password, *(self.url.query.get(name) for name in _SECRET_OPTIONS)]
        for secret in (value for value in values if isinstance(value, str) and value):
            for spelling in {secret, quote_plus(secret), *(quote(secret, safe=safe) for safe in _UNQUOTED)}:
                text = text.replace(spelling, "***")
        return text


def find_place(url: str, *, wait_seconds: float, code_version: str) -> Place:
    """Read the URL of a ledger.

    Raises:
        WrongUsageError: It is no URL, or of an engine that a ledger cannot be on.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        # `from None`: the foreign message may quote the URL, password included
        raise WrongUsageError(f"the ledger's URL cannot be read; it looks like {_FORMS}") from None
    if backend in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    elif backend != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise WrongUsageError(f"no ledger on {backend!r} of that form; use {_FORMS}")
    return Place(url=parsed, wait_seconds=wait_seconds, code_version=code_version)
