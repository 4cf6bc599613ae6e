"""The scope of a publication, from settings."""

from collections.abc import Mapping
from dataclasses import replace

from linernotes.errors import WrongUsageError
from linernotes.ports.destinations import Scope, ScopeKind

_FIELDS = ("genre", "style", "country", "label", "artist", "year_from", "year_to")


LICENCES = ("any", "cc0")


def choose_scope(
    kind: str, wanted: Mapping[str, object], *, licence: str = "any", available: frozenset[ScopeKind] = frozenset()
) -> Scope:
    """What is published.

    Args:
        kind: `default` is what the user owns, else what the user plays, else all.
        wanted: The filter: `genre`, `style`, `country`, `label`, `artist` (one value or several), `year_from`,
            `year_to`.
        licence: `cc0` leaves out what may not be published under it; `any` nothing.
        available: Of collection and plays, those that were brought in.

    Raises:
        WrongUsageError: The scope is none, needs a source that was not brought in, or the filter or licence is not
            understood.
    """
    if licence not in LICENCES:
        raise WrongUsageError(f"no licence {licence!r} to publish under; there are: {', '.join(LICENCES)}")
    return replace(_choose(kind, wanted, available), is_cc0=licence == "cc0")


def _choose(kind: str, wanted: Mapping[str, object], available: frozenset[ScopeKind]) -> Scope:
    if kind == "default":
        order = (ScopeKind.COLLECTION, ScopeKind.PLAYS)
        return Scope(kind=next((each for each in order if each in available), ScopeKind.ALL))
    if kind not in set(ScopeKind):
        raise WrongUsageError(f"no scope {kind!r}; there are: default, {', '.join(ScopeKind)}")
    if kind in {ScopeKind.COLLECTION, ScopeKind.PLAYS} and kind not in available:
        raise WrongUsageError(f"no {kind} was brought in yet, so it is no scope; use scope all, or filter")
    return _filter(wanted) if kind == ScopeKind.FILTER else Scope(kind=ScopeKind(kind))


def _filter(wanted: Mapping[str, object]) -> Scope:
    unknown = sorted(set(wanted) - set(_FIELDS))
    if unknown:
        raise WrongUsageError(f"[publish.filter] has no field {unknown[0]!r}; it has: {', '.join(_FIELDS)}")
    if not wanted:
        raise WrongUsageError("scope filter needs a filter: set genre, style, … in [publish.filter], or use scope all")
    return Scope(
        kind=ScopeKind.FILTER,
        genres=_texts(wanted, "genre"),
        styles=_texts(wanted, "style"),
        countries=_texts(wanted, "country"),
        labels=_texts(wanted, "label"),
        artists=_texts(wanted, "artist"),
        first_year=_year(wanted, "year_from"),
        last_year=_year(wanted, "year_to"),
    )


def _texts(wanted: Mapping[str, object], name: str) -> tuple[str, ...]:
    if name not in wanted:
        return ()
    value = wanted[name]
    values = value if isinstance(value, list | tuple) else [value]
    texts = tuple(text.strip() for text in values if isinstance(text, str) and text.strip())
    if not texts or len(texts) < len(values):
        raise WrongUsageError(f"[publish.filter] {name} = {value!r}: one text or a list of texts is wanted")
    return texts


def _year(wanted: Mapping[str, object], name: str) -> int | None:
    value = wanted.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    raise WrongUsageError(f"[publish.filter] {name} = {value!r}: a year is wanted, such as 1959")
