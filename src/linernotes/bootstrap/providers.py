"""The providers that there are."""

from collections.abc import Sequence

from linernotes.ports.providers import Provider
from linernotes.providers.deezer import Deezer


def all_providers() -> Sequence[Provider]:
    """Every provider, on or off, in the order of their names."""
    return (Deezer(),)
