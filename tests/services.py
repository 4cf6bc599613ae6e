"""Web services on loopback, as providers are asked in tests: they send bytes, and note who asked for what."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

SO_WHAT = "USSM15900113"
TRACK_ID = "4vLYewWIvqHfKtJDk8c8tq"
SECRETS = {
    name: f"planted-{name}-secret-7f3a" for name in ("beatport", "discogs", "genius", "getsongbpm", "lastfm")
} | {
    "listenbrainz": "planted-listenbrainz-secret-7f3a",
    "openweather": "planted-openweather-secret-7f3a",
    "spotify": "planted-client-7f3a:planted-spotify-secret-7f3a",
}
TOKEN = "planted-token-7f3a"
FOLDER = Path(__file__).parent / "answers"
ANSWERS: Sequence[tuple[str, str]] = (
    (r"/spotify/search\?.*USSM15900113", "spotify_search"),
    (r"/spotify/tracks/4vLYewWIvqHfKtJDk8c8tq", "spotify_track"),
    (r"/deezer/track/isrc:USSM15900113", "deezer_track"),
    (r"/deezer/", "deezer_none"),
    (r"/acousticbrainz/api/v1/.*/low-level", "acousticbrainz"),
    (r"/beatport/v4/catalog/tracks/\?.*USSM15900113", "beatport"),
    (r"/musicbrainz/isrc/USSM15900113", "musicbrainz_isrc"),
    (r"/musicbrainz/artist/([0-9a-f-]+)", "musicbrainz_artist"),
    (r"/lastfm/2.0/\?.*artist.getinfo.*artist=Miles\+Davis", "lastfm_artist"),
    (r"/lastfm/2.0/\?.*track.getinfo.*track=So\+What", "lastfm_track"),
    (r"/lastfm/", "lastfm_none"),
    (r"/genius/search\?.*So\+What", "genius"),
    (r"/genius/", "genius_none"),
    (r"/coverart/(release|release-group)/([0-9a-f-]+)", "coverart"),
    (r"/discogs/releases/(\d+)", "discogs_release"),
    (r"/listenbrainz/1/metadata/lookup/\?.*So\+What", "listenbrainz"),
    (r"/listenbrainz/", "listenbrainz_none"),
    (r"/openweather/geo/1.0/direct\?.*q=Liverpool", "openweather"),
    (r"/reccobeats/v1/audio-features\?.*4vLYewWIvqHfKtJDk8c8tq", "reccobeats"),
    (r"/getsongbpm/search/\?.*so\+what", "getsongbpm"),
    (r"/getsongbpm/", "getsongbpm_none"),
    (r"/itunes/search\?.*so\+what", "itunes"),
    (r"/itunes/", "itunes_none"),
    (r"/token", "token"),
)
"""Which file of `answers/` is sent for what is asked; anything else is not found. They say what is true of So What, in
the form that each service documents.
"""
PROVIDERS = (
    *("acousticbrainz", "beatport", "coverart", "deezer", "discogs", "genius", "getsongbpm", "itunes", "lastfm"),
    *("listenbrainz", "musicbrainz", "openweather", "reccobeats", "spotify"),
)


@dataclass
class Services:
    """All of them, on one server."""

    server: HTTPServer
    faults: dict[str, list[Response]] = field(default_factory=dict)
    """Responses to send first, by provider."""
    asked: list[str] = field(default_factory=list)
    """Paths and parameters, in the order in which they came."""
    times: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._respond)

    def settings(self, *, on: Sequence[str] = PROVIDERS, per_second: int = 200) -> Mapping[str, str]:
        """The environment in which providers are asked here, those named alone."""
        found = {}
        for name in PROVIDERS:
            prefix = f"LINER_PROVIDERS__{name.upper()}__"
            found[f"{prefix}IS_ON"] = str(name in on).lower()
            found[f"{prefix}ADDRESS"] = self.server.url_for(f"/{name}").rstrip("/")
            found[f"{prefix}REQUESTS_PER_SECOND"] = str(per_second)
            if name in SECRETS:
                found[f"{prefix}SECRET"] = SECRETS[name]
        found["LINER_PROVIDERS__SPOTIFY__TOKEN_ADDRESS"] = self.server.url_for("/token")
        return found

    def count(self, provider: str) -> int:
        """How often a provider was asked."""
        return sum(one.startswith(f"/{provider}/") for one in self.asked)

    def _respond(self, request: Request) -> Response:
        target = request.full_path.rstrip("?")
        with self._lock:
            self.asked.append(target)
            self.times.append(monotonic())
            waiting = self.faults.get(target.split("/")[1], [])
            if waiting:
                return waiting.pop(0)
        if target.startswith("/spotify/audio-features/"):  # as an application in development mode is answered
            return Response('{"error": {"status": 403}}', status=403, content_type="application/json")
        for pattern, name in ANSWERS:
            if found := re.match(pattern, target):
                body = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
                said = re.sub(r"@(\d)", lambda place: found[int(place[1])], body)
                return Response(said, content_type="application/json; charset=utf-8")
        return Response("<html><title>404 Not Found</title></html>", status=404, content_type="text/html")


def most_in_a_window(times: Sequence[float], seconds: float) -> int:
    """How many of some times, oldest first, lie in any window of so many seconds at most."""
    return max(bisect_left(times, time + seconds) - place for place, time in enumerate(times))


@contextmanager
def services() -> Iterator[Services]:
    """The services, for the block."""
    with HTTPServer(threaded=True) as server:
        yield Services(server)
