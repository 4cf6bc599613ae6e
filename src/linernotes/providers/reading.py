"""What all readers of answers share: what statuses mean, and JSON that is checked before it is believed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from linernotes.domain.outcomes import Outcome
from linernotes.domain.waiting import parse_retry_after
from linernotes.ports.providers import Answer, MalformedAnswerError, Reading

M = TypeVar("M", bound=BaseModel)

_REFUSED = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}
)
_FIRST_SERVER_ERROR = 500


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
