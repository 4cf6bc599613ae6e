"""The providers that there are."""

from collections.abc import Mapping, Sequence

from linernotes.ports.providers import Provider, Terms
from linernotes.providers.acousticbrainz import AcousticBrainz
from linernotes.providers.beatport import Beatport
from linernotes.providers.coverart import CoverArt
from linernotes.providers.deezer import Deezer
from linernotes.providers.discogs import Discogs
from linernotes.providers.genius import Genius
from linernotes.providers.geonames import GeoNames
from linernotes.providers.getsongbpm import GetSongBpm
from linernotes.providers.itunes import ITunes
from linernotes.providers.lastfm import LastFm
from linernotes.providers.listenbrainz import ListenBrainz
from linernotes.providers.lyrics import Lyrics
from linernotes.providers.mixesdb import MixesDb
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
        GeoNames(),
        GetSongBpm(),
        ITunes(),
        LastFm(),
        ListenBrainz(),
        Lyrics(),
        MixesDb(),
        MusicBrainz(),
        OpenWeather(),
        ReccoBeats(),
        Spotify(),
    )


def all_terms() -> Mapping[str, Terms]:
    """On what terms each provider's values are taken, by name; those of a source's dumps are the same."""
    return {provider.profile.name: provider.profile.terms for provider in all_providers()}
