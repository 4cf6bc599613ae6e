"""What all readers of answers share: what statuses mean, and JSON that is checked before it is believed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from linernotes.domain.dates import parse_partial_date
from linernotes.domain.identification import Described
from linernotes.domain.outcomes import Outcome
from linernotes.domain.tempo import parse_bpm
from linernotes.domain.waiting import parse_retry_after
from linernotes.ports.providers import Answer, Finding, MalformedAnswerError, Reading, Subject

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

_REFUSED = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}
)
_FIRST_SERVER_ERROR = 500
_NORTH_POLE, _DATE_LINE = 90.0, 180.0


def _present(value: object) -> object:
    """A list without its nulls, and none for null: services write both for what they do not know."""
    if value is None:
        return ()
    return [one for one in value if one is not None] if isinstance(value, list) else value


Many = Annotated[tuple[T, ...], BeforeValidator(_present)]
"""A list that may be null, or have nulls in it."""


class Body(BaseModel):
    """A part of an answer. What is not named in it is not looked at; what is named has the type it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def read_status(answer: Answer, *, meanings: Mapping[int, Outcome] | None = None) -> Reading | None:
    """What a status means by itself; None for success, whose body says more.

    Args:
        answer: As received.
        meanings: Where a provider uses a status in a way of its own.
    """
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    outcome = (meanings or {}).get(answer.status) or _outcome(answer.status)
    wait = parse_retry_after(answer.headers.get("retry-after"), now=answer.received_at)
    return Reading(outcome=outcome, reason=f"HTTP {answer.status}", wait_seconds=wait)


def _outcome(status: int) -> Outcome:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Outcome.NOT_FOUND
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.QUOTA
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= _FIRST_SERVER_ERROR:
        return Outcome.TRANSIENT
    return Outcome.REFUSED if status in _REFUSED else Outcome.MALFORMED


def parse_body(answer: Answer, model: type[M]) -> M:
    """A JSON body as a model.

    Raises:
        MalformedAnswerError: It is no JSON, or not of that shape; the message names the place, never the value.
    """
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "the answer"
        kind = answer.headers.get("content-type", "no content type").partition(";")[0]
        raise MalformedAnswerError(f"{place}: {first['msg']} ({kind})") from error


def described(subject: Subject) -> Described:
    """A subject as it is held against answers."""
    return Described(name=subject.name, artist=subject.artist, duration_ms=subject.duration_ms)


def found(subject: Subject, values: Mapping[str, str | None], *, match: float = 1.0) -> tuple[Finding, ...]:
    """What an answer says of one subject, by field; None and empty text are no values."""
    return tuple(
        Finding(entity_id=subject.entity_id, field=field, value=value, match=match)
        for field, value in values.items()
        if value
    )


def secure_url(text: str | None) -> str | None:
    """An address that leads over https; None for anything else."""
    scheme, separator, rest = (text or "").strip().partition("://")
    if not separator or scheme.lower() not in ("http", "https") or not rest.isprintable() or " " in rest:
        return None
    return f"https://{rest}"


def tempo(bpm: str | float | None) -> str | None:
    """Beats per minute as text; None for what is no tempo."""
    read = parse_bpm(bpm)
    return None if read is None else str(read)


def point(latitude: float, longitude: float) -> str | None:
    """A point in degrees as text; None for what lies nowhere."""
    is_there = abs(latitude) <= _NORTH_POLE and abs(longitude) <= _DATE_LINE
    return f"{latitude},{longitude}" if is_there else None


def date(text: str | None) -> str | None:
    """A date as it was written; None where nothing of it is known."""
    return text if parse_partial_date(text) else None
