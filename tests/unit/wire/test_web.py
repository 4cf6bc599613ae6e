"""Which hosts are asked, and what each is shown."""

from datetime import UTC, datetime

import httpx2
import pytest

from linernotes.wire.web import NotAllowedHostError, Web

NOW = datetime(2026, 11, 27, tzinfo=UTC)
START = "https://coverartarchive.org/release/1"


class Hosts:
    """Hosts that lead from one to the next, without a network."""

    def __init__(self, *places: str) -> None:
        self._places = dict(zip((START, *places), places, strict=False))
        self.seen: list[tuple[str, str | None, str | None]] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append((request.url.host, request.headers.get("Authorization"), request.headers.get("Range")))
        place = self._places.get(str(request.url))
        return httpx2.Response(302, headers={"Location": place}) if place else httpx2.Response(200)

    def open(self) -> int:
        client = httpx2.Client(transport=httpx2.MockTransport(self.answer))
        web = Web(client, base_url=START, other_hosts=(".archive.org", "archive.org"), now=lambda: NOW, settings="any")
        with web.open(START, headers={"Range": "bytes=0-"}, private={"Authorization": "secret"}) as response:
            return response.status_code


def test_a_domain_stands_for_all_its_hosts_and_none_is_shown_a_secret() -> None:
    hosts = Hosts("https://archive.org/download/1", "https://ia800.us.archive.org/1/index.json")
    assert hosts.open() == 200
    assert hosts.seen == [
        ("coverartarchive.org", "secret", "bytes=0-"),
        ("archive.org", None, "bytes=0-"),
        ("ia800.us.archive.org", None, "bytes=0-"),
    ]


def test_a_secret_is_shown_again_where_the_way_leads_back() -> None:
    hosts = Hosts("https://archive.org/1", "https://coverartarchive.org/release/2")
    hosts.open()
    assert [secret for _, secret, _ in hosts.seen] == ["secret", None, "secret"]


@pytest.mark.parametrize(
    "place",
    [
        "https://evil-archive.org/1",
        "https://archive.org.evil.example/1",
        "https://archive.org:8443/1",
        "http://archive.org/1",
        "ftp://archive.org/1",
        "file:///etc/passwd",
    ],
)
def test_no_other_host_is_asked(place: str) -> None:
    hosts = Hosts(place)
    with pytest.raises(NotAllowedHostError):
        hosts.open()
    assert len(hosts.seen) == 1
