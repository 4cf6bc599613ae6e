"""Asking a provider over HTTP: one request, and what came back, as received."""

import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlencode

from pydantic import SecretStr, ValidationError

from linernotes.errors import FatalError
from linernotes.ports.providers import Access, Answer, MalformedAnswerError, Question
from linernotes.providers.reading import Body
from linernotes.wire.web import OversizedBodyError, Web, read_body

MAX_ANSWER_BYTES = 8_000_000
"""The longest real answers, of artists with thousands of relationships, have 2 MB."""
_MAX_TOKEN_BYTES = 100_000
_TOKEN_MARGIN_SECONDS = 60
"""A token is renewed before it runs out under way."""


class Credentials(Protocol):
    """Shows who asks."""

    def headers(self) -> Mapping[str, str]: ...

    def parameters(self) -> Mapping[str, str]: ...


class NoCredentials:
    """For providers that anybody may ask."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def parameters(self) -> Mapping[str, str]:
        return {}


class Key:
    """One secret, in a header or in a parameter."""

    def __init__(self, access: Access, secret: SecretStr) -> None:
        self._access = access
        self._secret = secret

    def headers(self) -> Mapping[str, str]:
        """The header that shows the secret, if one does."""
        if self._access.header is None:
            return {}
        return {self._access.header: f"{self._access.scheme} {self._secret.get_secret_value()}".lstrip()}

    def parameters(self) -> Mapping[str, str]:
        """The parameter that shows the secret, if one does."""
        return {self._access.parameter: self._secret.get_secret_value()} if self._access.parameter else {}


class _Token(Body):
    access_token: str
    expires_in: int = 3600


class ClientToken:
    """A token that client id and secret are exchanged for, kept until it runs out.

    https://datatracker.ietf.org/doc/html/rfc6749#section-4.4
    """

    def __init__(self, web: Web, url: str, *, client: SecretStr, now: Callable[[], datetime]) -> None:
        """Say where, and with what.

        Args:
            web: Asks the host of `url`.
            url: Where tokens are given out.
            client: `<client id>:<client secret>`.
            now: Tells when a token has run out.
        """
        self._web = web
        self._url = url
        self._client = client
        self._now = now
        self._token = ""
        self._valid_until: datetime | None = None

    def headers(self) -> Mapping[str, str]:
        """The token as a header.

        Raises:
            AttemptError: The host of tokens cannot be reached: try again.
            FatalError: It gives none for this client id and secret.
        """
        if self._valid_until is None or self._now() >= self._valid_until:
            self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def parameters(self) -> Mapping[str, str]:
        """None: a token stands in the header."""
        return {}

    def _fetch(self) -> None:
        shown = base64.b64encode(self._client.get_secret_value().encode()).decode()
        with self._web.open(
            self._url, private={"Authorization": f"Basic {shown}"}, form={"grant_type": "client_credentials"}
        ) as response:
            body = read_body(response, limit_bytes=_MAX_TOKEN_BYTES)
            status = response.status_code
        if status != HTTPStatus.OK:
            raise FatalError(f"{self._url} gives no token for this client id and secret: HTTP {status}")
        token = None
        with suppress(ValidationError):  # whose text, and whatever is raised beside it, quotes what was received
            token = _Token.model_validate_json(body)
        if token is None:
            raise FatalError(f"{self._url} answered without a token")
        self._token = token.access_token
        self._valid_until = self._now() + timedelta(seconds=token.expires_in - _TOKEN_MARGIN_SECONDS)


class Asker:
    """Puts the questions of one provider."""

    def __init__(self, web: Web, address: str, *, credentials: Credentials, now: Callable[[], datetime]) -> None:
        """Say who is asked.

        Args:
            web: Asks the provider's host.
            address: What the paths of questions are below.
            credentials: Shows who asks.
            now: Tells when an answer was received.
        """
        self._web = web
        self._address = address.rstrip("/")
        self._credentials = credentials
        self._now = now

    def ask(self, question: Question) -> Answer:
        """What the provider answers, whatever its status.

        Raises:
            AttemptError: Connection cut or refused, timeout: try again.
            MalformedAnswerError: More was sent than any answer has.
            FatalError: The provider leads to a host that is not its own.
        """
        parameters = {**question.parameters, **self._credentials.parameters()}
        url = f"{self._address}{question.path}" + (f"?{urlencode(parameters)}" if parameters else "")
        try:
            with self._web.open(
                url, headers={"Accept": "application/json"}, private=self._credentials.headers()
            ) as response:
                return Answer(
                    status=response.status_code,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=read_body(response, limit_bytes=MAX_ANSWER_BYTES),
                    received_at=self._now(),
                )
        except OversizedBodyError as error:
            raise MalformedAnswerError(str(error)) from error
