"""Settings and what they set agree."""

from linernotes.settings import DiscogsSettings
from linernotes.sources.discogs.landing import LandingSettings


def test_what_is_measured_is_what_people_get() -> None:
    discogs, landing = DiscogsSettings(), LandingSettings()
    assert (landing.threads, landing.chunk_bytes) == (discogs.parse_threads, discogs.chunk_bytes)
    assert landing.limits.drift == discogs.drift_limit
