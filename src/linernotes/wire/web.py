"""Requests to the hosts that are configured, and to no others."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

import httpx2

from linernotes.errors import FatalError
from linernotes.sources.retrying import AttemptError, parse_retry_after

MAX_REDIRECTS = 5
_RETRY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,100})", re.IGNORECASE)


class NotAllowedHostError(FatalError):
    """A redirect or listing led to a host that is not configured."""


class MissingFileError(FatalError):
    """The server says that the file does not exist (404, 410)."""


class RefusedError(FatalError):
    """The server refuses the request for a reason that waiting does not mend."""


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
            other_hosts: Where that host may lead to.
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
    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[httpx2.Response]:
        """Open a response of status 200, 206 or 416, its body not yet read.

        Raises:
            AttemptError: Connection, timeout, or a status that passes: try again.
            FatalError: Not allowed, not found, refused.
        """
        try:
            with self._follow(url, headers or {}) as response:
                self._check_status(response)
                yield response
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise FatalError(f"{url.partition('?')[0]} cannot be asked for: {error}") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            reason = str(error) or type(error).__name__
            raise AttemptError(f"{_shown(url)}: {reason}") from error

    def fetch_page(self, url: str, *, limit_bytes: int) -> bytes:
        """A whole small page.

        Raises:
            FatalError: It is larger than `limit_bytes`; also as `get`.
        """
        body = bytearray()
        with self.get(url) as response:
            if response.status_code != HTTPStatus.OK:
                raise AttemptError(f"{_shown(url)} answered {response.status_code}, not the page")
            for block in response.iter_bytes():
                body += block
                if len(body) > limit_bytes:
                    raise FatalError(
                        f"{_shown(url)} is larger than {limit_bytes:,} bytes, which no listing is; refused"
                    )
        return bytes(body)

    @contextmanager
    def _follow(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        target = self._check_host(httpx2.URL(url))
        for _ in range(MAX_REDIRECTS + 1):
            with self._client.stream("GET", target, headers=dict(headers), follow_redirects=False) as response:
                location = response.headers.get("Location")
                if not (response.is_redirect and location):
                    yield response
                    return
            target = self._check_host(target.join(location))
        raise RefusedError(f"{_shown(url)} was redirected more than {MAX_REDIRECTS} times; refused")

    def _check_host(self, url: httpx2.URL) -> httpx2.URL:
        is_base = (url.host, url.port) == (self._base.host, self._base.port)
        is_other = url.host in self._other_hosts and url.port is None
        is_downgrade = self._base.scheme == "https" and url.scheme != "https"
        if not (is_base or is_other) or is_downgrade or url.scheme not in ("http", "https"):
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
