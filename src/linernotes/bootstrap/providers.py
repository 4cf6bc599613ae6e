"""The providers that there are."""

from collections.abc import Sequence

from linernotes.ports.providers import Provider
from linernotes.providers.acousticbrainz import AcousticBrainz
from linernotes.providers.beatport import Beatport
from linernotes.providers.coverart import CoverArt
from linernotes.providers.deezer import Deezer
from linernotes.providers.discogs import Discogs
from linernotes.providers.genius import Genius
from linernotes.providers.getsongbpm import GetSongBpm
from linernotes.providers.itunes import ITunes
from linernotes.providers.lastfm import LastFm
from linernotes.providers.listenbrainz import ListenBrainz
from linernotes.providers.musicbrainz import MusicBrainz
from linernotes.providers.openweather import OpenWeather
from linernotes.providers.reccobeats import ReccoBeats
from linernotes.providers.spotify import Spotify


def all_providers() -> Sequence[Provider]:
    """Every provider, on or off, in the order of their names."""
    return (
        AcousticBrainz(),
        Beatport(),
        CoverArt(),
        Deezer(),
        Discogs(),
        Genius(),
        GetSongBpm(),
        ITunes(),
        LastFm(),
        ListenBrainz(),
        MusicBrainz(),
        OpenWeather(),
        ReccoBeats(),
        Spotify(),
    )
