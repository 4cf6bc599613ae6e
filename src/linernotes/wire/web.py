"""Requests to the hosts that are configured, and to no others."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

import httpx2

from linernotes.domain.waiting import parse_retry_after
from linernotes.errors import FatalError
from linernotes.wire.retrying import AttemptError

MAX_REDIRECTS = 5
_RETRY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,100})", re.IGNORECASE)


class NotAllowedHostError(FatalError):
    """A redirect or listing led to a host that is not configured."""


class MissingFileError(FatalError):
    """The server says that the file does not exist (404, 410)."""


class RefusedError(FatalError):
    """The server refuses the request for a reason that waiting does not mend."""


class OversizedBodyError(FatalError):
    """More was sent than anything that could be meant has."""


def make_client(*, user_agent: str, connect_seconds: float, read_seconds: float) -> httpx2.Client:
    """A client that asks for bodies as they are and never follows redirects by itself."""
    return httpx2.Client(
        headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(read_seconds, connect=connect_seconds),
        follow_redirects=False,
    )


def page_title(head: bytes) -> str:
    """What a page calls itself, for messages; empty where it has no title."""
    match = _TITLE.search(head[:4000])
    text = match[1].decode("utf-8", "replace").strip() if match else ""
    return "".join(letter for letter in text if letter.isprintable())


def read_body(response: httpx2.Response, *, limit_bytes: int) -> bytes:
    """A whole body.

    Raises:
        OversizedBodyError: It is larger than `limit_bytes`, or has no end.
    """
    body = bytearray()
    for block in response.iter_bytes():
        body += block
        if len(body) > limit_bytes:
            name = _shown(str(response.request.url))
            raise OversizedBodyError(f"{name} is larger than {limit_bytes:,} bytes, which nothing there is; refused")
    return bytes(body)


def _shown(url: str) -> str:
    """An address as messages show it: never with a password or a token, never endless."""
    return str(httpx2.URL(url).copy_with(userinfo=b"", query=None))[:300]


class Web:
    """GET requests that stay on the allowed hosts; failures come as errors that say what to do."""

    def __init__(
        self,
        client: httpx2.Client,
        *,
        base_url: str,
        other_hosts: Collection[str] = (),
        now: Callable[[], datetime],
        settings: str,
    ) -> None:
        """Name the hosts.

        Args:
            client: Asks.
            base_url: Its host is asked.
            other_hosts: Where that host may lead to; `.archive.org` stands for all hosts of that domain.
            now: Turns a Retry-After date into a wait.
            settings: What to look at when the host refuses, for messages.

        Raises:
            FatalError: The base URL is not an http or https address.
        """
        try:
            base = httpx2.URL(base_url)
        except httpx2.InvalidURL as error:
            raise FatalError(f"the base URL {base_url!r} is not an address: {error}") from error
        if base.scheme not in ("http", "https") or not base.host:
            raise FatalError(f"the base URL {base_url!r} is not an http or https address")
        self._client = client
        self._base = base
        self._other_hosts = frozenset(other_hosts)
        self._now = now
        self._settings = settings

    @contextmanager
    def open(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        private: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Iterator[httpx2.Response]:
        """Open a response of any status, its body not yet read.

        Args:
            url: On the base URL's host.
            headers: Sent besides the client's own.
            private: Headers that the base URL's host is sent, and none that it leads to.
            form: Posted, where there is one.

        Raises:
            AttemptError: Connection or timeout: try again.
            FatalError: The host is not allowed, or the address is none.
        """
        try:
            with self._follow(url, headers or {}, private or {}, form) as response:
                yield response
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise FatalError(f"{url.partition('?')[0]} cannot be asked for: {error}") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            reason = str(error) or type(error).__name__
            raise AttemptError(f"{_shown(url)}: {reason}") from error

    @contextmanager
    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[httpx2.Response]:
        """Open a response of status 200, 206 or 416, its body not yet read.

        Raises:
            AttemptError: Connection, timeout, or a status that passes: try again.
            FatalError: Not allowed, not found, refused.
        """
        with self.open(url, headers=headers) as response:
            self._check_status(response)
            yield response

    def fetch_page(self, url: str, *, limit_bytes: int) -> bytes:
        """A whole small page.

        Raises:
            OversizedBodyError: It is larger than `limit_bytes`; also as `get`.
        """
        with self.get(url) as response:
            if response.status_code != HTTPStatus.OK:
                raise AttemptError(f"{_shown(url)} answered {response.status_code}, not the page")
            return read_body(response, limit_bytes=limit_bytes)

    @contextmanager
    def _follow(
        self, url: str, headers: Mapping[str, str], private: Mapping[str, str], form: Mapping[str, str] | None
    ) -> Iterator[httpx2.Response]:
        target = self._check_host(httpx2.URL(url))
        method = "GET" if form is None else "POST"
        for _ in range(MAX_REDIRECTS + 1):
            sent = {**headers, **private} if self._is_base(target) else dict(headers)
            with self._client.stream(method, target, headers=sent, data=form, follow_redirects=False) as response:
                location = response.headers.get("Location")
                if not (response.is_redirect and location):
                    yield response
                    return
            if form is not None:
                raise RefusedError(f"{_shown(url)} leads elsewhere, which what is posted to it may not follow; refused")
            target = self._check_host(target.join(location))
        raise RefusedError(f"{_shown(url)} was redirected more than {MAX_REDIRECTS} times; refused")

    def _is_base(self, url: httpx2.URL) -> bool:
        return (url.host, url.port) == (self._base.host, self._base.port)

    def _is_other(self, url: httpx2.URL) -> bool:
        is_named = any(
            url.host.endswith(host) if host.startswith(".") else url.host == host for host in self._other_hosts
        )
        return is_named and url.port is None

    def _check_host(self, url: httpx2.URL) -> httpx2.URL:
        is_downgrade = self._base.scheme == "https" and url.scheme != "https"
        is_allowed = self._is_base(url) or self._is_other(url)
        if not is_allowed or is_downgrade or url.scheme not in ("http", "https"):
            raise NotAllowedHostError(
                f"the server leads to {url.scheme}://{url.host}, which is not configured; refused"
            )
        return url

    def _check_status(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
            return
        name = _shown(str(response.request.url))
        message = f"{name} answered {status} {response.reason_phrase}".rstrip()
        if status in _RETRY_STATUSES:
            wait = parse_retry_after(response.headers.get("Retry-After"), now=self._now())
            raise AttemptError(message, retry_after_seconds=wait)
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise MissingFileError(f"{message}: it is listed, or was, but is not there")
        raise RefusedError(f"{message}; check {self._settings} in liner.toml")
