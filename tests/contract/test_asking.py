"""Asking a provider over real HTTP: what is sent, what comes back, and what goes wrong on the way."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import repeat
from socket import socket

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from linernotes.errors import FatalError
from linernotes.ports.providers import Access, MalformedAnswerError, Question
from linernotes.providers.asking import MAX_ANSWER_BYTES, Asker, ClientToken, Credentials, Key, NoCredentials
from linernotes.wire.retrying import AttemptError
from linernotes.wire.web import NotAllowedHostError, Web, make_client
from tests.fakes.raw_server import RawServer, head, raw_server, sends

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
QUESTION = Question(provider="any", path="/track/isrc:GBAAP8300002", parameters={"fmt": "json"}, subjects=())
SECRET = SecretStr("planted-secret")


@pytest.fixture
def raw() -> Iterator[RawServer]:
    with raw_server() as server:
        yield server


def make_web(url: str, *, read_seconds: float = 5.0, other_hosts: tuple[str, ...] = ()) -> Web:
    client = make_client(user_agent="linernotes-test", connect_seconds=1, read_seconds=read_seconds)
    return Web(client, base_url=url, other_hosts=other_hosts, now=lambda: NOW, settings="[providers]")


def asker(url: str, *, credentials: Credentials | None = None, read_seconds: float = 5.0) -> Asker:
    web = make_web(url, read_seconds=read_seconds)
    return Asker(web, url, credentials=credentials or NoCredentials(), now=lambda: NOW)


def test_an_answer_is_kept_as_it_came(httpserver: HTTPServer) -> None:
    body = b'{"title": "Bl\xc3\xbce Monday", "odd": "\xff"}'
    httpserver.expect_oneshot_request("/track/isrc:GBAAP8300002", query_string={"fmt": "json"}).respond_with_data(
        body, status=418, headers={"X-Told": "yes"}, content_type="application/json"
    )
    answer = asker(httpserver.url_for("")).ask(QUESTION)
    assert (answer.status, answer.body, answer.received_at) == (418, body, NOW)
    assert (answer.headers["x-told"], answer.headers["content-type"]) == ("yes", "application/json")


def test_what_was_escaped_in_a_path_stays_escaped(httpserver: HTTPServer) -> None:
    asked = Question(provider="any", path="/track/isrc:..%2Fuser%3Fx", subjects=())
    httpserver.expect_request("/track/isrc:../user?x").respond_with_data(b"whole")
    assert asker(httpserver.url_for("")).ask(asked).body == b"whole"


@pytest.mark.parametrize(
    ("access", "header", "parameter"),
    [
        (Access(header="Authorization", scheme="Token"), "Token planted-secret", None),
        (Access(header="Authorization"), "planted-secret", None),
        (Access(parameter="api_key"), None, "planted-secret"),
    ],
)
def test_a_secret_goes_where_the_provider_looks_for_it(
    httpserver: HTTPServer, access: Access, header: str | None, parameter: str | None
) -> None:
    seen: list[Request] = []
    httpserver.expect_request("/track/isrc:GBAAP8300002").respond_with_handler(remember(seen))
    asker(httpserver.url_for(""), credentials=Key(access, SECRET)).ask(QUESTION)
    assert seen[0].headers.get("Authorization") == header
    assert seen[0].args.get("api_key") == parameter
    assert seen[0].args.get("fmt") == "json"


def remember(seen: list[Request]) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        seen.append(request)
        return Response(b"{}")

    return handle


def test_no_other_host_is_shown_a_secret(httpserver: HTTPServer, raw: RawServer) -> None:
    web = Web(
        make_client(user_agent="linernotes-test", connect_seconds=1, read_seconds=5),
        base_url=httpserver.url_for(""),
        other_hosts=("elsewhere.example",),
        now=lambda: NOW,
        settings="[providers]",
    )
    httpserver.expect_request("/track/isrc:GBAAP8300002").respond_with_data(
        status=307, headers={"Location": f"{raw.url}image"}
    )
    key = Key(Access(header="Authorization", scheme="Token"), SECRET)
    with pytest.raises(NotAllowedHostError, match="not configured"):
        Asker(web, httpserver.url_for(""), credentials=key, now=lambda: NOW).ask(QUESTION)
    assert raw.requests == []


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(sends(b""), id="closed at once"),
        pytest.param(sends(head("200 OK", Content_Length=1000), b'{"title": "Bl'), id="cut in the body"),
        pytest.param(sends(b"HTTP/9.9 what\r\n\r\n"), id="no HTTP"),
        pytest.param(sends(head("200 OK", Content_Encoding="gzip", Content_Length=4), b"oops"), id="no gzip"),
    ],
)
def test_a_line_that_breaks_is_tried_again(raw: RawServer, script: Callable[[socket], object]) -> None:
    raw.answer(script)
    key = Key(Access(parameter="api_key"), SECRET)
    with pytest.raises(AttemptError) as caught:
        asker(raw.url, credentials=key).ask(QUESTION)
    assert SECRET.get_secret_value() not in str(caught.value)


def test_a_server_that_does_not_answer_is_tried_again(raw: RawServer) -> None:
    raw.answer(lambda connection: connection.recv(1))
    with pytest.raises(AttemptError):
        asker(raw.url, read_seconds=0.05).ask(QUESTION)


def test_a_body_without_an_end_is_refused(raw: RawServer) -> None:
    raw.answer(sends(head("200 OK"), *repeat(b"x" * 1_000_000, 2 + MAX_ANSWER_BYTES // 1_000_000)))
    with pytest.raises(MalformedAnswerError, match="is larger than 8,000,000 bytes"):
        asker(raw.url).ask(QUESTION)


def test_a_body_that_inflates_without_an_end_is_not_inflated(raw: RawServer) -> None:
    raw.answer(sends(head("200 OK", Content_Length=2), b"{}"))
    asker(raw.url).ask(QUESTION)
    assert raw.header_of(0, "Accept-Encoding") == "identity"


class Tokens:
    """A host that gives out tokens, and the clock by which they run out."""

    def __init__(self, server: HTTPServer, *bodies: object) -> None:
        self.now = NOW
        self.asked: list[Request] = []
        self._bodies = list(bodies)
        server.expect_request("/api/token", method="POST").respond_with_handler(self._answer)
        web = make_web(server.url_for(""))
        self.client = ClientToken(
            web, server.url_for("/api/token"), client=SecretStr("me:planted-secret"), now=lambda: self.now
        )

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        body = self._bodies.pop(0)
        return body if isinstance(body, Response) else Response(str(body), content_type="application/json")


def test_a_client_is_given_a_token_and_keeps_it(httpserver: HTTPServer) -> None:
    tokens = Tokens(httpserver, '{"access_token": "one", "expires_in": 3600}', '{"access_token": "two"}')
    assert tokens.client.headers() == {"Authorization": "Bearer one"}
    tokens.now += timedelta(seconds=3539)
    assert tokens.client.headers() == {"Authorization": "Bearer one"}
    tokens.now += timedelta(seconds=1)
    assert tokens.client.headers() == {"Authorization": "Bearer two"}
    assert tokens.client.parameters() == {}
    shown = base64.b64encode(b"me:planted-secret").decode()
    assert [request.headers["Authorization"] for request in tokens.asked] == [f"Basic {shown}"] * 2
    assert tokens.asked[0].form.to_dict() == {"grant_type": "client_credentials"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            Response(b'{"error": "invalid_client"}', status=400),
            "gives no token for this client id and secret: HTTP 400",
        ),
        (Response(b"", status=307, headers={"Location": "/elsewhere"}), "may not follow"),
        ('{"token": "planted-secret"}', "answered without a token"),
    ],
)
def test_without_a_token_nothing_is_asked(httpserver: HTTPServer, body: object, message: str) -> None:
    with pytest.raises(FatalError, match=message) as caught:
        Tokens(httpserver, body).client.headers()
    assert "planted-secret" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
